import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { packets, packetType } from './messages.ts';

const headerBytes = 8;

/** TLS inside TDS: the handshake travels in PRELOGIN packets, and what follows it is bare TLS. */
export async function secured(socket: Socket, { key, cert }: { key: string; cert: string }): Promise<Duplex> {
  const wire = new HandshakeWire(socket);
  const secure = new TLSSocket(wire, { isServer: true, key, cert });
  secure.on('error', () => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    secure.once('secure', () => resolve());
    socket.once('close', () => reject(new Error('the client ended the handshake')));
  });
  return secure;
}

/** Wraps what TLS writes into packets and unwraps what it reads, until the client's first bare TLS record. */
class HandshakeWire extends Duplex {
  private handshaken = false;
  private rest: Buffer = Buffer.alloc(0);
  private flight: Buffer[] = [];

  constructor(private readonly socket: Socket) {
    super();
    socket.on('data', (bytes: Buffer) => this.receive(bytes));
    socket.once('close', () => this.destroy());
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    if (this.handshaken) {
      this.socket.write(bytes, (error) => callback(error));
      return;
    }
    // The client reads one message for each of its own, however often TLS writes.
    if (this.flight.push(bytes) === 1) setImmediate(() => this.sendFlight());
    callback();
  }

  private sendFlight(): void {
    this.socket.write(packets(Buffer.concat(this.flight), 4_096, true, packetType.prelogin));
    this.flight = [];
  }

  private receive(bytes: Buffer): void {
    this.rest = Buffer.concat([this.rest, bytes]);
    // A TLS record begins with 0x14 … 0x17, a packet of the handshake with 0x12.
    while (this.rest.length >= headerBytes && this.rest[0] === packetType.prelogin) {
      const length = this.rest.readUInt16BE(2);
      if (this.rest.length < length) return;
      this.push(this.rest.subarray(headerBytes, length));
      this.rest = this.rest.subarray(length);
    }
    if (this.rest.length === 0 || this.rest[0] === packetType.prelogin) return;
    this.handshaken = true;
    this.push(this.rest);
    this.rest = Buffer.alloc(0);
  }
}
