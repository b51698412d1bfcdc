// JA4, the TLS client fingerprint that survives shuffled extensions (FoxIO, BSD-3-Clause part of the JA4 family).
import { sha256Hex } from '../../bytes/hash.ts';
import type { JsonBytes } from '../../bytes/json.ts';
import { u16 } from '../../bytes/read.ts';
import { hex8, hex16, latin1 } from '../../bytes/text.ts';
import { DIGEST_LENGTH, Digests, Row } from './digests.ts';
import {
  dataEnd,
  EXT_ALPN,
  EXT_SERVER_NAME,
  extensionTypes,
  type Hello,
  isGrease,
  offeredVersion,
} from './hello.ts';

/** t TCP, q QUIC, d DTLS. */
export type Transport = 't' | 'q' | 'd';

const VERSIONS: Readonly<Record<number, string>> = {
  772: '13',
  771: '12',
  770: '11',
  769: '10',
  768: 's3',
  2: 's2',
  65279: 'd1',
  65277: 'd2',
  65276: 'd3',
};
const EMPTY_LIST = '000000000000';
const ZERO = 0x30;
const UNDERSCORE = 0x5f;
/** A name, or an address. */
const D = 0x64;
const I = 0x69;

/** `t13d1516h2_8daaf6152771_e5627efa2ab1`: where its parts stand. */
const VERSION_AT = 1;
const NAMED_AT = 3;
const CIPHERS_AT = 4;
const EXTENSIONS_AT = 6;
const ALPN_AT = 8;
const CIPHER_DIGEST_AT = 11;
const EXTENSION_DIGEST_AT = CIPHER_DIGEST_AT + DIGEST_LENGTH + 1;
const LENGTH = EXTENSION_DIGEST_AT + DIGEST_LENGTH;

/** The fingerprint at hand, in whole words. */
const words = new Float64Array(Math.ceil(LENGTH / 8));
const text = new Uint8Array(words.buffer);
text[CIPHER_DIGEST_AT - 1] = text[EXTENSION_DIGEST_AT - 1] = UNDERSCORE;

function put(at: number, two: string): void {
  text[at] = two.charCodeAt(0);
  text[at + 1] = two.charCodeAt(1);
}

function putCount(at: number, count: number): void {
  const shown = count > 99 ? 99 : count;
  const tens = (shown / 10) | 0;
  text[at] = ZERO + tens;
  text[at + 1] = ZERO + shown - 10 * tens;
}

const isAlphanumeric = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);

/** First and last byte of the first ALPN value, or of its hex form when one of them is no letter or digit. */
function putAlpn(h: Hello): void {
  text[ALPN_AT] = text[ALPN_AT + 1] = ZERO;
  const at = h.alpnAt + 2;
  if (h.alpnAt < 0 || at >= dataEnd(h, h.alpnAt)) return;
  const last = at + h.bytes[at];
  if (last === at || last >= dataEnd(h, h.alpnAt)) return;
  const first = h.bytes[at + 1];
  const end = h.bytes[last];
  if (isAlphanumeric(first) && isAlphanumeric(end)) {
    text[ALPN_AT] = first;
    text[ALPN_AT + 1] = end;
  } else put(ALPN_AT, hex8(first)[0] + hex8(end)[1]);
}

const ascending = (a: number, b: number): number => a - b;
const hexList = (list: readonly number[]): string => list.map(hex16).join(',');
const digest = (list: string): string =>
  list === '' ? EMPTY_LIST : sha256Hex(list).substring(0, DIGEST_LENGTH);

/** Numbers of 16 bits in `[at, end)` without GREASE. */
function numbers(bytes: Uint8Array, at: number, end: number): number[] {
  const list: number[] = [];
  for (let i = at; i + 2 <= end; i += 2) if (!isGrease(u16(bytes, i))) list.push(u16(bytes, i));
  return list;
}

