// Ethernet within IP (RFC 3378 §3): two bytes of version, then a frame. IP protocol 97.

const VERSION = 0;
export const LENGTH = 2;

export const PROTOCOL = 97;

/** Guarantees that the header is captured, and that it is of version 3. */
export const check = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= LENGTH && b[at + VERSION] === 0x30 && b[at + 1] === 0;

export const print = (): string => 'EtherIP';
