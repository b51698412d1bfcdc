// SSH_MSG_KEXINIT (RFC 4253 §7.1): what a side can do, its HASSH, and what two sides agree upon.
import { copyOf } from '../../bytes/copy.ts';
import { md5Hex } from '../../bytes/hash.ts';
import { u32 } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/text.ts';

const COOKIE = 16;
const LISTS = 10;

/** Order of the name-lists in the message. */
export const KEX = 0;
export const HOST_KEY = 1;
export const CIPHER_TO_SERVER = 2;
export const CIPHER_TO_CLIENT = 3;
export const MAC_TO_SERVER = 4;
export const MAC_TO_CLIENT = 5;
export const COMPRESSION_TO_SERVER = 6;
export const COMPRESSION_TO_CLIENT = 7;

export class KexInit {
  readonly #bytes: Uint8Array;
  /** Start of each list; its length stands in the four bytes before. */
  readonly #at: readonly number[];
  #hassh: string | undefined;

  constructor(bytes: Uint8Array, at: readonly number[]) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** A list as it was sent, names parted by commas. */
  list(which: number): string {
    const at = this.#at[which];
    return latin1(this.#bytes, at, at + u32(this.#bytes, at - 4));
  }

  /** What HASSH is the digest of. @param toClient the server's form */
  hasshString(toClient: boolean): string {
    const side = toClient ? 1 : 0;
    return [KEX, CIPHER_TO_SERVER + side, MAC_TO_SERVER + side, COMPRESSION_TO_SERVER + side]
      .map((which) => this.list(which))
      .join(';');
  }

  hassh(toClient: boolean): string {
    return (this.#hassh ??= md5Hex(this.hasshString(toClient)));
  }
}

/** @returns undefined when the lists do not fit into `[at, end)`, the message behind its type */
export function readKexInit(b: Uint8Array, at: number, end: number): KexInit | undefined {
  const starts: number[] = [];
  let next = at + COOKIE;
  for (let n = 0; n < LISTS; n++) {
    if (end - next < 4) return undefined;
    const length = u32(b, next);
    next += 4;
    if (end - next < length) return undefined;
    starts.push(next - at);
    next += length;
  }
  return new KexInit(copyOf(b, at, next), starts);
}

/** The client's first choice that the server has too (RFC 4253 §7.1). */
export function agreed(client: KexInit, server: KexInit, which: number): string | undefined {
  const offered = new Set(server.list(which).split(','));
  return client
    .list(which)
    .split(',')
    .find((name) => name !== '' && offered.has(name));
}
