import { xmlDeclaration } from './markup.ts';

const colours = {
  dk1: '000000',
  lt1: 'FFFFFF',
  dk2: '44546A',
  lt2: 'E7E6E6',
  accent1: '4472C4',
  accent2: 'ED7D31',
  accent3: '70AD47',
  accent4: 'FFC000',
  accent5: '5B9BD5',
  accent6: '7B5EA7',
  hlink: '0563C1',
  folHlink: '954F72',
};

/** Table styles and charts take their colours from here; without a theme LibreOffice draws charts in white. */
export function themeXml(): string {
  const scheme = Object.entries(colours).map(([name, colour]) => `<a:${name}><a:srgbClr val="${colour}"/></a:${name}>`);
  const font = '<a:latin typeface="Calibri"/><a:ea typeface=""/><a:cs typeface=""/>';
  const fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'.repeat(3);
  const line = '<a:ln w="6350"><a:solidFill><a:schemeClr val="phClr"/></a:solidFill></a:ln>'.repeat(3);
  const effect = '<a:effectStyle><a:effectLst/></a:effectStyle>'.repeat(3);
  return `${xmlDeclaration}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Office"><a:themeElements>\
<a:clrScheme name="Office">${scheme.join('')}</a:clrScheme>\
<a:fontScheme name="Office"><a:majorFont>${font}</a:majorFont><a:minorFont>${font}</a:minorFont></a:fontScheme>\
<a:fmtScheme name="Office"><a:fillStyleLst>${fill}</a:fillStyleLst><a:lnStyleLst>${line}</a:lnStyleLst>\
<a:effectStyleLst>${effect}</a:effectStyleLst><a:bgFillStyleLst>${fill}</a:bgFillStyleLst></a:fmtScheme>\
</a:themeElements></a:theme>`;
}
