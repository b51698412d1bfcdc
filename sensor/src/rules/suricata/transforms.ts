// What a rule makes of a buffer before it looks into it. Texts hold one byte a character.
import { createHash } from 'node:crypto';
import { parseWhole } from './bounds.ts';
import { unescaped } from './content.ts';
import { invalid, unsupported } from './fault.ts';
import type { Option } from './signature.ts';

export interface Transform {
  /** The same words, the same outcome. */
  readonly key: string;
  readonly make: (text: string) => string;
  /** A literal of the outcome stands, but for case, in what it was made of: all but the characters that were added before it. */
  readonly keeps: boolean;
}

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');
const digest = (name: string) => (text: string) =>
  createHash(name).update(bytesOf(text)).digest().toString('latin1');

/** Two or more labels deep this may not be the registered name: public suffixes of more labels are not known here. */
const lastLabels = (text: string, count: number): string => text.split('.').slice(-count).join('.');

function percentDecoded(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Names of header fields in lower case, their values as they are. */
const headerLower = (text: string): string => text.replace(/^[^:\r\n]*:/gm, (name) => name.toLowerCase());

const plain: Readonly<Record<string, Omit<Transform, 'key'>>> = {
  dotprefix: { make: (text) => `.${text}`, keeps: true },
  to_lowercase: { make: (text) => text.toLowerCase(), keeps: true },
  to_uppercase: { make: (text) => text.toUpperCase(), keeps: true },
  strip_whitespace: { make: (text) => text.replace(/[ \t\n\v\f\r]+/g, ''), keeps: false },
  compress_whitespace: { make: (text) => text.replace(/[ \t\n\v\f\r]+/g, ' '), keeps: false },
  to_md5: { make: digest('md5'), keeps: false },
  to_sha1: { make: digest('sha1'), keeps: false },
  to_sha256: { make: digest('sha256'), keeps: false },
  url_decode: { make: percentDecoded, keeps: false },
  header_lowercase: { make: headerLower, keeps: true },
  strip_pseudo_headers: { make: (text) => text.replace(/^:[^\r\n]*\r\n/gm, ''), keeps: false },
  tld: { make: (text) => lastLabels(text, 1), keeps: true },
  domain: { make: (text) => lastLabels(text, 2), keeps: true },
};

const REFUSED: Readonly<Record<string, string>> = {
  pcrexform: 'it takes what an expression captured, which our engine does not keep',
  luaxform: 'it runs a program of Lua',
  gunzip: 'it unpacks, and what is packed is payload',
  zlib_deflate: 'it unpacks, and what is packed is payload',
};

/** @returns undefined when the option is no transformation @throws RuleFault */
export function parseTransform(option: Option): Transform | undefined {
  const { name, value, valueAt } = option;
  const found = plain[name];
  if (found !== undefined) {
    if (value !== undefined) throw invalid(name, `"${name}" takes no value`, valueAt);
    return { key: name, ...found };
  }
  if (REFUSED[name] !== undefined)
    throw unsupported(name, `"${name}" is refused: ${REFUSED[name]}`, option.at);
  if (name === 'xor') return xor(option);
  if (name === 'from_base64') return fromBase64(option);
  if (name === 'subslice') return subslice(option);
  return undefined;
}

function xor(option: Option): Transform {
  const text = (option.value ?? '').replaceAll('"', '').trim();
  if (!/^([0-9a-fA-F]{2})+$/.test(text))
    throw invalid('xor', 'a key of bytes in hexadecimal, two digits each', option.valueAt);
  const key = Buffer.from(text, 'hex');
  const make = (plainText: string): string => {
    const bytes = bytesOf(plainText);
    for (let i = 0; i < bytes.length; i++) bytes[i] ^= key[i % key.length];
    return bytes.toString('latin1');
  };
  return { key: `xor ${text}`, make, keeps: false };
}

function fromBase64(option: Option): Transform {
  let offset = 0;
  let count = Number.POSITIVE_INFINITY;
  let mode = 'rfc4648';
  for (const part of (option.value ?? '').split(',')) {
    const [word, given = ''] = part.trim().split(/\s+/);
    if (word === '') continue;
    if (word === 'offset') offset = parseWhole(option, 0, 65_535, given);
    else if (word === 'bytes') count = parseWhole(option, 1, 65_535, given);
    else if (word === 'mode' && /^(rfc4648|rfc2045|strict)$/i.test(given)) mode = given.toLowerCase();
    else throw invalid('from_base64', `"${part.trim()}" means nothing to from_base64`, option.valueAt);
  }
  const make = (text: string): string => {
    const piece = text.slice(offset, offset + count);
    if (mode === 'rfc2045') return Buffer.from(piece, 'base64').toString('latin1');
    const end = /[^A-Za-z0-9+/]/.exec(piece)?.index ?? piece.length;
    return mode === 'strict' && !/^[A-Za-z0-9+/]*={0,2}$/.test(piece)
      ? ''
      : Buffer.from(piece.slice(0, end), 'base64').toString('latin1');
  };
  return { key: `from_base64 ${offset} ${count} ${mode}`, make, keeps: false };
}

/** `offset[, bytes][, truncate]`: negative ones count from the end. */
function subslice(option: Option): Transform {
  const words = (option.value ?? '').split(',').map((word) => word.trim());
  const truncate = words.at(-1) === 'truncate';
  if (truncate) words.pop();
  const [offset, count] = words.map((word) => parseWhole(option, -65_535, 65_535, word));
  if (words.length < 1 || words.length > 2 || offset === undefined)
    throw invalid('subslice', 'an offset, and how many bytes', option.valueAt);
  const make = (text: string): string => {
    const { length } = text;
    let from = offset < 0 ? length + offset : offset;
    if (from < 0) {
      if (!truncate) return '';
      from = 0;
    }
    let to = count === undefined ? length : count < 0 ? length + count : from + count;
    if (offset < 0 && count !== undefined && count >= 0 && truncate && length + offset < 0)
      to = Math.min(count, length);
    if (to > length) {
      if (!truncate) return '';
      to = length;
    }
    return to > from ? text.slice(from, to) : '';
  };
  return { key: `subslice ${offset} ${count} ${truncate}`, make, keeps: false };
}

/** The bytes of a hexadecimal or plain text as datasets have them. */
export const bytesOfText = (text: string): string => unescaped('dataset', text, 0);
