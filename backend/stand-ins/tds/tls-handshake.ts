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
    secure.once('secure', () => {
      wire.handshaken = true;
      resolve();
    });
    socket.once('close', () => reject(new Error('the client ended the handshake')));
  });
  return secure;
}

/** Wraps what TLS writes into packets and unwraps what it reads, until the handshake is over. */
class HandshakeWire extends Duplex {
  handshaken = false;
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly socket: Socket) {
    super();
    socket.on('data', (bytes: Buffer) => this.receive(bytes));
    socket.once('close', () => this.destroy());
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.socket.write(this.handshaken ? bytes : packets(bytes, 4_096, true, packetType.prelogin), (error) => callback(error));
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
    this.push(this.rest);
    this.rest = Buffer.alloc(0);
  }
}
