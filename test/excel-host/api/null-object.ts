/** What `…OrNullObject` answers: each member of it is a null object again. */
export class NullObject {
  readonly isNullObject = true;
}

export const nullObject = new NullObject();
