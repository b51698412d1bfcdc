// Protection of Initial packets (RFC 9001 §5): its keys follow from what both ends and everybody between them can read.
import { Aes128, openGcm } from '../../bytes/aes.ts';
import { copyOf } from '../../bytes/copy.ts';
import { DIGEST, HmacKey, labelled } from '../../bytes/hkdf.ts';
import type { LongHeader } from './header.ts';
import type { Schedule } from './versions.ts';

const KEY = 16;
const NONCE = 12;
/** Of the header protection's sample, and of an AES block. */
const SAMPLE = 16;
const RESERVED = 0x0c;
const CLIENT = labelled('client in', DIGEST);
const SERVER = labelled('server in', DIGEST);
/** Frames of Initial packets (RFC 9000 §12.4). */
const FRAMES = new Set([0x00, 0x01, 0x02, 0x03, 0x06, 0x1c]);

/** Working room: all of it is written anew for each packet. */
const hmac = new HmacKey(new Uint8Array(0));
const aes = new Aes128();
const digest = new Uint8Array(DIGEST);
const block = new Uint8Array(SAMPLE);
const counter = new Uint8Array(SAMPLE);
const nonce = new Uint8Array(NONCE);

/** Keys of one side's Initial packets. */
class Side {
  readonly #schedule: Schedule;
  readonly #secret: Uint8Array;
  readonly #hp: Uint8Array;
  #key: Uint8Array | undefined;
  #iv: Uint8Array | undefined;
  /** The highest packet number so far. */
  #last = -1;

  constructor(schedule: Schedule, secret: Uint8Array) {
    this.#schedule = schedule;
    this.#secret = secret;
    this.#hp = this.#expand(schedule.hp, KEY);
  }

  #expand(info: Uint8Array, length: number): Uint8Array {
    hmac.replace(this.#secret);
    hmac.sign(info, 0, info.length, digest);
    return copyOf(digest, 0, length);
  }

  /** @returns the frames; undefined when these are not the keys */
  open(bytes: Uint8Array, h: LongHeader): Uint8Array | undefined {
    const numberAt = h.restAt;
    if (numberAt + 4 + SAMPLE > h.end) return undefined;
    aes.replace(this.#hp).encrypt(bytes, numberAt + 4, block);
    const first = bytes[h.at] ^ (block[0] & 0x0f);
    if ((first & RESERVED) !== 0) return undefined;
    const length = (first & 3) + 1;
    const about = copyOf(bytes, h.at, numberAt + length);
    about[0] = first;
    let truncated = 0;
    for (let i = 0; i < length; i++) {
      const byte = bytes[numberAt + i] ^ block[1 + i];
      about[numberAt - h.at + i] = byte;
      truncated = truncated * 256 + byte;
    }
    const number = wholeNumber(truncated, 256 ** length, this.#last + 1);
    this.#key ??= this.#expand(this.#schedule.key, KEY);
    this.#iv ??= this.#expand(this.#schedule.iv, NONCE);
    nonce.set(this.#iv);
    for (let i = NONCE - 1, rest = number; rest > 0; i--, rest = Math.floor(rest / 256))
      nonce[i] ^= rest & 255;
    const from = numberAt + length;
    if (!this.#schedule.isGoogle && !FRAMES.has(this.#firstByte(bytes[from]))) return undefined;
    const frames = openGcm(this.#key, nonce, about, bytes, from, h.end);
    if (frames !== undefined) this.#last = Math.max(this.#last, number);
    return frames;
  }

  /** What the first byte is in clear, for which one block is enough: wrong keys are seldom worth the whole. */
  #firstByte(byte: number): number {
    counter.set(nonce);
    counter[15] = 2;
    aes.replace(this.#key as Uint8Array).encrypt(counter, 0, block);
    return byte ^ block[0];
  }
}

/** The packet number nearest to the expected one that ends in these bytes (RFC 9000 §A.3). */
function wholeNumber(truncated: number, window: number, expected: number): number {
  const candidate = expected - (expected % window) + truncated;
  if (candidate <= expected - window / 2) return candidate + window;
  if (candidate > expected + window / 2 && candidate >= window) return candidate - window;
  return candidate;
}

/** Keys of a connection's Initial packets, from the connection id that its client chose for the server. */
export class InitialKeys {
  readonly dcid: Uint8Array;
  readonly #schedule: Schedule;
  readonly #secret = new Uint8Array(DIGEST);
  readonly #sides: [Side | undefined, Side | undefined] = [undefined, undefined];

  constructor(schedule: Schedule, bytes: Uint8Array, { dcidAt, dcidLength }: LongHeader) {
    this.#schedule = schedule;
    this.dcid = copyOf(bytes, dcidAt, dcidAt + dcidLength);
    schedule.salt.sign(this.dcid, 0, dcidLength, this.#secret);
  }

  isOf(bytes: Uint8Array, { dcidAt, dcidLength }: LongHeader): boolean {
    if (dcidLength !== this.dcid.length) return false;
    for (let i = 0; i < dcidLength; i++) if (bytes[dcidAt + i] !== this.dcid[i]) return false;
    return true;
  }

  open(bytes: Uint8Array, header: LongHeader, fromServer: boolean): Uint8Array | undefined {
    const index = fromServer ? 1 : 0;
    let side = this.#sides[index];
    if (side === undefined) {
      const label = fromServer ? SERVER : CLIENT;
      hmac.replace(this.#secret);
      hmac.sign(label, 0, label.length, digest);
      side = this.#sides[index] = new Side(this.#schedule, copyOf(digest, 0, DIGEST));
    }
    return side.open(bytes, header);
  }
}
