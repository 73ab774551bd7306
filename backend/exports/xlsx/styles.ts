import { textFormat } from '../../../shared/number-format.ts';
import { escapeXml } from './cell-text.ts';
import { mainNamespace, xmlDeclaration } from './markup.ts';

const firstOwnFormat = 164;
const builtInFormats: Record<string, number> = { [textFormat]: 49, '#,##0.00': 4 };

/** The list of cell styles of one workbook: cells name them by number. */
export class Styles {
  readonly header: number;
  readonly text: number;
  /** Text that begins like a formula: stays text when somebody edits the cell. */
  readonly guarded: number;
  readonly noteLabel: number;
  readonly noteTitle: number;
  readonly noteText: number;
  readonly #cells: string[] = [];
  readonly #formats: string[] = [];
  readonly #known = new Map<string, number>();

  constructor() {
    this.#add(cellStyle({}));
    this.header = this.#add(cellStyle({ font: 1, alignment: '<alignment vertical="top" wrapText="1"/>' }));
    this.text = this.format(textFormat);
    this.guarded = this.#add(cellStyle({ format: 49, quotePrefix: true }));
    this.noteLabel = this.#add(cellStyle({ font: 1, alignment: '<alignment vertical="top" wrapText="1"/>' }));
    this.noteTitle = this.#add(cellStyle({ font: 2, format: 49 }));
    this.noteText = this.#add(cellStyle({ format: 49, quotePrefix: true, alignment: '<alignment vertical="top" wrapText="1"/>' }));
  }

  /** The style of cells with this number format; `null` = General. */
  format(format: string | null): number {
    if (format === null) return 0;
    const known = this.#known.get(format);
    if (known !== undefined) return known;
    const style = this.#add(cellStyle({ format: this.#formatId(format) }));
    this.#known.set(format, style);
    return style;
  }

  xml(): string {
    const formats = this.#formats.map((format, index) => `<numFmt numFmtId="${firstOwnFormat + index}" formatCode="${escapeXml(format)}"/>`);
    const numFmts = formats.length > 0 ? `<numFmts count="${formats.length}">${formats.join('')}</numFmts>` : '';
    return `${xmlDeclaration}<styleSheet xmlns="${mainNamespace}">${numFmts}${fonts}${fills}${borders}\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="${this.#cells.length}">${this.#cells.join('')}</cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>\
<dxfs count="0"/><tableStyles count="0" defaultTableStyle="TableStyleMedium2" defaultPivotStyle="PivotStyleLight16"/></styleSheet>`;
  }

  #add(xml: string): number {
    return this.#cells.push(xml) - 1;
  }

  #formatId(format: string): number {
    return builtInFormats[format] ?? firstOwnFormat + this.#formats.push(format) - 1;
  }
}

interface CellStyle {
  format?: number;
  font?: number;
  quotePrefix?: boolean;
  alignment?: string;
}

function cellStyle({ format = 0, font = 0, quotePrefix = false, alignment }: CellStyle): string {
  const applied = `${format > 0 ? ' applyNumberFormat="1"' : ''}${font > 0 ? ' applyFont="1"' : ''}${alignment ? ' applyAlignment="1"' : ''}`;
  const start = `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="0" xfId="0"${quotePrefix ? ' quotePrefix="1"' : ''}${applied}`;
  return alignment ? `${start}>${alignment}</xf>` : `${start}/>`;
}

const font = (extra: string, size = 11): string => `<font>${extra}<sz val="${size}"/><name val="Calibri"/><family val="2"/></font>`;
const fonts = `<fonts count="3">${font('')}${font('<b/>')}${font('<b/>', 14)}</fonts>`;
const fills = '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>';
const borders = '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>';
