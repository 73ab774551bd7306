/** Where the catalog is pulled from. */
export interface CatalogAddress {
  /** As git takes it, with whatever password stands in it. */
  url: string;
  /** The one way of transport that git may use, also after a redirect. */
  protocol: 'https' | 'ssh' | 'file';
  branch: string;
}

const branchName = /^(?!.*(?:\.\.|\/\/|@\{|\.lock(?:\/|$)))[A-Za-z0-9_][\w./+-]*(?<![./])$/;
const ofHost = /^(?:[\w.-]+@)?[A-Za-z0-9][\w.-]*:(?!\/\/)[\w~/][^\s#]*$/;
const https = /^https:\/\/[^\s#]+$/;
const ssh = /^ssh:\/\/(?!-)[^\s#]+$/;
const onDisk = /^file:\/\/\/[^\s#]+$/;

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== '';
  } catch {
    return false;
  }
}

function protocolOf(url: string): CatalogAddress['protocol'] | undefined {
  if (https.test(url)) return URL.canParse(url) && isDecodable(url) ? 'https' : undefined;
  if (ssh.test(url) && !/^ssh:\/\/([^/@]*@)?-/.test(url)) return 'ssh';
  if (onDisk.test(url)) return 'file';
  return ofHost.test(url) ? 'ssh' : undefined;
}

/** `https://git.company.example/catalog.git#main`; `main` when no branch is named; `undefined` for what is none. */
export function catalogAddress(text: string): CatalogAddress | undefined {
  const [url = '', branch = 'main', ...more] = text.split('#');
  const protocol = protocolOf(url);
  return protocol === undefined || more.length > 0 || !branchName.test(branch) ? undefined : { url, protocol, branch };
}

/** For people and logs: without name and password. */
export function shownAddress({ url, branch }: CatalogAddress): string {
  return `${url.replace(/^(\w+:\/\/)[^/]*@/, '$1')}#${branch}`;
}
