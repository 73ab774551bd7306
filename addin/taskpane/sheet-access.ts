import { usePane } from './pane-context.tsx';

/** What the pane may ask of the workbook; absent in a plain browser. */
export interface SheetAccess {
  /** Selected cells as pasted text: a line for each. */
  readSelection(): Promise<string>;
}

export function useSheet(): SheetAccess | undefined {
  usePane();
  return undefined;
}
