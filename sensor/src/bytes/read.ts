// Big-endian numbers at an offset. The caller has proved the length; nothing here checks.

export const u16 = (b: Uint8Array, at: number): number => (b[at] << 8) | b[at + 1];
export const u24 = (b: Uint8Array, at: number): number => (b[at] << 16) | (b[at + 1] << 8) | b[at + 2];
/** Unsigned 32 bits. */
export const u32 = (b: Uint8Array, at: number): number =>
  ((b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3]) >>> 0;
/** Little-endian. */
export const u16le = (b: Uint8Array, at: number): number => b[at] | (b[at + 1] << 8);
/** Little-endian, unsigned 32 bits. */
export const u32le = (b: Uint8Array, at: number): number =>
  (b[at] | (b[at + 1] << 8) | (b[at + 2] << 16) | (b[at + 3] << 24)) >>> 0;

/** A view over the same bytes. Numbers are read through it several times as fast; it must be made, so once for many of them. */
export const viewOf = (b: Uint8Array): DataView => new DataView(b.buffer, b.byteOffset, b.byteLength);
