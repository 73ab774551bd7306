import { columnLetters } from './model/address.ts';
import type { Workbook } from './model/workbook.ts';

const shownRows = 26;
const shownColumns = 10;

/** The page that plays Excel: a picture of the sheet, and the pane in a frame, with messages carried both ways. */
export function hostPage(paneAddress: string, paneWidth: number): string {
  return `<!doctype html><html><head><meta charset="utf-8"><title>Книга1 - Excel</title><style>
body{margin:0;font:13px Calibri,'Liberation Sans',sans-serif;display:flex;height:100vh;color:#222;background:#fff}
#sheet{flex:1;overflow:hidden}#sheet table{border-collapse:collapse;table-layout:fixed}
#sheet td,#sheet th{border:1px solid #d4d4d4;height:21px;padding:0 4px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;max-width:170px}
#sheet th{background:#f3f3f3;font-weight:400;color:#555;min-width:30px}#sheet .head{background:#156082;color:#fff;font-weight:700}#sheet .band{background:#c0e4f5}
#sheet .number{text-align:right}#tabs{padding:6px 12px;border-top:1px solid #d4d4d4}#tabs b{color:#107c41}
iframe{border:0;border-left:1px solid #d4d4d4;width:${paneWidth}px;height:100%}
</style></head><body><div id="sheet"></div><iframe title="Tasksheet" src="${escapeHtml(paneAddress)}"></iframe><script>
const frame = document.querySelector('iframe');
window.drawSheet = (html) => { document.getElementById('sheet').innerHTML = html; };
window.tellPane = (text) => frame.contentWindow.postMessage(text, '*');
window.addEventListener('message', async (event) => {
  if (event.source !== frame.contentWindow || typeof event.data !== 'string') return;
  const answer = await window.answerPane(event.data);
  if (answer) event.source.postMessage(answer, event.origin);
});
</script></body></html>`;
}

/** The active sheet's upper left corner, as HTML: for screenshots, not for checks. */
export function sheetPicture(workbook: Workbook): string {
  const sheet = workbook.activeSheet;
  const letters = Array.from({ length: shownColumns }, (_column, index) => `<th>${columnLetters(index)}</th>`).join('');
  const lines = Array.from({ length: shownRows }, (_row, row) => {
    const cells = Array.from({ length: shownColumns }, (_column, column) => {
      const table = sheet.tables.find(({ area }) => row >= area.row && row < area.row + area.rows && column >= area.column && column < area.column + area.columns);
      const look = !table ? '' : table.isHeader(row, column) ? 'head' : (row - table.area.row) % 2 === 1 ? 'band' : '';
      const number = typeof sheet.cells.get(row, column)?.value === 'number' ? ' number' : '';
      return `<td class="${look}${number}">${escapeHtml(sheet.text(row, column).slice(0, 60))}</td>`;
    }).join('');
    return `<tr><th>${row + 1}</th>${cells}</tr>`;
  }).join('');
  const tabs = workbook.worksheets.map(({ name }) => (name === sheet.name ? `<b>${escapeHtml(name)}</b>` : escapeHtml(name))).join(' &nbsp; ');
  return `<table><tr><th></th>${letters}</tr>${lines}</table><div id="tabs">${tabs}</div>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
