/** Saves a short text as a file, with the mark that Windows programs know UTF-8 by. */
export function saveText({ name, text }: { name: string; text: string }): void {
  const address = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/plain;charset=utf-8' }));
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(address);
}
