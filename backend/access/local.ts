import { abilities, type Access } from './access.ts';

/** Whoever runs the command line as the user that owns the data: everything is theirs already. */
export function localAccess(): Access {
  return { person: 'command-line', role: 'local', may: new Set(abilities), groups: 'all' };
}
