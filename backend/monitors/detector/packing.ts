/** Rings of numbers travel in a stored state as text: a quarter of the size of JSON numbers, and exact. */
export function packed(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

export function unpacked(text: string, length: number): Float32Array {
  const values = new Float32Array(length);
  fill(values.buffer, text);
  return values;
}

export function packedDoubles(values: Float64Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

export function unpackedDoubles(text: string, length: number): Float64Array {
  const values = new Float64Array(length);
  fill(values.buffer, text);
  return values;
}

function fill(buffer: ArrayBuffer, text: string): void {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.byteLength !== buffer.byteLength) throw new RangeError(`A stored ring has ${bytes.byteLength} bytes, ${buffer.byteLength} are expected.`);
  Buffer.from(buffer).set(bytes);
}
