// JA3 and JA3S: fingerprints of the two hellos in wire order (salesforce/ja3).
import { u16 } from '../../bytes/read.ts';
import { dataEnd, type Hello, isGrease } from './hello.ts';

/** Numbers of 16 bits in `[at, end)`, decimal, without GREASE. */
function plain(bytes: Uint8Array, at: number, end: number): string {
  let text = '';
  for (let i = at; i + 2 <= end; i += 2) {
    const value = u16(bytes, i);
    if (!isGrease(value)) text += text === '' ? value : `-${value}`;
  }
  return text;
}

function extensions(h: Hello, withGrease: boolean): string {
  let text = '';
  for (let at = h.extensionsAt; at < h.extensionsEnd; at += 4 + u16(h.bytes, at + 2)) {
    const type = u16(h.bytes, at);
    if (withGrease || !isGrease(type)) text += text === '' ? type : `-${type}`;
  }
  return text;
}

/** A list of 16-bit numbers behind its own 16-bit length. */
function groups(h: Hello): string {
  const at = h.groupsAt;
  if (at < 0 || dataEnd(h, at) < at + 2) return '';
  return plain(h.bytes, at + 2, Math.min(dataEnd(h, at), at + 2 + u16(h.bytes, at)));
}

function pointFormats(h: Hello): string {
  const at = h.formatsAt;
  if (at < 0 || dataEnd(h, at) < at + 1) return '';
  const end = Math.min(dataEnd(h, at), at + 1 + h.bytes[at]);
  let text = '';
  for (let i = at + 1; i < end; i++) text += text === '' ? h.bytes[i] : `-${h.bytes[i]}`;
  return text;
}

/** `version,ciphers,extensions,groups,point formats`, decimal, without GREASE. JA3 is its MD5. */
export const ja3Text = (h: Hello): string =>
  `${h.version},${plain(h.bytes, h.ciphersAt, h.ciphersEnd)},${extensions(h, false)},${groups(h)},${pointFormats(h)}`;

/** `version,cipher,extensions` of the ServerHello. JA3S is its MD5. */
export const ja3sText = (h: Hello): string =>
  `${h.version},${u16(h.bytes, h.ciphersAt)},${extensions(h, true)}`;
