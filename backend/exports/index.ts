import type { LinkFormat } from '../../shared/run.ts';
import { csvSystems } from './csv-systems.ts';
import { csv } from './csv.ts';
import type { ExportFormat } from './export-format.ts';
import { xlsx } from './xlsx.ts';

export type { ExportedResult, ExportFormat, ExportRequest, PartnerNote, RowsOptions } from './export-format.ts';
export { contentDisposition, safeFileName } from './file-name.ts';

/** Every kind of file that a result can be downloaded as. */
export const exportFormats: Record<LinkFormat, ExportFormat> = { xlsx, csv, 'csv-systems': csvSystems };
