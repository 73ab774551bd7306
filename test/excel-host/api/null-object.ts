/** What `…OrNullObject` answers: each member of it is a null object again. */
export class NullObject {}

export const nullObject = new NullObject();
