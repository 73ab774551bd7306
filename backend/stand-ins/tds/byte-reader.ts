/** Reads little-endian fields of one message. Reading past its end throws: a message that is too short is a fault of the client. */
export class ByteReader {
  constructor(
    readonly bytes: Buffer,
    public at = 0,
  ) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    return this.number(1);
  }

  number(size: 1 | 2 | 3 | 4 | 5 | 6): number {
    const value = this.bytes.readUIntLE(this.at, size);
    this.at += size;
    return value;
  }

  signed(size: 1 | 2 | 3 | 4): number {
    const value = this.bytes.readIntLE(this.at, size);
    this.at += size;
    return value;
  }

  wide(): bigint {
    const value = this.bytes.readBigUInt64LE(this.at);
    this.at += 8;
    return value;
  }

  take(length: number): Buffer {
    if (length > this.left) throw new RangeError(`the message ends ${length - this.left} bytes too early`);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text(characters: number): string {
    return this.take(characters * 2).toString('utf16le');
  }
}
