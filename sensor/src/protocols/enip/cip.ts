// A CIP message (ODVA volume 1, §2-4): service, path and status; services packed in it, one level deep.
import { u16le, u32le } from '../../bytes/read.ts';
import { hex, latin1 } from '../../bytes/text.ts';
import { CONNECTION_MANAGER } from './services.ts';

const RESPONSE = 0x80;
const MULTIPLE = 0x0a;
const UNCONNECTED_SEND = 0x52;
/** Segments of one path, and services of one packet, that are kept. */
const MAX_SEGMENTS = 16;
const MAX_SERVICES = 64;
const MAX_SYMBOL = 64;
const MAX_EXTENDED = 16;

const CLASS = 8;
const SYMBOL = 0x91;
const SEGMENT_NAMES: Readonly<Record<number, string>> = { [CLASS]: 'class', 9: 'instance', 12: 'attribute' };

export interface Segment {
  readonly type: number;
  readonly value: number;
}
export const segmentName = ({ type }: Segment): string => SEGMENT_NAMES[type >> 2] ?? `unknown-${type}`;

export class Cip {
  service = 0;
  isResponse = false;
  path: Segment[] = [];
  /** Name of a tag. */
  symbol = '';
  status = -1;
  extended = '';
  /** Services packed in this one: of a multiple packet, or sent on to another device. */
  inner: Cip[] = [];
  malformed = false;

  get classId(): number {
    let found = -1;
    for (const { type, value } of this.path) if (type >> 2 === CLASS) found = value;
    return found;
  }

  static read(b: Uint8Array, at: number, end: number, isOuter = true): Cip | undefined {
    if (end - at < 2) return undefined;
    const cip = new Cip();
    cip.service = b[at] & 0x7f;
    cip.isResponse = (b[at] & RESPONSE) !== 0;
    if (cip.isResponse) cip.#response(b, at, end, isOuter);
    else cip.#request(b, at, end, isOuter);
    return cip;
  }

  #request(b: Uint8Array, at: number, end: number, isOuter: boolean): void {
    const stop = at + 2 + 2 * b[at + 1];
    if (stop > end) {
      this.malformed = true;
      return;
    }
    this.#readPath(b, at + 2, stop);
    if (!isOuter) return;
    if (this.service === MULTIPLE) this.#packed(b, stop, end);
    else if (this.service === UNCONNECTED_SEND && this.classId === CONNECTION_MANAGER && end - stop >= 4) {
      // Two bytes of timing, the length of the message, the message.
      const inner = Cip.read(b, stop + 4, Math.min(end, stop + 4 + u16le(b, stop + 2)), false);
      if (inner !== undefined) this.inner.push(inner);
    }
  }

  #response(b: Uint8Array, at: number, end: number, isOuter: boolean): void {
    if (end - at < 4) {
      this.malformed = true;
      return;
    }
    this.status = b[at + 2];
    const stop = at + 4 + 2 * b[at + 3];
    if (stop > end) {
      this.malformed = true;
      return;
    }
    this.extended = hex(b, at + 4, Math.min(stop, at + 4 + MAX_EXTENDED));
    if (isOuter && this.service === MULTIPLE) this.#packed(b, stop, end);
  }

  #packed(b: Uint8Array, at: number, end: number): void {
    if (end - at < 2) return;
    const count = Math.min(u16le(b, at), MAX_SERVICES);
    for (let i = 0; i < count && at + 4 + 2 * i <= end; i++) {
      const from = at + u16le(b, at + 2 + 2 * i);
      const next = i + 1 < count && at + 6 + 2 * i <= end ? at + u16le(b, at + 4 + 2 * i) : end;
      const inner = from < at ? undefined : Cip.read(b, from, Math.min(next, end), false);
      if (inner === undefined) this.malformed = true;
      else this.inner.push(inner);
    }
  }

  #readPath(b: Uint8Array, at: number, end: number): void {
    // Ends: each turn takes at least two bytes.
    while (end - at >= 2 && this.path.length < MAX_SEGMENTS) {
      const type = b[at];
      if (type >> 5 === 1) at = this.#logical(b, at, end);
      else if (type === SYMBOL) {
        const stop = at + 2 + b[at + 1];
        if (stop <= end && this.symbol === '')
          this.symbol = latin1(b, at + 2, Math.min(stop, at + 2 + MAX_SYMBOL)).replace(/[^\x20-\x7e]/g, '');
        at = stop + (b[at + 1] & 1);
      } else if (type === 0x80) at += 2 + 2 * b[at + 1];
      else if (type < 0x20) at = behindPort(b, at);
      else at += 2;
    }
    this.malformed ||= at > end;
  }

  /** Class, instance, attribute and others, in one, two or four bytes. */
  #logical(b: Uint8Array, at: number, end: number): number {
    const type = b[at];
    // An electronic key has ten bytes in all.
    if (type === 0x34) return at + 10;
    const form = type & 3;
    const stop = at + (form === 0 ? 2 : form === 1 ? 4 : 6);
    if (form === 3 || stop > end) return end + 1;
    const value = form === 0 ? b[at + 1] : form === 1 ? u16le(b, at + 2) : u32le(b, at + 2);
    this.path.push({ type, value });
    return stop;
  }
}

/** A port and the address behind it; both may be long. */
function behindPort(b: Uint8Array, at: number): number {
  const isLong = (b[at] & 0x10) !== 0;
  const header = ((b[at] & 15) === 15 ? 3 : 1) + (isLong ? 1 : 0);
  const length = header + (isLong ? b[at + 1] : 1);
  return at + length + (length & 1);
}
