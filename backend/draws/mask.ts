/** An id for a public list: its owner knows it, others can't use it. Of an e-mail address the name is masked. */
export function maskId(id: string): string {
  const [name = '', ...domain] = id.split('@');
  const characters = [...name];
  const kept = characters.length >= 7 ? 2 : characters.length >= 4 ? 1 : 0;
  const masked = `${characters.slice(0, kept).join('')}***${kept === 0 ? '' : characters.slice(-kept).join('')}`;
  return domain.length === 0 ? masked : `${masked}@${domain.join('@')}`;
}
