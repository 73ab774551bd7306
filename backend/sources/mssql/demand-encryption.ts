import { ConnectionError, type Connection } from 'tedious';

/** The step of the driver's login that begins TLS if the server has said that it wants it. */
interface Negotiating {
  performTlsNegotiation?: (prelogin: { encryptionString?: string }, signal: AbortSignal) => Promise<void>;
}

/**
 * Refuses a server that says it has no encryption. With `encrypt: true` the driver itself goes on in plain text then, and
 * so whoever sits in between could have the password by answering so.
 */
export function demandEncryption(connection: Connection): void {
  const negotiating = connection as unknown as Negotiating;
  const negotiate = negotiating.performTlsNegotiation?.bind(connection);
  if (negotiate === undefined) throw new TypeError('tedious has no performTlsNegotiation any more: its encryption cannot be demanded');
  negotiating.performTlsNegotiation = async (prelogin, signal) => {
    if (!['ON', 'REQ'].includes(prelogin.encryptionString ?? '')) throw new ConnectionError('The server does not offer encryption, which encrypt: true demands.', 'EENCRYPT');
    await negotiate(prelogin, signal);
  };
}
