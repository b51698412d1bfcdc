// The Certificate message (RFC 5246 §7.4.2): where its certificates stand, and what the first one says once it is asked.
import { copyOf } from '../../bytes/copy.ts';
import { u24, u32 } from '../../bytes/read.ts';
import { type Certificate, readCertificate } from './certificate.ts';

/** Certificates that are counted. */
const MAX_CHAIN = 64;
/** Certificates that are remembered; then all are forgotten at once. */
const REMEMBERED = 4096;
const REMEMBERED_BYTES = 4 * 1024 * 1024;
/** A larger one is read each time. */
const MAX_REMEMBERED_BYTES = 8 * 1024;

interface Known {
  readonly der: Uint8Array;
  readonly certificate: Certificate | undefined;
}

/** By length and last bytes, which are a signature's: servers send the same certificate to everyone. */
const known = new Map<number, Known>();
let knownBytes = 0;

function isSame(der: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  if (der.length !== end - at) return false;
  for (let i = 0; i < der.length; i++) if (der[i] !== bytes[at + i]) return false;
  return true;
}

function remembered(bytes: Uint8Array, at: number, end: number): Certificate | undefined {
  if (end - at < 64 || end - at > MAX_REMEMBERED_BYTES) return readCertificate(bytes, at, end);
  const key = u32(bytes, end - 4) + (end - at) * 2 ** 32;
  const found = known.get(key);
  if (found !== undefined && isSame(found.der, bytes, at, end)) return found.certificate;
  if (known.size === REMEMBERED || knownBytes > REMEMBERED_BYTES) {
    known.clear();
    knownBytes = 0;
  }
  const certificate = readCertificate(bytes, at, end);
  knownBytes += end - at;
  known.set(key, { der: copyOf(bytes, at, end), certificate });
  return certificate;
}

export class Chain {
  #bytes: Uint8Array;
  /** The first certificate. */
  #at: number;
  #end: number;
  /** Certificates in the message. */
  readonly length: number;
  #isRead = false;
  #isKept = false;
  #leaf: Certificate | undefined;

  /** @param at the first byte behind the handshake header; at least three follow */
  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes;
    this.#at = at + 6;
    const last = Math.min(end, at + 3 + u24(bytes, at));
    let count = 0;
    let next = at + 3;
    this.#end = this.#at;
    // Ends: each turn goes at least three bytes on.
    while (next + 3 <= last && count < MAX_CHAIN) {
      const after = next + 3 + u24(bytes, next);
      if (count === 0) this.#end = Math.min(after, last);
      count++;
      next = after;
    }
    this.length = count;
  }

  /** Takes the first certificate along to a place of its own, once: the packet's bytes will be gone. */
  move(): void {
    if (this.#isRead || this.#isKept || this.#end <= this.#at) return;
    this.#isKept = true;
    this.#bytes = copyOf(this.#bytes, this.#at, this.#end);
    this.#end -= this.#at;
    this.#at = 0;
  }

  /** undefined when there is none, or it is no X.509. */
  get leaf(): Certificate | undefined {
    if (!this.#isRead) {
      this.#isRead = true;
      if (this.#end > this.#at) this.#leaf = remembered(this.#bytes, this.#at, this.#end);
    }
    return this.#leaf;
  }

  /** True when the first certificate is at least a DER sequence. */
  get isPlausible(): boolean {
    return this.length === 0 || (this.#end - this.#at > 4 && this.#bytes[this.#at] === 0x30);
  }
}
