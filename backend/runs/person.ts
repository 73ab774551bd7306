import type { Access } from '../access/access.ts';

/** Somebody who is signed in: who they are and what they may do. */
export interface Person {
  id: string;
  access: Access;
}
