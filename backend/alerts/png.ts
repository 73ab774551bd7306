import { crc32, deflateSync } from 'node:zlib';

export type Colour = readonly [red: number, green: number, blue: number];

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A picture in memory: rectangles and lines with soft edges are all that a chart needs. */
export class Raster {
  readonly #pixels: Buffer;

  constructor(readonly width: number, readonly height: number, background: Colour) {
    this.#pixels = Buffer.alloc(width * height * 3);
    this.rectangle(0, 0, width, height, background);
  }

  /** `share` of the colour over what is there. */
  blend(x: number, y: number, colour: Colour, share = 1): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = (Math.floor(y) * this.width + Math.floor(x)) * 3;
    colour.forEach((part, index) => {
      const under = this.#pixels[at + index] ?? 0;
      this.#pixels[at + index] = Math.round(under + (part - under) * Math.min(1, Math.max(0, share)));
    });
  }

  rectangle(left: number, top: number, width: number, height: number, colour: Colour, share = 1): void {
    for (let y = top; y < top + height; y++) for (let x = left; x < left + width; x++) this.blend(x, y, colour, share);
  }

  disc(x: number, y: number, radius: number, colour: Colour): void {
    for (let row = Math.floor(y - radius - 1); row <= y + radius + 1; row++)
      for (let column = Math.floor(x - radius - 1); column <= x + radius + 1; column++) this.blend(column, row, colour, radius + 0.5 - Math.hypot(column - x, row - y));
  }

  line(from: readonly [number, number], to: readonly [number, number], colour: Colour, thick = 2): void {
    const [[x0, y0], [x1, y1]] = [from, to];
    const length = Math.hypot(x1 - x0, y1 - y0) || 1;
    const half = thick / 2;
    const [left, right] = [Math.floor(Math.min(x0, x1) - half - 1), Math.ceil(Math.max(x0, x1) + half + 1)];
    const [top, bottom] = [Math.floor(Math.min(y0, y1) - half - 1), Math.ceil(Math.max(y0, y1) + half + 1)];
    for (let y = top; y <= bottom; y++)
      for (let x = left; x <= right; x++) {
        const along = Math.min(1, Math.max(0, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length ** 2));
        const distance = Math.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0));
        if (distance < half + 0.5) this.blend(x, y, colour, half + 0.5 - distance);
      }
  }

  /** As a PNG file: 8-bit RGB, no filter. */
  png(): Buffer {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(this.width, 0);
    header.writeUInt32BE(this.height, 4);
    header.set([8, 2, 0, 0, 0], 8);
    const rows = Buffer.alloc(this.height * (this.width * 3 + 1));
    for (let y = 0; y < this.height; y++) this.#pixels.copy(rows, y * (this.width * 3 + 1) + 1, y * this.width * 3, (y + 1) * this.width * 3);
    return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
  }
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
