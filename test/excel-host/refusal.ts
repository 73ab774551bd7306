/** Excel refuses a call. Code and wording as Excel answers them; `why` is for the reader of a failed test. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}

export function invalidArgument(why: string): Refusal {
  return new Refusal('InvalidArgument', `The argument is invalid or missing or has an incorrect format. (${why})`);
}

export function itemNotFound(what: string): Refusal {
  return new Refusal('ItemNotFound', `The requested resource doesn't exist. (${what})`);
}

/** The simulation lacks this member: a test must never pass because a call was ignored. */
export class UnknownCall extends Refusal {
  constructor(member: string) {
    super('ApiNotFound', `The simulated Excel does not know ${member}. Add it to test/excel-host/api.`);
    this.name = 'UnknownCall';
  }
}
