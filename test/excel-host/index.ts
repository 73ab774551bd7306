export { ExcelHost, payloadLimit, type Sync } from './host.ts';
export { Workbook, type Change } from './model/workbook.ts';
export type { Worksheet } from './model/worksheet.ts';
export type { Table } from './model/table.ts';
export { serialOf } from './model/entry.ts';
export { loadOfficeInNode, type CustomFunctionsLibrary, type NodeOffice } from './office-in-node.ts';
export type { FunctionOutcome } from './runtime.ts';
export { launchChromium, startExcelHost, type ExcelHostOptions, type WebExcel } from './web-host.ts';
