import { chartXml, drawingXml } from './chart-part.ts';
import { escapeXml } from './cell-text.ts';
import { contentTypesXml, mainNamespace, relationsNamespace, relationsXml, xmlDeclaration, type Relation } from './markup.ts';
import { tableXml } from './table-part.ts';
import { themeXml } from './theme-part.ts';
import type { PlannedChart, PlannedPart, PlannedResult, WorkbookPlan } from './workbook-plan.ts';

export interface Part {
  path: string;
  xml: string;
}

const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const coreProperties = 'http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties';

/** The parts that stand before the sheets: readers that guess a file's type look at the first one. */
export function headParts(plan: WorkbookPlan): Part[] {
  const sheets = sheetNames(plan);
  const relations: Relation[] = [
    ...sheets.map((_, index) => ({ type: 'worksheet', target: `worksheets/sheet${index + 1}.xml` })),
    { type: 'styles', target: 'styles.xml' },
    { type: 'theme', target: 'theme/theme1.xml' },
  ];
  return [
    { path: '[Content_Types].xml', xml: contentTypesXml(contentTypes(plan)) },
    {
      path: '_rels/.rels',
      xml: relationsXml([
        { type: 'officeDocument', target: 'xl/workbook.xml' },
        { type: coreProperties, target: 'docProps/core.xml' },
      ]),
    },
    { path: 'docProps/core.xml', xml: coreXml(plan) },
    { path: 'xl/workbook.xml', xml: workbookXml(sheets) },
    { path: 'xl/_rels/workbook.xml.rels', xml: relationsXml(relations) },
    { path: 'xl/styles.xml', xml: plan.stylesXml },
    { path: 'xl/theme/theme1.xml', xml: themeXml() },
  ];
}

/** The table and the chart of one sheet. */
export function sheetParts(result: PlannedResult, part: PlannedPart, sheet: number, chart: PlannedChart | undefined): Part[] {
  const relations: Relation[] = [{ type: 'table', target: `../tables/table${sheet}.xml` }];
  const parts = [{ path: `xl/tables/table${sheet}.xml`, xml: tableXml(sheet, result.headers, part.rows) }];
  if (chart) {
    relations.push({ type: 'drawing', target: `../drawings/drawing${sheet}.xml` });
    parts.push(
      { path: `xl/drawings/drawing${sheet}.xml`, xml: drawingXml(result.columns.length) },
      { path: `xl/drawings/_rels/drawing${sheet}.xml.rels`, xml: relationsXml([{ type: 'chart', target: `../charts/chart${sheet}.xml` }]) },
      { path: `xl/charts/chart${sheet}.xml`, xml: chartXml(chart, result.headers, part) },
    );
  }
  return [...parts, { path: `xl/worksheets/_rels/sheet${sheet}.xml.rels`, xml: relationsXml(relations) }];
}

function sheetNames(plan: WorkbookPlan): string[] {
  return [...plan.results.flatMap(({ parts }) => parts.map(({ sheetName }) => sheetName)), plan.noteSheetName];
}

function contentTypes(plan: WorkbookPlan): { path: string; type: string }[] {
  const drawn = plan.results.flatMap(({ parts, chart }) => parts.map((_, index) => chart !== undefined && index === 0));
  const ofSheets = drawn.flatMap((hasChart, index) => [
    { path: `xl/worksheets/sheet${index + 1}.xml`, type: `${spreadsheet}.worksheet+xml` },
    { path: `xl/tables/table${index + 1}.xml`, type: `${spreadsheet}.table+xml` },
    ...(hasChart ? drawingTypes(index + 1) : []),
  ]);
  return [
    { path: 'docProps/core.xml', type: 'application/vnd.openxmlformats-package.core-properties+xml' },
    { path: 'xl/workbook.xml', type: `${spreadsheet}.sheet.main+xml` },
    { path: 'xl/styles.xml', type: `${spreadsheet}.styles+xml` },
    { path: 'xl/theme/theme1.xml', type: 'application/vnd.openxmlformats-officedocument.theme+xml' },
    ...ofSheets,
    { path: `xl/worksheets/sheet${drawn.length + 1}.xml`, type: `${spreadsheet}.worksheet+xml` },
  ];
}

function drawingTypes(sheet: number): { path: string; type: string }[] {
  return [
    { path: `xl/drawings/drawing${sheet}.xml`, type: 'application/vnd.openxmlformats-officedocument.drawing+xml' },
    { path: `xl/charts/chart${sheet}.xml`, type: 'application/vnd.openxmlformats-officedocument.drawingml.chart+xml' },
  ];
}

function workbookXml(sheets: string[]): string {
  const lines = sheets.map((name, index) => `<sheet name="${escapeXml(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`);
  return `${xmlDeclaration}<workbook xmlns="${mainNamespace}" xmlns:r="${relationsNamespace}"><bookViews><workbookView/></bookViews><sheets>${lines.join('')}</sheets></workbook>`;
}

function coreXml({ documentTitle, documentAuthor, createdAt }: WorkbookPlan): string {
  const author = documentAuthor === '' ? '' : `<dc:creator>${escapeXml(documentAuthor)}</dc:creator>`;
  const created = Number.isNaN(Date.parse(createdAt)) ? '' : `<dcterms:created xsi:type="dcterms:W3CDTF">${new Date(createdAt).toISOString()}</dcterms:created>`;
  return `${xmlDeclaration}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\
<dc:title>${escapeXml(documentTitle)}</dc:title>${author}${created}</cp:coreProperties>`;
}
