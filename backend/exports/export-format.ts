import type { Readable } from 'node:stream';
import type { Language, LocalText } from '../../shared/language.ts';
import type { Chart, ResultColumn } from '../../shared/result.ts';
import type { LinkFormat, Provenance } from '../../shared/run.ts';

/** How the workbench is asked for the rows of a stored result; it formats them itself. */
export interface RowsOptions {
  format: 'JSONCompactEachRow' | 'CSV' | 'CSVWithNames';
  select: { expression: string; name: string }[];
  settings: Record<string, string | number>;
}

/** A stored result that goes into a file. `columns` are those that its reader may see, in order. */
export interface ExportedResult {
  title: LocalText;
  columns: ResultColumn[];
  totalRows: number;
  /** Size of the rows as JSON text, where it is known. */
  bytes?: number;
  chart?: Chart;
  /** What was mended in the result and should be known. */
  notices?: LocalText[];
  /** Bytes of its rows in stored order. The stream fails when the engine fails in the middle. */
  open(options: RowsOptions): Promise<Readable>;
}

/** For a file that goes to somebody outside: what stands there instead of internal names. */
export interface PartnerNote {
  title: string;
  /** The period in words: `1–31 октября 2026`. */
  period?: string;
}

export interface ExportRequest {
  results: ExportedResult[];
  provenance: Provenance;
  /** Present: a clean file for a partner. */
  partner?: PartnerNote;
  language: Language;
  /** IANA name of the company's time zone. */
  timeZone: string;
  signal: AbortSignal;
}

/** One kind of file. */
export interface ExportFormat {
  id: LinkFormat;
  /** With its point: `.xlsx`. */
  extension: string;
  mimeType: string;
  /** How many results of a run one file holds; with `one`, the first is taken. */
  holds: 'one' | 'all';
  /** The file as a stream of bytes, which fails with a Problem, and never just ends, when it cannot be whole. */
  write(request: ExportRequest): Promise<Readable>;
}
