import { invalidArgument } from '../refusal.ts';
import { RangeReference } from '../model/range.ts';

/** The arguments of a call, read with a check. */
export class Arguments {
  private readonly values: unknown[];

  constructor(values: unknown[]) {
    this.values = values;
  }

  any(index: number): unknown {
    return this.values[index] ?? undefined;
  }

  text(index: number): string {
    const value = this.values[index];
    if (typeof value !== 'string') throw invalidArgument(`argument ${index + 1} is text, not ${JSON.stringify(value)}`);
    return value;
  }

  optionalText(index: number): string | undefined {
    return this.any(index) === undefined ? undefined : this.text(index);
  }

  number(index: number, otherwise?: number): number {
    const value = this.values[index] ?? otherwise;
    if (typeof value !== 'number') throw invalidArgument(`argument ${index + 1} is a number, not ${JSON.stringify(value)}`);
    return value;
  }

  flag(index: number, otherwise = false): boolean {
    return Boolean(this.values[index] ?? otherwise);
  }

  /** A range given as an object or as an address. */
  range(index: number, read: (address: string) => RangeReference): RangeReference {
    const value = this.values[index];
    return value instanceof RangeReference ? value : read(this.text(index));
  }
}

/** What one class of the Excel API knows here. Names are those of the documentation. */
export interface Api<T extends object> {
  name: string;
  /** Present for classes that the library finds again by id after a sync. */
  id?: (self: T) => string | number;
  get?: Record<string, (self: T) => unknown>;
  set?: Record<string, (self: T, value: unknown) => void>;
  /** Properties that are objects. */
  open?: Record<string, (self: T) => object>;
  call?: Record<string, (self: T, given: Arguments) => unknown>;
  /** Of a collection. `item` answers `undefined` for an unknown key. */
  items?: (self: T) => object[];
  item?: (self: T, key: string | number) => object | undefined;
}

/** An API whose objects are of a type that only its own functions know. */
export type AnyApi = Api<object>;

const apis = new Map<unknown, AnyApi>();

/** Declares what objects of a class answer. */
export function describe<T extends object>(type: abstract new (...given: never[]) => T, api: Api<T>): void {
  // Safe: execute.ts looks an API up by the constructor of the very object that it then hands to it.
  apis.set(type, api as unknown as AnyApi);
}

export function apiOf(object: object): AnyApi {
  const api = apis.get(object.constructor);
  if (!api) throw new Error(`No API is described for ${object.constructor.name}`);
  return api;
}
