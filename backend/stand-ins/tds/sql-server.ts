import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { Engine } from './engine.ts';
import type { Login } from './messages.ts';
import type { Answer, Received, SessionHost, TdsServerOptions } from './serving.ts';
import { Session } from './session.ts';
import type { ServerError } from './tokens.ts';

/** A SQL Server for tests and for the demo: TDS 7.4 on a loopback socket. */
export interface TdsServer {
  port: number;
  /** May be changed while it runs. */
  options: TdsServerOptions;
  received: Received[];
  /** Open connections. */
  sessions: number;
  close(): Promise<void>;
}

export async function startTdsServer(options: TdsServerOptions): Promise<TdsServer> {
  const engine = await Engine.open(options.tables ?? []);
  const running = new RunningServer(options, engine);
  await running.listen();
  return running;
}

class RunningServer implements TdsServer, SessionHost {
  port = 0;
  received: Received[] = [];
  private readonly open = new Set<Session>();
  private readonly server: Server;
  private count = 0;

  constructor(
    readonly options: TdsServerOptions,
    readonly engine: Engine,
  ) {
    this.server = createServer({ noDelay: true }, (socket) => {
      this.count += 1;
      const session = new Session(socket, this, `s${this.count}`);
      this.open.add(session);
      socket.once('close', () => this.open.delete(session));
    });
  }

  get sessions(): number {
    return this.open.size;
  }

  async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  note(received: Received): void {
    this.received.push(received);
    if (this.received.length > 1_000) this.received.shift();
  }

  accepts({ user, password, database }: Login): ServerError | undefined {
    if (this.options.refuseLogin !== undefined) return this.options.refuseLogin;
    if (user !== this.options.user || password !== this.options.password) return { number: 18456, severity: 14, message: `Login failed for user '${user}'.` };
    return database === this.options.database ? undefined : { number: 4060, severity: 11, message: `Cannot open database "${database}" requested by the login. The login failed.` };
  }

  answerTo(statement: string): Answer | undefined {
    const found = this.options.answers?.find(({ to, times = 1 }) => times > 0 && to.test(statement));
    if (found === undefined) return undefined;
    if (found.times !== undefined) found.times -= 1;
    return typeof found.answer === 'function' ? found.answer() : found.answer;
  }

  async close(): Promise<void> {
    for (const session of this.open) session.destroy();
    this.server.close();
    await once(this.server, 'close');
    await this.engine.close();
  }
}
