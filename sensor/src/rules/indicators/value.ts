// A value as a list writes it, in the one form that is compared: defanged forms undone, names as A-labels, letters small.
import { domainToASCII } from 'node:url';
import { type Prefix, parseAddress, parsePrefix, type Words } from '../prefix.ts';
import type { IndicatorKind } from './kinds.ts';
import type { SetBuilder } from './set.ts';

/** Prefixes shorter than these would name half the internet. */
const LEAST_BITS = { 1: 8, 4: 16 } as const;
const MD5 = /^[0-9a-f]{32}$/;
const SHAPES: Readonly<Partial<Record<IndicatorKind, RegExp>>> = {
  ja3: MD5,
  ja3s: MD5,
  hassh: MD5,
  hasshserver: MD5,
  ja4: /^[tqd][0-9s][0-9][di]\d{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$/,
  'cert-sha1': /^[0-9a-f]{40}$/,
  'cert-sha256': /^[0-9a-f]{64}$/,
  'cert-serial': /^[0-9a-f]{1,64}$/,
};
const NOUNS: Readonly<Partial<Record<IndicatorKind, string>>> = {
  ja3: 'JA3 fingerprint',
  ja3s: 'JA3S fingerprint',
  ja4: 'JA4 fingerprint',
  hassh: 'HASSH fingerprint',
  hasshserver: 'HASSH fingerprint',
  'cert-sha1': 'SHA-1 hash',
  'cert-sha256': 'SHA-256 hash',
  'cert-serial': 'serial number in hexadecimal',
  address: 'address or CIDR prefix',
  endpoint: 'address with a port',
  url: 'URL',
  email: 'mail address',
};
const MAX_TEXT = 2_000;
const DOMAIN = /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/;
const ENDPOINT = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+))[:|](\d{1,5})$/;

export const noun = (kind: IndicatorKind): string => NOUNS[kind] ?? 'domain of two labels or more';
export const isFingerprint = (kind: IndicatorKind): boolean => SHAPES[kind] !== undefined;

const DEFANGED: readonly (readonly [RegExp, string])[] = [
  [/^(h|f)(xx|tt)p/i, ''],
  [/\[(?:\.|dot)\]|\((?:\.|dot)\)|\{(?:\.|dot)\}/gi, '.'],
  [/\[(?:@|at)\]|\((?:@|at)\)/gi, '@'],
  [/\[(:\/\/|:|\/)\]/g, '$1'],
];

