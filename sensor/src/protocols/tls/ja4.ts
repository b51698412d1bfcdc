// JA4, the TLS client fingerprint that survives shuffled extensions (FoxIO, BSD-3-Clause part of the JA4 family).
import { sha256Hex } from '../../bytes/hash.ts';
import { u16 } from '../../bytes/read.ts';
import { hex8, hex16 } from '../../bytes/text.ts';
import { dataEnd, EXT_ALPN, EXT_SERVER_NAME, type Hello, isGrease, offeredVersion } from './hello.ts';
import { Codes, Memory } from './memory.ts';

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

const isAlphanumeric = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);

/** First and last byte of the first ALPN value, or of its hex form when one of them is no letter or digit. */
function alpnMark(h: Hello): string {
  const at = h.alpnAt + 2;
  if (h.alpnAt < 0 || at >= dataEnd(h, h.alpnAt)) return '00';
  const last = at + h.bytes[at];
  if (last === at || last >= dataEnd(h, h.alpnAt)) return '00';
  const first = h.bytes[at + 1];
  const end = h.bytes[last];
  if (isAlphanumeric(first) && isAlphanumeric(end)) return String.fromCharCode(first, end);
  return hex8(first)[0] + hex8(end)[1];
}

const count = (n: number): string => (n < 10 ? `0${n}` : n > 99 ? '99' : String(n));

/** A list that is being sorted. A ClientHello has no more ciphers than this, and half as many extensions. */
const sorted = new Uint16Array(32_768);
let length = 0;
/** Programs have fewer; only a hostile hello's list is worth a real sort. */
const FEW = 64;

function add(value: number): void {
  if (length < sorted.length) sorted[length++] = value;
}

function sort(): void {
  if (length > FEW) {
    const list = Array.from({ length }, (_, i) => sorted[i]).sort((a, b) => a - b);
    for (let i = 0; i < length; i++) sorted[i] = list[i];
    return;
  }
  for (let i = 1; i < length; i++) {
    const value = sorted[i];
    let to = i;
    for (; to > 0 && sorted[to - 1] > value; to--) sorted[to] = sorted[to - 1];
    sorted[to] = value;
  }
}

/** Four hex digits each, with commas. */
function hexList(bytes: Uint8Array, at: number, end: number): string {
  let text = '';
  for (let i = at; i + 2 <= end; i += 2) {
    const value = u16(bytes, i);
    if (!isGrease(value)) text += text === '' ? hex16(value) : `,${hex16(value)}`;
  }
  return text;
}

function sortedText(): string {
  let text = '';
  for (let i = 0; i < length; i++) text += i === 0 ? hex16(sorted[i]) : `,${hex16(sorted[i])}`;
  return text;
}

const codes = new Codes();
const digests = new Memory<string>();
const digest = (text: string): string => (text === '' ? EMPTY_LIST : sha256Hex(text).substring(0, 12));

function cipherDigest(): string {
  sort();
  codes.length = 0;
  for (let i = 0; i < length; i++) codes.add(sorted[i]);
  return digests.of(codes.key(), () => digest(sortedText()));
}

/** Of the sorted extensions, and of the signature algorithms as they came. */
function extensionDigest(h: Hello): string {
  sort();
  const at = h.algorithmsAt;
  const from = at + 2;
  const end = at < 0 || dataEnd(h, at) < from ? from : Math.min(dataEnd(h, at), from + u16(h.bytes, at));
  codes.length = 0;
  for (let i = 0; i < length; i++) codes.add(sorted[i]);
  codes.add(0x0a0a);
  for (let i = from; i + 2 <= end; i += 2) codes.add(u16(h.bytes, i));
  return digests.of(codes.key(), () => {
    const text = sortedText();
    const algorithms = hexList(h.bytes, from, end);
    return digest(text === '' || algorithms === '' ? text : `${text}_${algorithms}`);
  });
}

export function ja4(h: Hello, transport: Transport): string {
  const { bytes } = h;
  length = 0;
  for (let at = h.ciphersAt; at + 2 <= h.ciphersEnd; at += 2)
    if (!isGrease(u16(bytes, at))) add(u16(bytes, at));
  const ciphers = length;
  const b = cipherDigest();
  length = 0;
  let extensions = 0;
  for (let at = h.extensionsAt; at < h.extensionsEnd; at += 4 + u16(bytes, at + 2)) {
    const type = u16(bytes, at);
    if (isGrease(type)) continue;
    extensions++;
    if (type !== EXT_SERVER_NAME && type !== EXT_ALPN) add(type);
  }
  const c = extensionDigest(h);
  const version = VERSIONS[offeredVersion(h)] ?? '00';
  const named = h.nameAt >= 0 ? 'd' : 'i';
  return `${transport}${version}${named}${count(ciphers)}${count(extensions)}${alpnMark(h)}_${b}_${c}`;
}
