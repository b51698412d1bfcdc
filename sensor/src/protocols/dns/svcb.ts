// Data of SVCB and HTTPS records (RFC 9460): where a service is, what it speaks, and whether it hides its names (ECH).
import { ipv4Text, ipv6Text } from '../../bytes/address.ts';
import { u16, u32 } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/text.ts';
import { nameText, skipName } from './name.ts';

export const ALPN = 1;
export const PORT = 3;
export const IPV4_HINT = 4;
export const ECH = 5;
export const IPV6_HINT = 6;
const KEYS = [
  'mandatory',
  'alpn',
  'no-default-alpn',
  'port',
  'ipv4hint',
  'ech',
  'ipv6hint',
  'dohpath',
  'ohttp',
];

/** Parameters of a record, and elements of one, that are looked at. */
const MAX_PARAMETERS = 16;
const MAX_ELEMENTS = 16;
/** Length of one protocol's name that is shown. */
const MAX_ALPN = 32;

/** Where a parameter's value begins, and its length two bytes before; -1 when it is not there. */
export function parameter(b: Uint8Array, at: number, end: number, key: number): number {
  let next = end - at > 2 ? skipName(b, at + 2, end) : -1;
  if (next < 0) return -1;
  for (let i = 0; i < MAX_PARAMETERS && next + 4 <= end; i++) {
    const stop = next + 4 + u16(b, next + 2);
    if (stop > end) return -1;
    if (u16(b, next) === key) return next + 4;
    next = stop;
  }
  return -1;
}

export const target = (b: Uint8Array, at: number, end: number): string => nameText(b, at + 2, at + 2, end);

/** The value of one parameter as text, lists with commas; undefined when it is not there, or says nothing as text. */
export function parameterText(b: Uint8Array, at: number, end: number, key: number): string | undefined {
  const from = parameter(b, at, end, key);
  return from < 0 ? undefined : valueText(b, from, from + u16(b, from - 2), key);
}

function valueText(b: Uint8Array, from: number, to: number, key: number): string | undefined {
  if (key === PORT) return to - from === 2 ? String(u16(b, from)) : undefined;
  const step = key === IPV4_HINT ? 4 : 16;
  if (key !== ALPN && key !== IPV4_HINT && key !== IPV6_HINT) return undefined;
  const values: string[] = [];
  while (values.length < MAX_ELEMENTS && from < to) {
    if (key === ALPN) {
      const stop = from + 1 + b[from];
      if (stop > to) break;
      values.push(latin1(b, from + 1, Math.min(stop, from + 1 + MAX_ALPN)).replace(/[^\x20-\x7e]/g, '?'));
      from = stop;
    } else {
      if (from + step > to) break;
      values.push(
        step === 4
          ? ipv4Text(u32(b, from))
          : ipv6Text(u32(b, from), u32(b, from + 4), u32(b, from + 8), u32(b, from + 12)),
      );
      from += step;
    }
  }
  return values.join(',');
}

/** `1 . alpn=h2,h3 ipv4hint=…`: the keys of an ECH configuration are not shown, only that there is one. */
export function svcbText(b: Uint8Array, at: number, end: number): string | undefined {
  if (end - at < 3) return undefined;
  let next = skipName(b, at + 2, end);
  if (next < 0) return undefined;
  let text = `${u16(b, at)} ${target(b, at, end)}.`;
  for (let i = 0; i < MAX_PARAMETERS && next + 4 <= end; i++) {
    const key = u16(b, next);
    const stop = next + 4 + u16(b, next + 2);
    if (stop > end) break;
    const value = valueText(b, next + 4, stop, key);
    text += ` ${KEYS[key] ?? `key${key}`}${value === undefined ? '' : `=${value}`}`;
    next = stop;
  }
  return text;
}
