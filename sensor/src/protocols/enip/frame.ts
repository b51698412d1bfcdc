// EtherNet/IP encapsulation (ODVA volume 2, §2): commands, and what their items say of a device.
import { u16, u16le, u32le } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/text.ts';
import { Cip } from './cip.ts';

export const HEADER = 24;
/** The specification lets a message have 65,511 bytes; real ones keep to one frame or two. */
export const MAX_DATA = 32 * 1024;
const MAX_ITEMS = 16;
const MAX_NAME = 64;

export const LIST_SERVICES = 0x04;
export const LIST_IDENTITY = 0x63;
export const REGISTER_SESSION = 0x65;
export const SEND_RR_DATA = 0x6f;
export const SEND_UNIT_DATA = 0x70;
const COMMANDS: Readonly<Record<number, string>> = {
  0: 'nop',
  [LIST_SERVICES]: 'list_services',
  [LIST_IDENTITY]: 'list_identity',
  100: 'list_interfaces',
  [REGISTER_SESSION]: 'register_session',
  102: 'unregister_session',
  // Suricata parts words where a small letter follows a capital.
  [SEND_RR_DATA]: 'sendrr_data',
  [SEND_UNIT_DATA]: 'send_unit_data',
  114: 'indicate_status',
  115: 'cancel',
  200: 'start_dtls',
};
export const commandName = (code: number): string => COMMANDS[code] ?? `unknown-${code}`;
/** Commands that the other side does not answer. */
export const isUnanswered = (command: number): boolean => command === 0 || command === 0x66;

const STATUS: Readonly<Record<number, string>> = {
  0: 'success',
  1: 'invalid_cmd',
  2: 'no_resources',
  3: 'incorrect_data',
  100: 'invalid_session',
  101: 'invalid_length',
  105: 'unsupported_prot_rev',
  106: 'encap_header_error',
};
export const statusWord = (code: number): string => STATUS[code] ?? `unknown-${code}`;

const ITEM_IDENTITY = 0x0c;
const ITEM_CONNECTED = 0xb1;
const ITEM_UNCONNECTED = 0xb2;
const ITEM_SERVICES = 0x100;

export interface Identity {
  readonly protocol: number;
  readonly vendor: number;
  readonly device: number;
  readonly product: number;
  readonly revision: string;
  readonly status: number;
  readonly serial: number;
  readonly name: string;
  readonly state: number;
}

export class Frame {
  command = 0;
  session = 0;
  status = 0;
  options = 0;
  /** Ties a response to its request. */
  key = 0;
  /** Version and options of a session that is registered. */
  registered: readonly [number, number] | undefined;
  /** Version, capabilities and name of the first service listed. */
  services: readonly [number, number, string] | undefined;
  identity: Identity | undefined;
  cip: Cip | undefined;
  malformed = false;

  /** The header is there and whole; `end` is the message's own. */
  static read(b: Uint8Array, at: number, end: number): Frame {
    const frame = new Frame();
    frame.command = u16le(b, at);
    frame.session = u32le(b, at + 4);
    frame.status = u32le(b, at + 8);
    frame.options = u32le(b, at + 20);
    frame.key = (frame.command << 24) ^ u32le(b, at + 12) ^ u32le(b, at + 16);
    const data = at + HEADER;
    switch (frame.command) {
      case REGISTER_SESSION:
        if (end - data >= 4) frame.registered = [u16le(b, data), u16le(b, data + 2)];
        break;
      case LIST_SERVICES:
      case LIST_IDENTITY:
        frame.#items(b, data, end);
        break;
      case SEND_RR_DATA:
      case SEND_UNIT_DATA:
        // Behind an interface handle and a time limit.
        frame.#items(b, data + 6, end);
    }
    return frame;
  }

  #items(b: Uint8Array, at: number, end: number): void {
    if (end - at < 2) return;
    const count = Math.min(u16le(b, at), MAX_ITEMS);
    at += 2;
    for (let i = 0; i < count; i++) {
      const from = at + 4;
      const stop = end - at < 4 ? end + 1 : from + u16le(b, at + 2);
      if (stop > end) {
        this.malformed = true;
        return;
      }
      this.#item(u16le(b, at), b, from, stop);
      at = stop;
    }
    this.malformed ||= this.cip?.malformed ?? false;
  }

  #item(type: number, b: Uint8Array, at: number, end: number): void {
    const length = end - at;
    if (type === ITEM_UNCONNECTED) this.cip = Cip.read(b, at, end);
    else if (type === ITEM_CONNECTED && length > 2) {
      this.key = (this.command << 24) ^ u16le(b, at);
      this.cip = Cip.read(b, at + 2, end);
    } else if (type === ITEM_SERVICES && length >= 4 && this.services === undefined)
      this.services = [u16le(b, at), u16le(b, at + 2), name(b, at + 4, end)];
    else if (type === ITEM_IDENTITY && length >= 33 && this.identity === undefined)
      this.identity = identity(b, at, end);
  }
}

function identity(b: Uint8Array, at: number, end: number): Identity {
  const stop = Math.min(end, at + 33 + b[at + 32]);
  return {
    protocol: u16le(b, at),
    vendor: u16le(b, at + 18),
    device: u16le(b, at + 20),
    product: u16le(b, at + 22),
    revision: `${b[at + 24]}.${b[at + 25]}`,
    status: u16le(b, at + 26),
    serial: u32le(b, at + 28),
    name: name(b, at + 33, stop),
    state: stop < end ? b[stop] : -1,
  };
}

const name = (b: Uint8Array, at: number, end: number): string =>
  latin1(b, at, Math.min(end, at + MAX_NAME)).replace(/[^\x20-\x7e]/g, '');

/** Longest data of each command's request; -1 of those that carry items. */
const REQUEST_LENGTHS: Readonly<Record<number, number>> = { 4: 0, 99: 0, 100: 0, 101: 4, 102: 0 };

/** True where a message of an honest program begins, as far as it is there. The header is whole. */
export function isHeader(b: Uint8Array, at: number): boolean {
  const command = u16le(b, at);
  const length = u16le(b, at + 2);
  if (COMMANDS[command] === undefined || command === 0 || length > MAX_DATA) return false;
  if (STATUS[u32le(b, at + 8)] === undefined || u32le(b, at + 20) !== 0) return false;
  if (command === REGISTER_SESSION) return length === 4 || (length === 0 && u16(b, at + 8) !== 0);
  // Nothing but a list's answer, or data in a session, is longer than its request.
  if (command >= SEND_RR_DATA) return u32le(b, at + 4) !== 0 && length >= 10;
  return length === REQUEST_LENGTHS[command] || length >= 6;
}
