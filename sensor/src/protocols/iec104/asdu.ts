// Application data of IEC 60870-5-104 (§7 of -101): type, cause, addresses; of commands what is switched.
import { u16le } from '../../bytes/read.ts';
import { isCause, typeOf } from './asdu-types.ts';

/** Type, number of elements, cause, originator, common address. */
export const HEADER = 6;
const ADDRESS = 3;
/** Addresses of one ASDU that are kept. */
const MAX_ADDRESSES = 64;
const SEQUENCE = 0x80;
const NEGATIVE = 0x40;
const TEST = 0x80;

export class Asdu {
  type = 0;
  isSequence = false;
  count = 0;
  cause = 0;
  isNegative = false;
  isTest = false;
  originator = 0;
  station = 0;
  addresses: number[] = [];
  /** Octet that says what a command does, or an interrogation asks for; -1 of others. */
  qualifier = -1;
  wrongLength = false;

  static read(b: Uint8Array, at: number, end: number): Asdu {
    const asdu = new Asdu();
    asdu.type = b[at];
    asdu.isSequence = (b[at + 1] & SEQUENCE) !== 0;
    asdu.count = b[at + 1] & 0x7f;
    asdu.cause = b[at + 2] & 0x3f;
    asdu.isNegative = (b[at + 2] & NEGATIVE) !== 0;
    asdu.isTest = (b[at + 2] & TEST) !== 0;
    asdu.originator = b[at + 3];
    asdu.station = u16le(b, at + 4);
    asdu.#elements(b, at + HEADER, end);
    return asdu;
  }

  #elements(b: Uint8Array, at: number, end: number): void {
    const type = typeOf(this.type);
    const size = type?.size ?? -1;
    if (size < 0) {
      if (end - at >= ADDRESS) this.addresses.push(address(b, at));
      return;
    }
    const step = this.isSequence ? size : ADDRESS + size;
    const needed = (this.isSequence ? ADDRESS : 0) + this.count * step;
    this.wrongLength = end - at !== needed;
    if (this.wrongLength) return;
    for (let i = 0; i < Math.min(this.count, MAX_ADDRESSES); i++)
      this.addresses.push(this.isSequence ? address(b, at) + i : address(b, at + i * step));
    const isQualified =
      type?.effect === 'control' || type?.effect === 'interrogate' || type?.effect === 'reset';
    if (isQualified && this.count > 0) this.qualifier = b[at + ADDRESS];
  }

  /** A program of this protocol would send it. */
  get isHonest(): boolean {
    return typeOf(this.type) !== undefined && this.count > 0 && isCause(this.cause) && !this.wrongLength;
  }
}

const address = (b: Uint8Array, at: number): number => u16le(b, at) | (b[at + 2] << 16);

/** What single (45, 58), double (46, 59) and step commands (47, 60) do. */
export function commandState(type: number, qualifier: number): string | undefined {
  const kind = type >= 58 ? type - 13 : type;
  if (kind === 45) return qualifier & 1 ? 'on' : 'off';
  if (kind === 46) return ['invalid', 'off', 'on', 'invalid'][qualifier & 3];
  return kind === 47 ? ['invalid', 'lower', 'higher', 'invalid'][qualifier & 3] : undefined;
}
export const isSelect = (qualifier: number): boolean => (qualifier & 0x80) !== 0;
