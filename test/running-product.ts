import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../backend/config.ts';
import { answerCommands, newLocalToken } from '../backend/command/carry-out.ts';
import { openLog, type Log } from '../backend/log.ts';
import { openProduct, serverOf, shipped, type Product, type ProductOptions } from '../backend/product.ts';
import { ApiClient } from './api-client.ts';

export interface RunningProduct {
  product: Product;
  address: string;
  api: ApiClient;
  directory: string;
  /** A copy of the sample catalog that a test may change. */
  catalog: string;
  log: string[];
  close(): Promise<void>;
}

/** The sample's size in tests: 2,000 users, 8,000 cards, 100,000 events. */
export const testScale = 0.02;

/** The real product on real engines in a folder of its own, listening on loopback. */
export async function startProduct(options: Partial<ProductOptions> & { environment?: Record<string, string>; directory?: string } = {}): Promise<RunningProduct> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'tasksheet-test-')));
  const catalog = join(directory, 'catalog');
  if (options.directory === undefined) await cp(shipped.catalog, catalog, { recursive: true });
  const lines: string[] = [];
  const log: Log = openLog((line) => lines.push(line));
  const config = readConfig({ TASKSHEET_DATA: join(directory, 'data'), TASKSHEET_CATALOG: catalog, ...options.environment });
  const product = await openProduct(config, { version: 'test', log, status: () => undefined, sample: true, sampleScale: testScale, demo: true, ...options });
  const token = newLocalToken();
  const server: Server = createServer(serverOf(product, (app) => answerCommands(app, product, token)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  product.setAddress(address);
  await product.publish({ url: address, token });
  return {
    product,
    address,
    api: new ApiClient(address),
    directory,
    catalog,
    log: lines,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await product.close();
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}
