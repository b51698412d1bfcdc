// One message of S7comm: its header, and of its parameters what names the act. Values are never looked at.
import { u16, u24 } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/text.ts';
import { PI_SERVICE, PLC_STOP, READ, REQUEST_DOWNLOAD, SETUP, START_UPLOAD, WRITE } from './names.ts';

const MAGIC = 0x32;
const HEADER = 10;
const JOB = 1;
const ACK = 2;
const ACK_DATA = 3;
const USERDATA = 7;
/** Items of one job that are kept. */
const MAX_ITEMS = 32;
const ANY_ITEM = 12;
const SYNTAX_ANY = 0x10;
/** Longest name of a service or block, bytes. */
const MAX_NAME = 32;
const READ_SZL = 1;
const CPU_FUNCTIONS = 4;

export interface Item {
  readonly area: number;
  readonly db: number;
  readonly count: number;
  /** Bytes from the area's beginning. */
  readonly offset: number;
}

export class Pdu {
  rosctr = 0;
  reference = 0;
  errorClass = -1;
  errorCode = -1;
  /** -1 of user data. */
  code = -1;
  items: Item[] = [];
  service = '';
  /** Whether a restart forgets what was retained. */
  argument = '';
  /** Name of the block's file: `_0800001P`. */
  block = '';
  pduLength = -1;
  group = -1;
  subfunction = -1;
  isResponse = false;
  /** It answers nothing and wants no answer. */
  isPush = false;
  szl = -1;
  szlIndex = -1;

  /** True where a message could begin. */
  static isAt(b: Uint8Array, at: number, end: number): boolean {
    if (end - at < 8 || b[at] !== MAGIC) return false;
    return b[at + 1] <= USERDATA && (b[at + 1] <= ACK_DATA ? b[at + 1] > 0 : b[at + 1] === USERDATA);
  }

  /** @returns undefined when it is none, or shorter than it says */
  static read(b: Uint8Array, at: number, end: number): Pdu | undefined {
    if (end - at < HEADER || !Pdu.isAt(b, at, end)) return undefined;
    const pdu = new Pdu();
    pdu.rosctr = b[at + 1];
    pdu.reference = u16(b, at + 4);
    const parameters = u16(b, at + 6);
    const data = u16(b, at + 8);
    let from = at + HEADER;
    if (pdu.rosctr === ACK || pdu.rosctr === ACK_DATA) {
      if (end - from < 2) return undefined;
      pdu.errorClass = b[from];
      pdu.errorCode = b[from + 1];
      pdu.isResponse = true;
      from += 2;
    }
    const stop = from + parameters;
    if (stop > end) return undefined;
    if (pdu.rosctr === USERDATA) pdu.#userdata(b, from, stop, Math.min(end, stop + data));
    else if (parameters > 0) {
      pdu.code = b[from];
      if (pdu.rosctr === JOB || pdu.code === SETUP) pdu.#job(b, from, stop);
    }
    return pdu;
  }

  #job(b: Uint8Array, at: number, end: number): void {
    const length = end - at;
    if ((this.code === READ || this.code === WRITE) && length >= 2) this.#itemList(b, at + 2, end, b[at + 1]);
    else if (this.code === SETUP && length >= 8) this.pduLength = u16(b, at + 6);
    else if (this.code >= REQUEST_DOWNLOAD && this.code <= START_UPLOAD) this.block = counted(b, at + 8, end);
    else if (this.code === PLC_STOP) this.service = counted(b, at + 6, end);
    else if (this.code === PI_SERVICE && length >= 10) {
      const block = at + 10 + u16(b, at + 8);
      this.service = counted(b, block, end);
      if (block <= end) this.argument = latin1(b, at + 10, Math.min(block, at + 10 + MAX_NAME));
    }
  }

  #itemList(b: Uint8Array, at: number, end: number, count: number): void {
    // Ends: `count` is one byte.
    for (let i = 0; i < count && end - at >= 2; i++) {
      const length = b[at + 1];
      if (end - at >= ANY_ITEM && b[at + 2] === SYNTAX_ANY && this.items.length < MAX_ITEMS) {
        const offset = u24(b, at + 9) >> 3;
        this.items.push({ count: u16(b, at + 4), db: u16(b, at + 6), area: b[at + 8], offset });
      }
      at += 2 + length + (length & 1);
    }
  }

  #userdata(b: Uint8Array, at: number, end: number, dataEnd: number): void {
    if (end - at < 8) return;
    const kind = b[at + 5] >> 4;
    this.group = b[at + 5] & 15;
    this.subfunction = b[at + 6];
    this.isResponse = kind === 8 || kind === 11;
    this.isPush = kind === 0 || kind === 3;
    if (this.isResponse && end - at >= 12) {
      this.errorClass = b[at + 10];
      this.errorCode = b[at + 11];
    }
    if (this.group === CPU_FUNCTIONS && this.subfunction === READ_SZL && dataEnd - end >= 8) {
      this.szl = u16(b, end + 4);
      this.szlIndex = u16(b, end + 6);
    }
  }
}

/** Text with its length in one byte in front; empty when it is cut. */
function counted(b: Uint8Array, at: number, end: number): string {
  if (at >= end || at + 1 + b[at] > end) return '';
  return latin1(b, at + 1, at + 1 + Math.min(b[at], MAX_NAME)).replace(/[^\x20-\x7e]/g, '');
}
