import type { ResultColumn } from '../../shared/result.ts';
import { quotedName } from './column-name.ts';
import { fileOfRows, firstResult } from './csv-stream.ts';
import type { ExportFormat, RowsOptions } from './export-format.ts';

/** CSV for programs: UTF-8, comma, ISO dates, the columns' own names, values exactly as they are. */
export const csvSystems: ExportFormat = {
  id: 'csv-systems',
  extension: '.csv',
  mimeType: 'text/csv; charset=utf-8',
  holds: 'one',
  write: async (request) => {
    const result = firstResult(request);
    return fileOfRows(result, systemsCsv(result.columns), '');
  },
};

export function systemsCsv(columns: ResultColumn[]): RowsOptions {
  return {
    format: 'CSVWithNames',
    select: columns.map(({ name }) => ({ expression: quotedName(name), name })),
    settings: {
      format_csv_delimiter: ',',
      format_csv_null_representation: '',
      output_format_csv_crlf_end_of_line: 0,
      date_time_output_format: 'simple',
    },
  };
}
