export { gitPerson } from './git-person.ts';
export { readAuthoringTarget, type AuthoringTarget } from './authoring-target.ts';
export { writeDraft, type Draft } from './draft-file.ts';
export { wordsOf, type Proposal } from './proposal.ts';
export { proposeFields, type Proposals } from './propose-fields.ts';
export { readQueryFile } from './read-query.ts';
