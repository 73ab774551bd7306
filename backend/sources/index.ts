import { workbenchSource } from './workbench.ts';

/** Every kind of source. A new one is a file beside this, and a line here. */
export const sourceKinds = [workbenchSource];