/** GREASE is noise, and the name and the protocols have letters of their own. */
const isDigested = (type: number): boolean =>
  !isGrease(type) && type !== EXT_SERVER_NAME && type !== EXT_ALPN;

const algorithmsEnd = (h: Hello): number => {
  const from = h.algorithmsAt + 2;
  return h.algorithmsAt < 0 || dataEnd(h, h.algorithmsAt) < from
    ? from
    : Math.min(dataEnd(h, h.algorithmsAt), from + u16(h.bytes, h.algorithmsAt));
};

const cipherDigest = (h: Hello): string =>
  digest(hexList(numbers(h.bytes, h.ciphersAt, h.ciphersEnd).sort(ascending)));

/** Of the sorted extensions, and of the signature algorithms as they came. */
function extensionDigest(h: Hello): string {
  const types = hexList(extensionTypes(h).filter(isDigested).sort(ascending));
  const algorithms = hexList(numbers(h.bytes, h.algorithmsAt + 2, algorithmsEnd(h)));
  return digest(types === '' || algorithms === '' ? types : `${types}_${algorithms}`);
}

const row = new Row();
const cipherDigests = new Digests(cipherDigest);
const extensionDigests = new Digests(extensionDigest);

/** Of the ciphers as they came: programs do not shuffle them. */
function putCiphers(h: Hello): void {
  const { bytes, ciphersEnd } = h;
  row.length = 0;
  for (let at = h.ciphersAt; at + 2 <= ciphersEnd; at += 2) {
    const cipher = u16(bytes, at);
    if (!isGrease(cipher)) row.add(cipher);
  }
  putCount(CIPHERS_AT, row.length);
  cipherDigests.write(row, h, text, CIPHER_DIGEST_AT);
}

/** Types below it, which are nearly all, are put in order as bits of four numbers; then stands how many others there are. */
const BITS = 64;
const OTHERS = 5;

/** Of the extensions, in whatever order they came, and the algorithms. */
function putExtensions(h: Hello): void {
  const { bytes, extensionsEnd } = h;
  let low = 0;
  let high = 0;
  let count = 0;
  row.length = OTHERS;
  // Ends: each turn goes at least four bytes on.
  for (let at = h.extensionsAt; at < extensionsEnd; at += 4 + u16(bytes, at + 2)) {
    const type = u16(bytes, at);
    if (isGrease(type)) continue;
    count++;
    if (type === EXT_SERVER_NAME || type === EXT_ALPN) continue;
    const bit = 1 << (type & 31);
    // One that came before is counted again.
    if (type >= BITS || ((type < 32 ? low : high) & bit) !== 0) row.insert(type, OTHERS);
    else if (type < 32) low |= bit;
    else high |= bit;
  }
  putCount(EXTENSIONS_AT, count);
  const { codes } = row;
  codes[0] = low;
  codes[1] = low >>> 16;
  codes[2] = high;
  codes[3] = high >>> 16;
  codes[4] = row.length;
  const end = algorithmsEnd(h);
  for (let at = h.algorithmsAt + 2; at + 2 <= end; at += 2) {
    const algorithm = u16(bytes, at);
    if (!isGrease(algorithm)) row.add(algorithm);
  }
  extensionDigests.write(row, h, text, EXTENSION_DIGEST_AT);
}

function make(h: Hello, transport: Transport): void {
  text[0] = transport.charCodeAt(0);
  put(VERSION_AT, VERSIONS[offeredVersion(h)] ?? '00');
  text[NAMED_AT] = h.nameAt >= 0 ? D : I;
  putCiphers(h);
  putExtensions(h);
  putAlpn(h);
}

export function ja4(h: Hello, transport: Transport): string {
  make(h, transport);
  return latin1(text, 0, LENGTH);
}

/** The same, without quotes. */
export function writeJa4(h: Hello, transport: Transport, out: JsonBytes): void {
  make(h, transport);
  out.packed(words, 0, LENGTH);
}
