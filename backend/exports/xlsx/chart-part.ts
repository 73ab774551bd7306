import { escapeXml } from './cell-text.ts';
import { columnLetters } from './column-markup.ts';
import { relationsNamespace, xmlDeclaration } from './markup.ts';
import type { PlannedChart, PlannedPart } from './workbook-plan.ts';

const drawingNamespace = 'http://schemas.openxmlformats.org/drawingml/2006';
const chartNamespace = `${drawingNamespace}/chart`;
/** Columns and rows that the chart covers. */
const size = { columns: 9, rows: 20 };

/** Where the chart stands: right of the table, below the header. */
export function drawingXml(tableColumns: number): string {
  const left = tableColumns + 1;
  const corner = (name: string, column: number, row: number): string =>
    `<xdr:${name}><xdr:col>${column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>${row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:${name}>`;
  return `${xmlDeclaration}<xdr:wsDr xmlns:xdr="${drawingNamespace}/spreadsheetDrawing" xmlns:a="${drawingNamespace}/main">\
<xdr:twoCellAnchor>${corner('from', left, 1)}${corner('to', left + size.columns, 1 + size.rows)}\
<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Chart 1"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>\
<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="${chartNamespace}">\
<c:chart xmlns:c="${chartNamespace}" xmlns:r="${relationsNamespace}" r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame>\
<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>`;
}

/** A native chart over the sheet's own cells. */
export function chartXml(chart: PlannedChart, headers: string[], part: PlannedPart): string {
  const shown = chart.kind === 'pie' ? chart.y.slice(0, 1) : chart.y;
  const series = shown.map((column, index) => seriesXml({ index, column, chart, headers, part }));
  const { element, before, after } = shapes[chart.kind];
  const axes = chart.kind === 'pie' ? '' : axesXml(chart.kind === 'bar', escapeXml(chart.xFormat));
  const ids = chart.kind === 'pie' ? '' : '<c:axId val="1"/><c:axId val="2"/>';
  return `${xmlDeclaration}<c:chartSpace xmlns:c="${chartNamespace}" xmlns:a="${drawingNamespace}/main" xmlns:r="${relationsNamespace}">\
<c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:t>${escapeXml(chart.title)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>\
<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/><c:${element}>${before}${series.join('')}${after}${ids}</c:${element}>${axes}</c:plotArea>\
<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend><c:plotVisOnly val="1"/></c:chart></c:chartSpace>`;
}

interface Series {
  index: number;
  column: number;
  chart: PlannedChart;
  headers: string[];
  part: PlannedPart;
}

function seriesXml({ index, column, chart, headers, part }: Series): string {
  const sheet = `'${part.sheetName.replaceAll("'", "''")}'`;
  const cells = (of: number): string => escapeXml(`${sheet}!$${columnLetters(of)}$2:$${columnLetters(of)}$${part.rows + 1}`);
  const categories = chart.xIsText ? 'strRef' : 'numRef';
  const name = escapeXml(`${sheet}!$${columnLetters(column)}$1`);
  return `<c:ser><c:idx val="${index}"/><c:order val="${index}"/>\
<c:tx><c:strRef><c:f>${name}</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>${escapeXml(headers[column] ?? '')}</c:v></c:pt></c:strCache></c:strRef></c:tx>\
<c:cat><c:${categories}><c:f>${cells(chart.x)}</c:f></c:${categories}></c:cat><c:val><c:numRef><c:f>${cells(column)}</c:f></c:numRef></c:val>${chart.kind === 'line' ? '<c:smooth val="0"/>' : ''}</c:ser>`;
}

const grouping = (value: string): string => `<c:grouping val="${value}"/><c:varyColors val="0"/>`;
const shapes: Record<PlannedChart['kind'], { element: string; before: string; after: string }> = {
  column: { element: 'barChart', before: `<c:barDir val="col"/>${grouping('clustered')}`, after: '<c:gapWidth val="60"/>' },
  bar: { element: 'barChart', before: `<c:barDir val="bar"/>${grouping('clustered')}`, after: '<c:gapWidth val="60"/>' },
  line: { element: 'lineChart', before: grouping('standard'), after: '<c:marker val="1"/>' },
  area: { element: 'areaChart', before: grouping('standard'), after: '' },
  pie: { element: 'pieChart', before: '<c:varyColors val="1"/>', after: '<c:firstSliceAng val="0"/>' },
};

const noTicks = '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>';

function axesXml(lying: boolean, xFormat: string): string {
  const [categories, values] = lying ? ['l', 'b'] : ['b', 'l'];
  const scaling = `<c:scaling><c:orientation val="${lying ? 'maxMin' : 'minMax'}"/></c:scaling>`;
  return `<c:catAx><c:axId val="1"/>${scaling}<c:delete val="0"/><c:axPos val="${categories}"/><c:numFmt formatCode="${xFormat}" sourceLinked="0"/>\
${noTicks}<c:tickLblPos val="low"/><c:crossAx val="2"/><c:crosses val="autoZero"/></c:catAx>\
<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="${values}"/><c:majorGridlines/>\
<c:numFmt formatCode="General" sourceLinked="1"/>${noTicks}<c:tickLblPos val="nextTo"/><c:crossAx val="1"/><c:crosses val="${lying ? 'max' : 'autoZero'}"/></c:valAx>`;
}
