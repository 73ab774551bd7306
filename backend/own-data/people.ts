import type { OwnViewMaker } from './own-data.ts';

/** Everyone who has access, with their role. */
export const people: OwnViewMaker = ({ catalog }) => ({
  name: 'people',
  columns: [
    { name: 'person', engineType: 'String' },
    { name: 'role', engineType: 'String' },
  ],
  rows: async function* () {
    // Runs know people by this spelling.
    for (const [person, role] of Object.entries(catalog.access().people)) yield [person.trim().toLowerCase(), role];
  },
});
