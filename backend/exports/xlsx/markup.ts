export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
export const mainNamespace = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
export const relationsNamespace = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageNamespace = 'http://schemas.openxmlformats.org/package/2006';

export interface Relation {
  /** `worksheet`, `table`, … or a whole address. */
  type: string;
  target: string;
}

/** A `.rels` part; relations are named rId1, rId2, … in their order. */
export function relationsXml(relations: Relation[]): string {
  const lines = relations.map(({ type, target }, index) => {
    const address = type.includes(':') ? type : `${relationsNamespace}/${type}`;
    return `<Relationship Id="rId${index + 1}" Type="${address}" Target="${target}"/>`;
  });
  return `${xmlDeclaration}<Relationships xmlns="${packageNamespace}/relationships">${lines.join('')}</Relationships>`;
}

/** Parts of a package by path, with their content type. */
export function contentTypesXml(parts: { path: string; type: string }[]): string {
  const lines = parts.map(({ path, type }) => `<Override PartName="/${path}" ContentType="${type}"/>`);
  return `${xmlDeclaration}<Types xmlns="${packageNamespace}/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>${lines.join('')}</Types>`;
}
