import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { Engine, type ServedTable } from './engine.ts';
import type { Login, SentParameter } from './messages.ts';
import { Session } from './session.ts';
import type { ServerError } from './tokens.ts';
import type { WireColumn, WireValue } from './types.ts';

/** What is answered instead of the engine's answer, for faults and for types that the engine lacks. */
export interface Answer {
  columns?: WireColumn[];
  rows?: Iterable<WireValue[]>;
  /** Packets of a whole answer, made beforehand by `encodedAnswer`. */
  packets?: Buffer;
  /** How the answer ends after its rows: `silence` says nothing more, `cut` closes the connection, an error follows. */
  then?: 'done' | 'silence' | 'cut' | ServerError;
}

/** What a client has sent, for tests to look at. */
export interface Received {
  kind: 'login' | 'batch' | 'call' | 'bulk' | 'attention' | 'fault';
  text: string;
  parameters?: SentParameter[];
  rows?: number;
}

export interface TdsServerOptions {
  user: string;
  password: string;
  database: string;
  tables?: ServedTable[];
  /** First answer whose pattern fits a statement; `times` limits how often. */
  answers?: { to: RegExp; answer: Answer | (() => Answer); times?: number }[];
  /** An error instead of a login. */
  refuseLogin?: ServerError;
  /** Says that it wants encryption, and speaks TLS with this key and certificate. */
  tls?: { key: string; cert: string };
  /** An attention is not answered. */
  ignoreAttention?: boolean;
  /** Rights of the login besides reading: INSERT, UPDATE, DELETE, ALTER, EXECUTE, sysadmin. */
  rights?: string[];
}

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

/** The parts of the server that its sessions use. */
export interface SessionHost {
  options: TdsServerOptions;
  engine: Engine;
  note(received: Received): void;
  accepts(login: Login): ServerError | undefined;
  answerTo(statement: string): Answer | undefined;
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
