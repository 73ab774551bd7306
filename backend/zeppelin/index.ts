export { findNotes, type FoundNote } from './note-files.ts';
export { remarkLines, reportPage, summaryLine, type NoteOutcome } from './report.ts';
export { readTarget, writeImport, writeReport, type Target, type WriteOptions } from './write-import.ts';
