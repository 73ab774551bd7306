/** Rings of numbers travel in a stored state as text: a quarter of the size of JSON numbers, and exact. */
export function packed(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

export function unpacked(text: string, length: number): Float32Array {
  const values = new Float32Array(length);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.byteLength !== values.byteLength) throw new RangeError(`A stored ring has ${bytes.byteLength} bytes, ${values.byteLength} are expected.`);
  Buffer.from(values.buffer).set(bytes);
  return values;
}
