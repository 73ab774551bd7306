import { Problem } from '../../../shared/problem.ts';
import { columnWidths } from './column-widths.ts';
import { LineCursor } from './line-cursor.ts';
import { lateNotes, type Findings } from './late-notes.ts';
import { noteSheetXml } from './note-sheet.ts';
import { headParts, sheetParts } from './package-parts.ts';
import { sheetEnd, sheetStart } from './sheet-part.ts';
import { SheetWriter } from './sheet-writer.ts';
import type { PlannedPart, PlannedResult, WorkbookPlan } from './workbook-plan.ts';
import { ZipWriter } from './zip-writer.ts';

const linesForWidths = 200;

export interface WorkbookSource {
  /** The rows of the next result, as bytes of `JSONCompactEachRow`. */
  nextRows(): AsyncIterable<Uint8Array>;
}

/** Writes a whole workbook, in one pass over the rows. Fails when they are not as many as the plan says. */
export async function writeWorkbook(plan: WorkbookPlan, source: WorkbookSource, emit: (bytes: Uint8Array) => Promise<void>): Promise<void> {
  const zip = new ZipWriter(emit);
  const findings: Findings = { cut: 0, mended: false };
  for (const { path, xml } of headParts(plan)) await zip.addText(path, xml);
  let sheet = 0;
  for (const result of plan.results) {
    const lines = new LineCursor(source.nextRows());
    for (const part of result.parts) {
      sheet++;
      await writeSheet({ zip, plan, result, part, sheet, lines, findings });
    }
    if (await lines.more()) throw wrongCount(result.totalRows, 'more');
    findings.mended ||= lines.mended;
  }
  const note = [...plan.note, ...lateNotes(plan, findings)];
  await zip.addText(`xl/worksheets/sheet${sheet + 1}.xml`, noteSheetXml(note, plan.style));
  await zip.finish();
}

interface SheetWork {
  zip: ZipWriter;
  plan: WorkbookPlan;
  result: PlannedResult;
  part: PlannedPart;
  /** From 1, in the order of the workbook. */
  sheet: number;
  lines: LineCursor;
  findings: Findings;
}

async function writeSheet({ zip, plan, result, part, sheet, lines, findings }: SheetWork): Promise<void> {
  const chart = part === result.parts[0] ? result.chart : undefined;
  await lines.more();
  const widths = columnWidths(result.headers, result.columns.map(({ kind }) => kind), lines.peek(linesForWidths));
  const entry = await zip.openEntry(`xl/worksheets/sheet${sheet}.xml`, part.large);
  const writer = new SheetWriter(result.columns, plan.style.guarded, (block, done) => entry.write(block, done));
  await writer.add(sheetStart(result, part, { widths, headerStyle: plan.style.header, selected: sheet === 1 }));
  await writer.addRows(lines, 2, part.rows);
  if (writer.rows < part.rows) throw wrongCount(result.totalRows, 'fewer');
  await writer.add(sheetEnd(result, part, chart !== undefined));
  await writer.end();
  await entry.close();
  findings.cut += writer.cut;
  for (const { path, xml } of sheetParts(result, part, sheet, chart)) await zip.addText(path, xml);
}

function wrongCount(expected: number, came: 'more' | 'fewer'): Problem {
  return new Problem('interrupted', {
    ru: `Строк пришло ${came === 'more' ? 'больше' : 'меньше'}, чем в результате (${expected}). Файл не создан, попробуйте ещё раз.`,
    en: `${came === 'more' ? 'More' : 'Fewer'} rows came than the result has (${expected}). No file was made, please try again.`,
  });
}
