export { ColumnObserver, type ColumnFacts } from './column-facts.ts';
export { openCsv } from './csv-file.ts';
export { loadTable, rawColumn, type LoadTarget } from './load-table.ts';
export { openTableFile } from './open-table-file.ts';
export { ProgramObserver, type ProgramFacts } from './program-facts.ts';
export { fileExpression, programExpression } from './read-expression.ts';
