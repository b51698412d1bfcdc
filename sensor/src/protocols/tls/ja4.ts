// JA4, the TLS client fingerprint that survives shuffled extensions (FoxIO, BSD-3-Clause part of the JA4 family).
import { sha256Hex } from '../../bytes/hash.ts';
import { hex8, hex16 } from '../../bytes/text.ts';
import {
  alpnRanges,
  cipherSuites,
  EXT_ALPN,
  EXT_SERVER_NAME,
  EXT_SIGNATURE_ALGORITHMS,
  extensionTypes,
  findExtension,
  type Hello,
  isGrease,
  numberList,
  supportedVersions,
} from './hello.ts';

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
  const [at, end] = alpnRanges(h);
  if (at === undefined || at === end) return '00';
  const first = h.bytes[at];
  const last = h.bytes[end - 1];
  if (isAlphanumeric(first) && isAlphanumeric(last)) return String.fromCharCode(first, last);
  return hex8(first)[0] + hex8(last)[1];
}

const digest = (text: string): string => (text === '' ? EMPTY_LIST : sha256Hex(text).substring(0, 12));
const count = (n: number): string => (n < 10 ? `0${n}` : n > 99 ? '99' : String(n));

/** Four hex digits each, with commas; their order as numbers is their order as text. */
function hexList(list: readonly number[]): string {
  let text = '';
  for (let i = 0; i < list.length; i++) text += i === 0 ? hex16(list[i]) : ',' + hex16(list[i]);
  return text;
}

function withoutGrease(list: number[]): number[] {
  let kept = 0;
  for (const value of list) if (!isGrease(value)) list[kept++] = value;
  list.length = kept;
  return list;
}

const ascending = (a: number, b: number): number => a - b;

/** @param transport t TCP, q QUIC, d DTLS */
export function ja4(h: Hello, transport: 't' | 'q' | 'd'): string {
  let version = 0;
  for (const offered of supportedVersions(h)) if (!isGrease(offered) && offered > version) version = offered;
  const ciphers = withoutGrease(cipherSuites(h));
  const extensions = withoutGrease(extensionTypes(h));
  const named = findExtension(h, EXT_SERVER_NAME) >= 0 ? 'd' : 'i';
  const a =
    transport +
    (VERSIONS[version === 0 ? h.version : version] ?? '00') +
    named +
    count(ciphers.length) +
    count(extensions.length) +
    alpnMark(h);
  const b = digest(hexList(ciphers.sort(ascending)));
  const sorted = hexList(extensions.filter((v) => v !== EXT_SERVER_NAME && v !== EXT_ALPN).sort(ascending));
  const algorithms = hexList(numberList(h, EXT_SIGNATURE_ALGORITHMS));
  const c = digest(sorted === '' ? '' : algorithms === '' ? sorted : `${sorted}_${algorithms}`);
  return `${a}_${b}_${c}`;
}