/** `hxxp://evil[.]example` as it was before somebody made it harmless to click on. */
export function refanged(text: string): string {
  if (!/[[({]|^[hf]xx?p/i.test(text)) return text;
  let out = text.replace(/^hxx?p/i, 'http').replace(/^fxp/i, 'ftp');
  for (const [from, to] of DEFANGED.slice(1)) out = out.replace(from, to);
  return out;
}

/** @returns the name in A-labels, without a dot at either end or a star before it; undefined when it is none */
export function domainOf(text: string): string | undefined {
  const name = text
    .toLowerCase()
    .replace(/^\*?\./, '')
    .replace(/\.$/, '');
  const ascii = /^[\x21-\x7e]+$/.test(name) ? name : domainToASCII(name);
  return DOMAIN.test(ascii) && ascii.length <= 253 && !/^[\d.]+$/.test(ascii) ? ascii : undefined;
}

/** `host[:port]/path?query`: the scheme and its usual port, who logs in and the fragment do not count. */
export function urlOf(text: string): string | undefined {
  const parts = /^(?:([a-z][a-z0-9+.-]{0,15}):)?\/\/([^/?#]*)([^#]*)/i.exec(text);
  if (parts === null) return undefined;
  const authority = parts[2].slice(parts[2].lastIndexOf('@') + 1).toLowerCase();
  const split = /^(\[[0-9a-f:.]+\]|[^:]*)(?::(\d{1,5}))?$/.exec(authority);
  if (split === null || /[\s\p{Cc}]/u.test(parts[3])) return undefined;
  const host = /^[\d.]+$|^\[/.test(split[1]) ? split[1] : (domainOf(split[1]) ?? '');
  if (host === '' || (/^[\d.]+$/.test(host) && parseAddress(host) === undefined)) return undefined;
  const port = split[2] === undefined || split[2] === '80' || split[2] === '443' ? '' : `:${split[2]}`;
  const target = parts[3] === '' ? '/' : parts[3].startsWith('/') ? parts[3] : `/${parts[3]}`;
  return `${host}${port}${target}`;
}

/** `203.0.113.5:4444`, `[2001:db8::1]:4444`, and MISP's `203.0.113.5|4444`. */
export function endpointOf(text: string): { words: Words; port: number } | undefined {
  const parts = ENDPOINT.exec(text.toLowerCase());
  const words = parts === null ? undefined : parseAddress(parts[1] ?? parts[2]);
  const port = Number(parts?.[3]);
  return words === undefined || port < 1 || port > 65_535 ? undefined : { words, port };
}

/** A hash or a number, without the colons and blanks that it is written with. */
export const hexOf = (text: string): string => text.toLowerCase().replace(/[:\s]/g, '');

/** What the text looks like. */
export function guess(text: string): IndicatorKind {
  if (text.includes('://')) return 'url';
  if (ENDPOINT.test(text)) return 'endpoint';
  if (parsePrefix(text) !== undefined) return 'address';
  if (text.startsWith('@')) return 'email-domain';
  if (text.includes('@')) return 'email';
  if (SHAPES.ja4?.test(text)) return 'ja4';
  return 'domain';
}

const tooWide = ({ words, bits }: Prefix): string | undefined => {
  const least = LEAST_BITS[words.length as 1 | 4];
  return bits < least ? `a prefix shorter than /${least} names too much` : undefined;
};

/** @returns what is wrong with the value, or undefined when it was added */
export function addValue(
  set: SetBuilder,
  kind: IndicatorKind,
  given: string,
  label: number,
): string | undefined {
  const text = given.length > MAX_TEXT ? '' : refanged(given.trim());
  const wrong = `"${given.slice(0, 60)}" is no ${noun(kind)}`;
  const shape = SHAPES[kind];
  if (shape !== undefined) {
    const hex = kind === 'ja4' ? text.toLowerCase() : hexOf(text);
    if (!shape.test(hex)) return wrong;
    set.addText(kind, kind === 'cert-serial' ? serialOf(hex) : hex, label);
    return undefined;
  }
  switch (kind) {
    case 'address': {
      const prefix = parsePrefix(text.toLowerCase());
      if (prefix === undefined) return wrong;
      const wide = tooWide(prefix);
      if (wide === undefined) set.addPrefix(prefix.words, prefix.bits, label);
      return wide;
    }
    case 'endpoint': {
      const found = endpointOf(text);
      if (found === undefined) return wrong;
      set.addEndpoint(found.words, found.port, label);
      return undefined;
    }
    case 'url': {
      const url = urlOf(text.includes('//') ? text : `//${text}`);
      if (url === undefined) return wrong;
      set.addUrl(url, label);
      return undefined;
    }
    case 'email': {
      const mail = emailOf(text);
      if (mail === undefined) return wrong;
      set.addText(kind, mail, label);
      return undefined;
    }
    case 'domain':
    case 'email-domain': {
      const name = domainOf(text.replace(/^@/, ''));
      if (name === undefined) return wrong;
      set.addName(kind, name, label);
      return undefined;
    }
    default:
      if (text === '' || /\p{Cc}/u.test(text)) return `the ${kind} is empty, or no text`;
      set.addText(kind, text, label);
      return undefined;
  }
}

/** Without zeros before it: an INTEGER has one when it would be negative otherwise. */
export const serialOf = (hex: string): string => {
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return even.replace(/^(?:00)+(?=..)/, '');
};

function emailOf(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  const domain = at < 1 ? undefined : domainOf(text.slice(at + 1));
  const local = text.slice(0, at).toLowerCase();
  return domain === undefined || /[\s<>"\p{Cc}]/u.test(local) ? undefined : `${local}@${domain}`;
}

/** Mail addresses in one text that are looked at. */
const MAX_MAILS = 32;
const OF_MAIL = /[^\s<>"(),;:[\]]/;

/** Every address in a text such as `"A" <a@a.example>, b@b.example`, in lower case. Each begins behind the one before: linear in the text. */
export function mailsIn(text: string): string[] {
  const out: string[] = [];
  let behind = 0;
  for (let at = text.indexOf('@'); at >= 0 && out.length < MAX_MAILS; at = text.indexOf('@', behind)) {
    let from = at;
    while (from > behind && OF_MAIL.test(text[from - 1])) from--;
    let end = at + 1;
    while (end < text.length && OF_MAIL.test(text[end])) end++;
    behind = end;
    out.push(text.slice(from, end).toLowerCase());
  }
  return out;
}
