// Where to listen: a host and a port, as people write them.
import { isIP } from 'node:net';

export interface Listen {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:9100`, `[::1]:9100`, or a port alone, which means loopback. @returns undefined when it is none of them */
export function listenOf(text: string): Listen | undefined {
  const match = /^(?:(\[[0-9a-f:.]+\]|[^:[\]]+):)?(\d{1,5})$/i.exec(text);
  if (match === null || Number(match[2]) > 65_535) return undefined;
  return { host: match[1]?.replace(/^\[|\]$/g, '') ?? '127.0.0.1', port: Number(match[2]) };
}

/** The same where only an address will do, not a name. */
export function addressOf(text: string): Listen | undefined {
  const found = listenOf(text);
  return found !== undefined && isIP(found.host) !== 0 ? found : undefined;
}

/** `10.0.0.0/8`, `2001:db8::/32`, or an address alone. @returns undefined when it is none of them */
export function prefixOf(text: string): { address: string; length: number; family: 4 | 6 } | undefined {
  const [address, length, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return undefined;
  const most = family === 4 ? 32 : 128;
  if (length !== undefined && !(/^\d{1,3}$/.test(length) && Number(length) <= most)) return undefined;
  return { address, length: Number(length ?? most), family: family as 4 | 6 };
}
