import { languageOf, type Language } from '../../shared/language.ts';

/** What the pane needs to know about the program that shows it. */
export interface Host {
  /** True inside Excel, false in a plain browser. */
  excel: boolean;
  language: Language;
  /** Excel's theme, where it tells one; otherwise the system's choice is followed. */
  dark: boolean | undefined;
  /** Storage of one place: Excel on the web and a tab of our own do not share it. */
  storagePrefix: string;
  /** Opens an address outside the pane: a file to download, a page. */
  openOutside(url: string): void;
}

/** Excel may be slow to answer; a page that nothing announces as a pane is not kept waiting. */
const answerMilliseconds = { announced: 10_000, unannounced: 500 };

/** Asks Office.js who shows the page. In a plain browser it may never answer, so it is not waited for. */
export async function findHost(): Promise<Host> {
  const excel = await insideExcel();
  const context = excel ? Office.context : undefined;
  return {
    excel,
    language: languageOf(context?.displayLanguage ?? navigator.language),
    dark: darkTheme(context?.officeTheme),
    storagePrefix: `${context?.partitionKey ?? ''}tasksheet.`,
    openOutside: excel ? openFromExcel : openFromBrowser,
  };
}

async function insideExcel(): Promise<boolean> {
  if (typeof Office === 'undefined') return false;
  const patience = hostAnnounced() ? answerMilliseconds.announced : answerMilliseconds.unannounced;
  const answer = await Promise.race([Office.onReady(), new Promise<undefined>((resolve) => setTimeout(resolve, patience))]);
  return answer?.host === Office.HostType.Excel;
}

/** The places where Office.js itself finds out who shows the page. */
function hostAnnounced(): boolean {
  const external = (window as { external?: { GetHostInfo?: unknown } }).external;
  return (
    `${window.location.search}${window.location.hash}`.includes('_host_Info') ||
    window.name.includes('hostInfo') ||
    sessionStorage.getItem('hostInfoValue') !== null ||
    external?.GetHostInfo !== undefined ||
    'agaveHost' in window
  );
}

function darkTheme(theme: Office.OfficeTheme | undefined): boolean | undefined {
  const colour = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(theme?.bodyBackgroundColor ?? '');
  if (colour === null) return undefined;
  const [red, green, blue] = colour.slice(1).map((part) => Number.parseInt(part, 16));
  return 0.299 * (red ?? 0) + 0.587 * (green ?? 0) + 0.114 * (blue ?? 0) < 128;
}

function openFromExcel(url: string): void {
  if (Office.context.requirements.isSetSupported('OpenBrowserWindowApi', '1.1')) Office.context.ui.openBrowserWindow(url);
  else window.open(url, '_blank', 'noopener');
}

function openFromBrowser(url: string): void {
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.rel = 'noopener';
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
}
