import { freeSheetName } from '../../../shared/sheet-name.ts';

/** Gives out names for the sheets of one workbook, each once. */
export class SheetNames {
  readonly #taken: string[] = [];

  take(wanted: string): string {
    const name = freeSheetName(wanted, this.#taken);
    this.#taken.push(name);
    return name;
  }
}
