import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { EngineFailure } from './engine.ts';
import { MessageReader, packets, packetType, preloginAnswer, readBatch, readBulk, readCall, readLogin, readPrelogin, type Call, type Message, type SentParameter } from './messages.ts';
import type { Answer, SessionHost } from './serving.ts';
import { secured } from './tls-handshake.ts';
import { attentionToken, columnsToken, endTokens, errorToken, loginTokens, rowWriter, type ServerError } from './tokens.ts';
import type { WireColumn, WireValue } from './types.ts';

const firstPacketBytes = 4_096;
const chunkBytes = 64 * 1_024;
const encryption = { off: 0, on: 1, notSupported: 2 };

/** One client's connection. */
export class Session {
  private readonly reader = new MessageReader(firstPacketBytes);
  private readonly waiting: Message[] = [];
  private stream: Duplex;
  private packetBytes = firstPacketBytes;
  private working = false;
  private signedIn = false;
  private attention = false;
  private wake: () => void = () => undefined;
  private bulkTarget: { table: string; columns: string[] } | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly host: SessionHost,
    private readonly name: string,
  ) {
    this.stream = socket;
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.wake();
      if (this.signedIn) void this.host.engine.endSession(this.name).catch(() => undefined);
    });
    this.listen();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private listen(): void {
    this.stream.on('data', (bytes: Buffer) => {
      try {
        for (const message of this.reader.take(bytes)) this.accept(message);
      } catch (error) {
        this.fault(error);
      }
    });
  }

  private fault(error: unknown): void {
    this.host.note({ kind: 'fault', text: error instanceof Error ? error.message : String(error) });
    this.destroy();
  }

  private accept(message: Message): void {
    if (message.type !== packetType.attention) {
      this.waiting.push(message);
      if (!this.working) void this.work();
      return;
    }
    this.host.note({ kind: 'attention', text: '' });
    if (this.host.options.ignoreAttention === true) return;
    this.attention = true;
    this.wake();
    if (!this.working) void this.acknowledge();
  }

  private async work(): Promise<void> {
    this.working = true;
    try {
      for (let message = this.waiting.shift(); message !== undefined; message = this.waiting.shift()) {
        await this.carryOut(message);
        if (this.attention) await this.acknowledge();
      }
    } catch (error) {
      this.fault(error);
    }
    this.working = false;
  }

  private async acknowledge(): Promise<void> {
    this.attention = false;
    await this.send(attentionToken(), true);
  }

  private async carryOut({ type, body, ignored }: Message): Promise<void> {
    if (type === packetType.prelogin) return this.greet(body);
    if (type === packetType.login) return this.signIn(body);
    if (!this.signedIn) throw new TypeError('a request came before the login');
    if (ignored) return this.send(endTokens('batch', undefined, true), true);
    if (type === packetType.bulk) return this.takeBulk(body);
    if (type === packetType.batch) return this.batch(readBatch(body).trim());
    if (type === packetType.call) return this.call(readCall(body));
    throw new TypeError(`a message of type 0x${type.toString(16)}`);
  }

  private async greet(body: Buffer): Promise<void> {
    const { tls } = this.host.options;
    const asked = readPrelogin(body).encryption;
    const wanted = tls === undefined ? encryption.notSupported : encryption.on;
    await this.send(preloginAnswer(wanted), true);
    if (tls === undefined || asked === encryption.notSupported) return;
    this.socket.removeAllListeners('data');
    this.stream = await secured(this.socket, tls);
    this.listen();
  }

  private async signIn(body: Buffer): Promise<void> {
    const login = readLogin(body);
    this.host.note({ kind: 'login', text: `${login.user} ${login.database} ${login.application}${login.readOnly ? ' ReadOnly' : ''}` });
    const refused = this.host.accepts(login);
    if (refused !== undefined) {
      await this.send(Buffer.concat([errorToken(refused), endTokens('batch', undefined, true)]), true);
      this.socket.end();
      return;
    }
    this.signedIn = true;
    await this.send(loginTokens(login.database, login.packetBytes), true);
    this.packetBytes = login.packetBytes;
    this.reader.mostPacketBytes = login.packetBytes;
  }

  private async batch(text: string): Promise<void> {
    this.host.note({ kind: 'batch', text });
    const bulk = /^insert bulk (\[[^\]]+\]|\S+?)\s*\((.*)\)$/is.exec(text);
    if (bulk !== null) {
      this.bulkTarget = { table: bulk[1] ?? '', columns: [...(bulk[2] ?? '').matchAll(/\[([^\]]+)\] \w/g)].map(([, column]) => column ?? '') };
      return this.send(endTokens('batch', undefined), true);
    }
    await this.answered('batch', text, async () => {
      if (!/^(set|if|begin|commit|rollback) /i.test(text)) await this.host.engine.execute(text, this.name);
      return undefined;
    });
  }

  private async takeBulk(body: Buffer): Promise<void> {
    const { columns, rows } = readBulk(body);
    const target = this.bulkTarget;
    if (target === undefined) throw new TypeError('rows of a bulk load came without INSERT BULK');
    this.host.note({ kind: 'bulk', text: `${target.table} (${columns.map(({ name, declared }) => `${name} ${declared}`).join(', ')})`, rows: rows.length });
    if (columns.map(({ name }) => name).join() !== target.columns.join()) throw new TypeError('the columns of a bulk load differ from those of INSERT BULK');
    await this.host.engine.bulk(target.table, target.columns, rows, this.name);
    await this.send(endTokens('batch', rows.length), true);
  }

  private async call({ procedure, parameters }: Call): Promise<void> {
    if (procedure !== 'sp_executesql') return this.failed('procedure', { number: 2812, message: `Could not find stored procedure '${procedure}'.` });
    const [statement, declarations, ...values] = parameters;
    const text = String(statement?.value);
    this.host.note({ kind: 'call', text, parameters: values });
    const mismatch = undeclared(String(declarations?.value ?? ''), values);
    if (mismatch !== undefined) return this.failed('procedure', { number: 8178, message: mismatch });
    await this.answered('procedure', text, () => this.engineAnswer(text, values));
  }

  private async engineAnswer(text: string, values: SentParameter[]): Promise<Answer> {
    if (/^EXEC sys\.sp_describe_first_result_set\b/.test(text)) return this.description(values);
    if (text.includes('HAS_PERMS_BY_NAME')) return this.rights();
    return this.host.engine.query(text, values, this.name);
  }

  private async description(values: SentParameter[]): Promise<Answer> {
    const valueOf = (name: string): string => String(values.find((value) => value.name === name)?.value ?? '');
    const declared = declarationsOf(valueOf('@params')).map(({ name, type }) => ({ name, declared: type, value: null }));
    const columns = await this.host.engine.describe(valueOf('@tsql'), declared, this.name);
    return {
      columns: [
        { name: 'is_hidden', type: 'bit', nullable: false },
        { name: 'column_ordinal', type: 'int', nullable: false },
        { name: 'name', type: 'nvarchar(128)' },
        { name: 'is_nullable', type: 'bit', nullable: false },
        { name: 'system_type_id', type: 'int', nullable: false },
        { name: 'system_type_name', type: 'nvarchar(256)' },
      ],
      rows: columns.map(({ name, type, nullable = true }, at) => [false, at + 1, name === '' ? null : name, nullable, 0, type.replace(', ', ',')]),
    };
  }

  private rights(): Answer {
    const { rights = [] } = this.host.options;
    const names = ['INSERT', 'UPDATE', 'DELETE', 'ALTER', 'EXECUTE', 'sysadmin'];
    const columns: WireColumn[] = [{ name: 'version', type: 'varchar(40)' }, ...names.map((name) => ({ name: `may_${name}`, type: 'int' }))];
    return { columns, rows: [['16.0.4150.1', ...names.map((name) => (rights.includes(name) ? 1 : 0))]] };
  }

  /** The scripted answer where there is one, else the engine's. */
  private async answered(kind: 'batch' | 'procedure', text: string, work: () => Promise<Answer | undefined>): Promise<void> {
    let answer: Answer | undefined;
    try {
      answer = this.host.answerTo(text) ?? (await work());
    } catch (error) {
      if (!(error instanceof EngineFailure)) throw error;
      return this.failed(kind, error.error);
    }
    if (answer === undefined) return this.send(endTokens(kind, undefined), true);
    await this.give(kind, answer);
  }

  private async failed(kind: 'batch' | 'procedure', error: ServerError): Promise<void> {
    await this.send(Buffer.concat([errorToken(error), endTokens(kind, undefined, true)]), true);
    if ((error.severity ?? 16) >= 20) this.socket.end();
  }

  private async give(kind: 'batch' | 'procedure', { columns, rows = [], packets: made, then = 'done' }: Answer): Promise<void> {
    if (made !== undefined) return this.sendMade(made);
    const sent = columns === undefined ? undefined : await this.sendRows(columns, rows);
    if (then === 'cut') return this.destroy();
    if (then === 'silence') await this.untilWoken();
    if (this.socket.destroyed) return;
    if (then !== 'done' && then !== 'silence' && !this.attention) return this.failed(kind, then);
    await this.send(endTokens(kind, this.attention ? undefined : sent, this.attention), true);
  }

  private async sendMade(made: Buffer): Promise<void> {
    for (let at = 0; at < made.length && !this.socket.destroyed && !this.attention; at += chunkBytes) await this.write(made.subarray(at, at + chunkBytes));
    if (this.attention) this.destroy();
  }

  /** The rows, until an attention comes. Returns their number. */
  private async sendRows(columns: WireColumn[], rows: Iterable<WireValue[]>): Promise<number> {
    const rowOf = rowWriter(columns);
    let parts = [columnsToken(columns)];
    let bytes = 0;
    let count = 0;
    for (const row of rows) {
      const part = rowOf(row);
      parts.push(part);
      bytes += part.length;
      count += 1;
      if (bytes < chunkBytes) continue;
      await this.send(Buffer.concat(parts), false);
      // Lets an attention in between.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.attention || this.socket.destroyed) return count;
      [parts, bytes] = [[], 0];
    }
    await this.send(Buffer.concat(parts), false);
    return count;
  }

  private async untilWoken(): Promise<void> {
    if (this.attention || this.socket.destroyed) return;
    await new Promise<void>((resolve) => (this.wake = resolve));
  }

  private async send(body: Buffer, last: boolean): Promise<void> {
    await this.write(packets(body, this.packetBytes, last));
  }

  private async write(bytes: Buffer): Promise<void> {
    if (this.socket.destroyed || bytes.length === 0) return;
    if (this.stream.write(bytes)) return;
    await this.drained();
  }

  private drained(): Promise<void> {
    const { stream, socket } = this;
    return new Promise((resolve) => {
      const go = (): void => {
        stream.off('drain', go);
        socket.off('close', go);
        resolve();
      };
      stream.on('drain', go);
      socket.on('close', go);
    });
  }
}

interface Declaration {
  name: string;
  type: string;
}

/** `@a varchar(8000), @b decimal(38, 2)` taken apart. */
function declarationsOf(text: string): Declaration[] {
  return [...text.matchAll(/(@[^\s,]+)\s+(\w+(?:\s*\([^)]*\))?)/g)].map(([, name = '', type = '']) => ({ name, type: type.toLowerCase().replaceAll(' ', '') }));
}

/** What does not fit between declared and sent parameters. */
function undeclared(text: string, values: SentParameter[]): string | undefined {
  const declared = declarationsOf(text);
  if (declared.length !== values.length) return `${declared.length} parameters were declared and ${values.length} sent`;
  const wrong = declared.find(({ name, type }, at) => values[at]?.name !== name || values[at].declared !== type);
  return wrong === undefined ? undefined : `the parameter ${wrong.name} ${wrong.type} was sent otherwise`;
}
