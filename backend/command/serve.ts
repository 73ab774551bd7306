import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Problem } from '../../shared/problem.ts';
import { ConfigFaults, type Config } from '../config.ts';
import { openLog } from '../log.ts';
import { openProduct, serverOf, type Product } from '../product.ts';
import { answerCommands, newLocalToken } from './carry-out.ts';
import type { ExitCode } from './command.ts';
import { logUnhandledRejections } from './unhandled-rejections.ts';

export interface ServeOptions {
  version: string;
  signal: AbortSignal;
  /** The sample company and its people; loopback only. */
  demo?: boolean;
  /** Told once everything answers. */
  onReady?: (address: string, product: Product) => void;
  status?: (text: string) => void;
}

function cannotListen({ host, port }: Config, cause: unknown): Problem {
  const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
  return taken
    ? new Problem('conflict', { ru: `Порт ${port} занят другой программой. Задайте другой: TASKSHEET_PORT=3001.`, en: `Port ${port} is taken by another program. Choose another: TASKSHEET_PORT=3001.` }, { cause })
    : new Problem('not_ready', { ru: `Нельзя слушать ${host}:${port}. Проверьте TASKSHEET_HOST и TASKSHEET_PORT.`, en: `Cannot listen on ${host}:${port}. Check TASKSHEET_HOST and TASKSHEET_PORT.` }, { cause });
}

async function listen(config: Config, product: Product, token: string): Promise<{ server: Server; address: string }> {
  const app = serverOf(product, (server) => answerCommands(server, product, token));
  const server = config.tls === undefined ? createHttpServer(app) : createHttpsServer({ cert: await readFile(config.tls.certificate), key: await readFile(config.tls.key) }, app);
  server.listen(config.port, config.host);
  await once(server, 'listening').catch((error: unknown) => {
    throw cannotListen(config, error);
  });
  // A large upload over a slow line takes longer than Node's five minutes; headers alone must still come soon.
  server.requestTimeout = 3_600_000;
  const { port } = server.address() as AddressInfo;
  const host = config.host === '127.0.0.1' || config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host;
  return { server, address: `${config.tls === undefined ? 'http' : 'https'}://${host}:${port}` };
}

/** Runs the product until the signal: engines, workers, server. Requests under way get two seconds to end. */
export async function serve(config: Config, options: ServeOptions): Promise<ExitCode> {
  if (options.demo !== true && config.catalogDirectory === undefined && config.catalogGit === undefined) throw new ConfigFaults(["TASKSHEET_CATALOG: serve needs the folder of your catalog, or TASKSHEET_CATALOG_GIT its git remote (demo uses the sample company's)"]);
  const log = openLog();
  logUnhandledRejections(log);
  const product = await openProduct(config, { version: options.version, log, status: options.status ?? (() => undefined), sample: options.demo === true, demo: options.demo === true });
  const token = newLocalToken();
  const { server, address } = await listen(config, product, token).catch(async (error: unknown) => {
    await product.close();
    throw error;
  });
  product.setAddress(config.publicUrl ?? address);
  await product.publish({ url: address.replace('localhost', '127.0.0.1'), token });
  log.info('ready', { address });
  options.onReady?.(address, product);
  const ended = Promise.race([options.signal.aborted ? Promise.resolve() : once(options.signal, 'abort'), product.lost]);
  await ended;
  log.info('stopping');
  server.close();
  setTimeout(() => server.closeAllConnections(), 2_000).unref();
  await product.close();
  return options.signal.aborted ? 0 : 1;
}
