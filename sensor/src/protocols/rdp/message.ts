// Messages of a remote desktop's beginning (MS-RDPBCGR §2.2.1): X.224 connection, and the settings both sides exchange in clear.
import { BOOLEAN, Element, ENUMERATED, INTEGER, OCTET_STRING, SEQUENCE } from '../../bytes/ber.ts';
import { u16le, u32le } from '../../bytes/read.ts';
import { find, startsWith, word } from '../../bytes/text.ts';
import { oem, utf16le } from '../../bytes/windows.ts';

export type Kind = 'initial_request' | 'initial_response' | 'connect_request' | 'connect_response';

/** What the client says of itself. */
export interface Client {
  readonly version: number;
  readonly width: number;
  readonly height: number;
  readonly colorDepth: number | undefined;
  readonly keyboardLayout: number;
  readonly build: number;
  readonly name: string;
  readonly keyboardType: number;
  readonly keyboardSubtype: number;
  readonly functionKeys: number;
  readonly ime: string;
  readonly productId: number | undefined;
  readonly serial: number | undefined;
  readonly capabilities: number | undefined;
  readonly digitalId: string | undefined;
  readonly connectionHint: number | undefined;
}

export interface RdpMessage {
  readonly kind: Kind;
  index: number;
  cookie?: string;
  requestFlags?: number;
  requested?: number;
  responseFlags?: number;
  selected?: number;
  failure?: number;
  client?: Client;
  channels?: readonly string[];
  encryptionMethod?: number;
  encryptionLevel?: number;
  certificate?: 'RSA' | 'X.509';
}

const COOKIE = word('Cookie: mstshash=');
const COOKIE_OF_ANY_KIND = word('Cookie: ');
const CR = 0x0d;
const MAX_COOKIE = 128;

const NEGOTIATION_REQUEST = 1;
const NEGOTIATION_RESPONSE = 2;
const NEGOTIATION_FAILURE = 3;
const NEGOTIATION_LENGTH = 8;

/** True when what stands behind the fixed part of a connection request can only be a remote desktop's. */
export const isOwnVariable = (b: Uint8Array, at: number, end: number): boolean =>
  startsWith(b, at, end, COOKIE_OF_ANY_KIND) ||
  (end - at >= NEGOTIATION_LENGTH &&
    b[at] === NEGOTIATION_REQUEST &&
    u16le(b, at + 2) === NEGOTIATION_LENGTH);

/** @param at behind the fixed part of the X.224 header */
export function readRequest(b: Uint8Array, at: number, end: number): RdpMessage {
  const message: RdpMessage = { kind: 'initial_request', index: 0 };
  let next = at;
  if (startsWith(b, at, end, COOKIE_OF_ANY_KIND)) {
    const stop = find(b, CR, at, end);
    if (startsWith(b, at, end, COOKIE))
      message.cookie = oem(b, at + COOKIE.length, stop < 0 ? end : stop, MAX_COOKIE);
    next = stop < 0 ? end : stop + 2;
  }
  if (next + NEGOTIATION_LENGTH <= end && b[next] === NEGOTIATION_REQUEST) {
    message.requestFlags = b[next + 1];
    message.requested = u32le(b, next + 4);
  }
  return message;
}

export function readConfirm(b: Uint8Array, at: number, end: number): RdpMessage {
  const message: RdpMessage = { kind: 'initial_response', index: 0 };
  if (at + NEGOTIATION_LENGTH > end) return message;
  if (b[at] === NEGOTIATION_RESPONSE) {
    message.responseFlags = b[at + 1];
    message.selected = u32le(b, at + 4);
  } else if (b[at] === NEGOTIATION_FAILURE) message.failure = u32le(b, at + 4);
  return message;
}

/** MCS Connect-Initial and Connect-Response: [APPLICATION 101] and [APPLICATION 102]. */
const CONNECT_INITIAL = 0x7f65;
const CONNECT_RESPONSE = 0x7f66;
/** Keys in front of each side's settings (T.124 §8.7, as MS-RDPBCGR §2.2.1.3 uses it). */
const CLIENT_KEY = word('Duca');
const SERVER_KEY = word('McDn');
const MAX_GCC_HEAD = 64;
const MAX_BLOCKS = 16;
const MAX_CHANNELS = 31;

const CLIENT_CORE = 0xc001;
const CLIENT_NETWORK = 0xc003;
const SERVER_SECURITY = 0x0c02;

