import { mssqlSource } from '../../backend/sources/mssql.ts';
import type { Source } from '../../backend/sources/source.ts';
import type { TdsServerOptions } from '../../backend/stand-ins/tds/serving.ts';
import { startTdsServer, type TdsServer } from '../../backend/stand-ins/tds/sql-server.ts';
import type { Workbench } from '../../backend/workbench/workbench.ts';

export const login = { user: 'reader', password: 'pässword\u{1F600}', database: 'crm' };

/** A stand-in and sources on it, closed together. */
export class ServerUnderTest {
  private readonly sources: Source[] = [];

  private constructor(
    readonly server: TdsServer,
    private readonly workbench: Workbench,
  ) {}

  static async start(workbench: Workbench, options: Partial<TdsServerOptions> = {}): Promise<ServerUnderTest> {
    return new ServerUnderTest(await startTdsServer({ ...login, ...options }), workbench);
  }

  source(settings: Record<string, unknown> = {}, timeZone = 'Europe/Moscow'): Source {
    const given = mssqlSource.settings.parse({ server: '127.0.0.1', port: this.server.port, ...login, encrypt: false, ...settings });
    const source = mssqlSource.open(given, { name: 'crm', workbench: this.workbench, timeZone });
    this.sources.push(source);
    return source;
  }

  async close(): Promise<void> {
    await Promise.all(this.sources.map((source) => source.close()));
    await this.server.close();
  }
}
