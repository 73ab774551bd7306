import type { Language } from '../../shared/language.ts';
import type { LinkFormat, Run } from '../../shared/run.ts';
import type { Backend } from '../backend.ts';
import type { Host } from './host.ts';

const downloadSeconds = 900;

interface FileRequest {
  run: Run;
  format: LinkFormat;
  /** One result of several; all of them when absent. */
  result?: string;
  language: Language;
}

/** The pane's own download: a link that lives for a quarter of an hour, opened at once. */
export async function downloadFile({ backend, host }: { backend: Backend; host: Host }, { run, format, result, language }: FileRequest): Promise<void> {
  const { url } = await backend.call('link', {
    params: { id: run.id },
    body: { format, locale: language, expiresIn: downloadSeconds, ...(result === undefined ? {} : { result }) },
  });
  host.openOutside(`${new URL(url, window.location.href).href}/file`);
}

/** False where the browser keeps the clipboard from the pane, as Excel on the web may. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
