// MySQL's packets (Protocol::Packet): three bytes of length, a number that counts within one exchange, then the payload.
import { find } from '../../bytes/text.ts';

export const PACKET_HEADER = 4;

export const packetLength = (b: Uint8Array, at: number): number =>
  b[at] | (b[at + 1] << 8) | (b[at + 2] << 16);
export const packetNumber = (b: Uint8Array, at: number): number => b[at + 3];

/** Reads the parts of a payload one after the other; what is not whole is -1 or ends the reading. */
export class Cursor {
  readonly b: Uint8Array;
  at: number;
  readonly end: number;
  /** Something was cut off: what follows cannot be found. */
  isBroken = false;

  constructor(b: Uint8Array, at: number, end: number) {
    this.b = b;
    this.at = at;
    this.end = end;
  }

  skip(count: number): void {
    if (count > this.end - this.at) this.isBroken = true;
    else this.at += count;
  }

  /** Text up to a zero byte. @returns where it ends; the cursor stands behind the zero */
  untilZero(): number {
    const zero = find(this.b, 0, this.at, this.end);
    const end = zero < 0 ? this.end : zero;
    this.at = zero < 0 ? this.end : zero + 1;
    return end;
  }

  /** A length of one to nine bytes (Protocol::LengthEncodedInteger); more than fits breaks the reading. */
  length(): number {
    const { b, at, end } = this;
    if (this.isBroken || at >= end) return this.#broken();
    const first = b[at];
    const more = first < 0xfb ? 0 : first === 0xfc ? 2 : first === 0xfd ? 3 : -1;
    if (more < 0 || end - at <= more) return this.#broken();
    let value = more === 0 ? first : 0;
    for (let i = 0; i < more; i++) value += b[at + 1 + i] * 2 ** (8 * i);
    this.at = at + 1 + more;
    return value;
  }

  #broken(): number {
    this.isBroken = true;
    return 0;
  }
}
