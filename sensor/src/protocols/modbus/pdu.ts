// One Modbus message behind its MBAP header (MODBUS Messaging on TCP/IP V1.0b §3.1), as numbers: nothing of the process.
import { u16 } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/text.ts';
import { isException, isKnown } from './names.ts';

/** Transaction, protocol, length, unit. */
export const HEADER = 7;
/** What the length field may say: the unit and 1 to 253 bytes behind it. */
export const MIN_LENGTH = 2;
export const MAX_LENGTH = 254;

const MAX_BITS = 2000;
const MAX_REGISTERS = 125;
const MAX_BITS_WRITTEN = 1968;
const MAX_REGISTERS_WRITTEN = 123;
const COIL_ON = 0xff00;
const READ_DEVICE = 14;
/** Vendor, product and revision: what a short look at a device asks for. */
const IDENTITY_OBJECTS = 3;
/** Longest name of them that is kept. */
const MAX_NAME = 64;

export class Pdu {
  transaction = 0;
  unit = 0;
  /** The function's byte; the highest bit says that it was refused. */
  raw = 0;
  exception = -1;
  readAddress = -1;
  readQuantity = -1;
  writeAddress = -1;
  writeQuantity = -1;
  /** What one coil or register is set to, or the masks of function 22. */
  value = -1;
  orMask = -1;
  diagnostic = -1;
  mei = -1;
  /** Read device identification: its kind asked for; vendor, product and revision answered. */
  identity: readonly string[] | undefined;
  wrongLength = false;
  wrongValue = false;

  get code(): number {
    return this.raw & 0x7f;
  }

  get wrongException(): boolean {
    return this.exception >= 0 && !isException(this.exception);
  }

  /** @returns a message of `[at, end)`, its header included; the header is in order and whole */
  static read(b: Uint8Array, at: number, end: number, isRequest: boolean): Pdu {
    const pdu = new Pdu();
    pdu.transaction = u16(b, at);
    pdu.unit = b[at + 6];
    pdu.raw = b[at + HEADER];
    const data = at + HEADER + 1;
    if (!isRequest && pdu.raw & 0x80) {
      if (end - data === 1) pdu.exception = b[data];
      else pdu.wrongLength = true;
    } else if (isRequest) pdu.#request(b, data, end);
    else pdu.#response(b, data, end);
    return pdu;
  }

  #request(b: Uint8Array, at: number, end: number): void {
    const length = end - at;
    switch (this.raw) {
      case 1:
      case 2:
        this.#reads(b, at, length, MAX_BITS);
        break;
      case 3:
      case 4:
        this.#reads(b, at, length, MAX_REGISTERS);
        break;
      case 5:
      case 6:
        this.#writesOne(b, at, length);
        break;
      case 15:
        this.#writesMany(b, at, length, MAX_BITS_WRITTEN, (n) => (n + 7) >> 3);
        break;
      case 16:
        this.#writesMany(b, at, length, MAX_REGISTERS_WRITTEN, (n) => n * 2);
        break;
      case 22:
        this.#masks(b, at, length);
        break;
      case 23:
        this.#reads(b, at, Math.min(length, 4), MAX_REGISTERS);
        if (length > 4) this.#writesMany(b, at + 4, length - 4, MAX_REGISTERS_WRITTEN, (n) => n * 2);
        else this.wrongLength = true;
        break;
      case 24:
        if (this.#has(length === 2)) this.readAddress = u16(b, at);
        break;
      case 7:
      case 11:
      case 12:
      case 17:
        this.wrongLength = length !== 0;
        break;
      default:
        this.#either(b, at, end);
    }
  }

  #response(b: Uint8Array, at: number, end: number): void {
    const length = end - at;
    switch (this.raw) {
      case 1:
      case 2:
      case 3:
      case 4:
      case 12:
      case 17:
      case 20:
      case 21:
      case 23:
        this.wrongLength = length < 1 || b[at] !== length - 1;
        break;
      case 5:
      case 6:
        this.#writesOne(b, at, length);
        break;
      case 15:
      case 16:
        if (this.#has(length === 4)) {
          this.writeAddress = u16(b, at);
          this.writeQuantity = u16(b, at + 2);
        }
        break;
      case 22:
        this.#masks(b, at, length);
        break;
      case 43:
        this.#either(b, at, end);
        if (this.mei === READ_DEVICE && length > 6) this.identity = identity(b, at + 6, end, b[at + 5]);
        break;
      default:
        this.#either(b, at, end);
    }
  }

  /** Diagnostics and encapsulated transport begin alike in both directions. */
  #either(b: Uint8Array, at: number, end: number): void {
    if (this.raw === 8 && this.#has(end - at >= 2)) this.diagnostic = u16(b, at);
    if (this.raw === 43 && this.#has(end - at >= 1)) this.mei = b[at];
  }

  #has(isLongEnough: boolean): boolean {
    this.wrongLength ||= !isLongEnough;
    return isLongEnough;
  }

  #reads(b: Uint8Array, at: number, length: number, most: number): void {
    if (!this.#has(length === 4)) return;
    this.readAddress = u16(b, at);
    this.readQuantity = u16(b, at + 2);
    this.wrongValue = this.readQuantity < 1 || this.readQuantity > most;
  }

  #writesOne(b: Uint8Array, at: number, length: number): void {
    if (!this.#has(length === 4)) return;
    this.writeAddress = u16(b, at);
    this.value = u16(b, at + 2);
    this.wrongValue = this.raw === 5 && this.value !== 0 && this.value !== COIL_ON;
  }

  #writesMany(b: Uint8Array, at: number, length: number, most: number, bytes: (n: number) => number): void {
    if (!this.#has(length >= 5)) return;
    this.writeAddress = u16(b, at);
    this.writeQuantity = u16(b, at + 2);
    this.wrongValue ||= this.writeQuantity < 1 || this.writeQuantity > most;
    this.wrongLength = b[at + 4] !== length - 5 || b[at + 4] !== bytes(this.writeQuantity);
  }

  #masks(b: Uint8Array, at: number, length: number): void {
    if (!this.#has(length === 6)) return;
    this.writeAddress = u16(b, at);
    this.value = u16(b, at + 2);
    this.orMask = u16(b, at + 4);
  }
}

/** Objects 0 to 2 of a device (specification §6.21); empty text where one is not told. */
function identity(b: Uint8Array, at: number, end: number, count: number): readonly string[] {
  const names = ['', '', ''];
  let next = at;
  // Ends: `count` is one byte.
  for (let i = 0; i < count && end - next >= 2; i++) {
    const [object, length] = [b[next], b[next + 1]];
    if (end - next - 2 < length) break;
    const text = latin1(b, next + 2, next + 2 + Math.min(length, MAX_NAME));
    if (object < IDENTITY_OBJECTS) names[object] = text.replace(/[^\x20-\x7e]/g, '');
    next += 2 + length;
  }
  return names;
}

/** True where a message of this header could stand. Nine bytes are there at least. */
export const isHeader = (b: Uint8Array, at: number): boolean =>
  u16(b, at + 2) === 0 && u16(b, at + 4) >= MIN_LENGTH && u16(b, at + 4) <= MAX_LENGTH;

/** True when a whole message is one that a program of this protocol would send. */
export function isHonest(b: Uint8Array, at: number, end: number, isRequest: boolean): boolean {
  const pdu = Pdu.read(b, at, end, isRequest);
  if (pdu.wrongLength || pdu.wrongValue || pdu.wrongException) return false;
  return isKnown(pdu.code) && (!isRequest || pdu.raw < 0x80);
}
