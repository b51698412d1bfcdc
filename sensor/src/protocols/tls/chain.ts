// The Certificate message (RFC 5246 §7.4.2): where its certificates stand, and what the first one says once it is asked.
import { copyOf } from '../../bytes/copy.ts';
import { u24, viewOf } from '../../bytes/read.ts';
import { keptView } from '../../bytes/words.ts';
import { type Certificate, readCertificate } from './certificate.ts';

/** Certificates that are counted. */
const MAX_CHAIN = 64;
/** Certificates that are remembered, and their bytes; then all are forgotten at once. */
const REMEMBERED = 4096;
const REMEMBERED_BYTES = 4 * 1024 * 1024;
/** A larger one is read each time, and one that is too small is none. */
const MAX_REMEMBERED_BYTES = 8 * 1024;
const LEAST_BYTES = 64;

/** id-ecPublicKey, and then a curve spelt out where its name belongs (RFC 5480 §2.1.1 allows the name alone). */
const OWN_CURVE = [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x30] as const;
/** Of these the one that is rare elsewhere in certificates, and its place. */
const RARE = 0xce;
const RARE_AT = 5;

interface Known {
  readonly der: DataView;
  readonly certificate: Certificate | undefined;
}

/** Servers send the same certificate to everyone. */
const known = new Map<number, Known>();
let knownBytes = 0;

/** Of length and last bytes, which are a signature's; 30 bits, for larger numbers are objects. */
const keyOf = (view: DataView, at: number, end: number): number =>
  (view.getInt32(end - 4, true) ^ (end - at)) >>> 2;

function isSame(der: DataView, view: DataView, at: number, end: number): boolean {
  const length = end - at;
  if (der.byteLength !== length) return false;
  let i = 0;
  for (; i + 4 <= length; i += 4) if (der.getInt32(i, true) !== view.getInt32(at + i, true)) return false;
  for (; i < length; i++) if (der.getUint8(i) !== view.getUint8(at + i)) return false;
  return true;
}

/** What is remembered of these very bytes. */
function find(bytes: Uint8Array, at: number, end: number): Known | undefined {
  if (end - at < LEAST_BYTES || end - at > MAX_REMEMBERED_BYTES) return undefined;
  const view = keptView(bytes);
  const found = known.get(keyOf(view, at, end));
  return found !== undefined && isSame(found.der, view, at, end) ? found : undefined;
}

function remember(bytes: Uint8Array, at: number, end: number): Certificate | undefined {
  const certificate = readCertificate(bytes, at, end);
  if (end - at < LEAST_BYTES || end - at > MAX_REMEMBERED_BYTES) return certificate;
  if (known.size === REMEMBERED || knownBytes > REMEMBERED_BYTES) {
    known.clear();
    knownBytes = 0;
  }
  knownBytes += end - at;
  known.set(keyOf(keptView(bytes), at, end), { der: viewOf(copyOf(bytes, at, end)), certificate });
  return certificate;
}

export class Chain {
  #bytes: Uint8Array;
  /** The first certificate. */
  #at: number;
  #end: number;
  /** Where the last certificate of the message ends. */
  readonly #last: number;
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
    this.#last = Math.max(last, this.#at);
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

  /** Takes the first certificate along to a place of its own, once, unless it is known: the packet's bytes will be gone. */
  move(): void {
    if (this.#isRead || this.#isKept || this.#end <= this.#at) return;
    const found = find(this.#bytes, this.#at, this.#end);
    if (found !== undefined) {
      this.#isRead = true;
      this.#leaf = found.certificate;
      return;
    }
    this.#isKept = true;
    this.#bytes = copyOf(this.#bytes, this.#at, this.#end);
    this.#end -= this.#at;
    this.#at = 0;
  }

  /** undefined when there is none, or it is no X.509. */
  get leaf(): Certificate | undefined {
    if (!this.#isRead) {
      this.#isRead = true;
      const found = this.#end > this.#at ? find(this.#bytes, this.#at, this.#end) : undefined;
      if (found !== undefined) this.#leaf = found.certificate;
      else if (this.#end > this.#at) this.#leaf = remember(this.#bytes, this.#at, this.#end);
    }
    return this.#leaf;
  }

  /** True when a key of any of them stands on a curve of its own. To be asked while the packet is there. */
  get hasOwnCurve(): boolean {
    const b = this.#bytes;
    const last = this.#last - OWN_CURVE.length;
    // Ends: each turn begins behind the find before it.
    for (let from = this.#at + RARE_AT; ; ) {
      const at = b.indexOf(RARE, from) - RARE_AT;
      if (at < 0 || at > last) return false;
      let i = 0;
      while (i < OWN_CURVE.length && b[at + i] === OWN_CURVE[i]) i++;
      if (i === OWN_CURVE.length) return true;
      from = at + RARE_AT + 1;
    }
  }

  /** True when the first certificate is at least a DER sequence. */
  get isPlausible(): boolean {
    return this.length === 0 || (this.#end - this.#at > 4 && this.#bytes[this.#at] === 0x30);
  }
}