/** Settings of a side; undefined when there are none to be read. */
export function readConnect(
  b: Uint8Array,
  at: number,
  end: number,
  fromServer: boolean,
): RdpMessage | undefined {
  const e = new Element();
  if (!e.is(fromServer ? CONNECT_RESPONSE : CONNECT_INITIAL, b, at, end)) return undefined;
  const stop = e.to;
  const head = fromServer
    ? [ENUMERATED, INTEGER, SEQUENCE]
    : [OCTET_STRING, OCTET_STRING, BOOLEAN, SEQUENCE, SEQUENCE, SEQUENCE];
  let next = e.from;
  for (const tag of head) {
    if (!e.is(tag, b, next, stop)) return undefined;
    next = e.to;
  }
  if (!e.is(OCTET_STRING, b, next, stop)) return undefined;
  const message: RdpMessage = { kind: fromServer ? 'connect_response' : 'connect_request', index: 0 };
  const blocks = blocksAt(b, e.from, e.to, fromServer ? SERVER_KEY : CLIENT_KEY);
  if (blocks > 0) readBlocks(b, blocks, e.to, message);
  return message;
}

/** Where the settings begin: behind the key and a length of one or two octets. */
function blocksAt(b: Uint8Array, at: number, end: number, key: Uint8Array): number {
  const limit = Math.min(end - key.length - 1, at + MAX_GCC_HEAD);
  for (let i = at; i < limit; i++)
    if (startsWith(b, i, end, key)) return i + key.length + (b[i + key.length] > 0x7f ? 2 : 1);
  return 0;
}

function readBlocks(b: Uint8Array, at: number, end: number, message: RdpMessage): void {
  let next = at;
  for (let n = 0; n < MAX_BLOCKS && next + 4 <= end; n++) {
    const length = u16le(b, next + 2);
    const stop = next + length;
    if (length < 4 || stop > end) return;
    const type = u16le(b, next);
    const from = next + 4;
    if (type === CLIENT_CORE && stop - from >= 128) message.client = readClient(b, from, stop);
    else if (type === CLIENT_NETWORK && stop - from >= 4) message.channels = channels(b, from, stop);
    else if (type === SERVER_SECURITY && stop - from >= 8) {
      message.encryptionMethod = u32le(b, from);
      message.encryptionLevel = u32le(b, from + 4);
      const certificate = from + 16 + (stop - from >= 16 ? u32le(b, from + 8) : 0);
      if (certificate + 4 <= stop)
        message.certificate = (u32le(b, certificate) & 0xff) === 1 ? 'RSA' : 'X.509';
    }
    next = stop;
  }
}

function channels(b: Uint8Array, at: number, end: number): string[] {
  const count = Math.min(u32le(b, at), MAX_CHANNELS, Math.floor((end - at - 4) / 12));
  return Array.from({ length: count }, (_, i) => oem(b, at + 4 + i * 12, at + 12 + i * 12));
}

const DEPTHS: Readonly<Record<number, number>> = { 51712: 4, 51713: 8, 51714: 15, 51715: 16, 51716: 24 };
const WANTS_32_BITS = 0x0002;

function readClient(b: Uint8Array, at: number, end: number): Client {
  const has = (offset: number, size: number): boolean => at + offset + size <= end;
  const optional16 = (offset: number): number | undefined =>
    has(offset, 2) ? u16le(b, at + offset) : undefined;
  const capabilities = optional16(140);
  const high = optional16(136);
  const known = DEPTHS[optional16(128) ?? 0] ?? DEPTHS[u16le(b, at + 8)];
  const depth = high !== undefined && high > 0 && high <= 24 ? high : known;
  return {
    version: u32le(b, at),
    width: u16le(b, at + 4),
    height: u16le(b, at + 6),
    colorDepth: capabilities !== undefined && (capabilities & WANTS_32_BITS) !== 0 ? 32 : depth,
    keyboardLayout: u32le(b, at + 12),
    build: u32le(b, at + 16),
    name: utf16le(b, at + 20, at + 52),
    keyboardType: u32le(b, at + 52),
    keyboardSubtype: u32le(b, at + 56),
    functionKeys: u32le(b, at + 60),
    ime: utf16le(b, at + 64, at + 128),
    productId: optional16(130),
    serial: has(132, 4) ? u32le(b, at + 132) : undefined,
    capabilities,
    digitalId: has(142, 64) ? utf16le(b, at + 142, at + 206) : undefined,
    connectionHint: has(206, 1) ? b[at + 206] : undefined,
  };
}
