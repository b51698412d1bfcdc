// An IKE message, version 1 (RFC 2408, 2409) or 2 (RFC 7296): its payloads, and what is proposed in them.
import { shown } from '../../bytes/line.ts';
import { u16, u32 } from '../../bytes/read.ts';
import { hex } from '../../bytes/text.ts';

export const HEADER = 28;
const FLAGS = 19;
const FLAG_ENCRYPTED_1 = 1;
/** Payloads of a message, proposals and transforms of one payload, that are looked at. */
const MAX_PAYLOADS = 32;
const MAX_PROPOSALS = 16;
const MAX_TRANSFORMS = 64;
const MAX_VENDORS = 16;
const MAX_VENDOR_BYTES = 32;

const SA_1 = 1;
const KE_1 = 4;
const ID_1 = 5;
const NONCE_1 = 10;
const VENDOR_1 = 13;
const SA_2 = 33;
const KE_2 = 34;
const NONCE_2 = 40;
const NOTIFY_2 = 41;
const VENDOR_2 = 43;
const ENCRYPTED_2 = 46;
const ENCRYPTED_FRAGMENT_2 = 53;
/** Notifications below this number are errors (RFC 7296 §3.10.1). */
const FIRST_STATUS = 16384;

/** Numbers of one proposal: of version 1 one of each, of version 2 all that are offered. */
export interface Proposal {
  readonly encryption: number[];
  /** Bits of the key, where the cipher has several. */
  readonly keyLength: number[];
  /** Hash of version 1, pseudo-random function of version 2. */
  readonly hash: number[];
  /** Authentication method of version 1, integrity algorithm of version 2. */
  readonly auth: number[];
  readonly group: number[];
  readonly esn: number[];
  lifeType: number;
  lifeDuration: number;
}

const newProposal = (): Proposal => ({
  encryption: [],
  keyLength: [],
  hash: [],
  auth: [],
  group: [],
  esn: [],
  lifeType: -1,
  lifeDuration: -1,
});

/** A message's header may be right: version, exchange, flags, and its length is the datagram's. */
export function looksRight(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < HEADER || u32(b, at + 24) !== end - at) return false;
  if (u32(b, at) === 0 && u32(b, at + 4) === 0) return false;
  const exchange = b[at + 18];
  const flags = b[at + FLAGS];
  if (b[at + 17] === 0x10)
    return (exchange >= 1 && exchange <= 6) || exchange === 32 || exchange === 33 ? flags <= 7 : false;
  return b[at + 17] >> 4 === 2 && exchange >= 34 && exchange <= 44 && (flags & 0xc7) === 0;
}

export class Message {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  /** Numbers of the payloads: the header's first, then what each says comes next. */
  payloads: number[] = [];
  proposals: Proposal[] = [];
  vendors: string[] = [];
  notifications: number[] = [];
  /** Bytes of the key exchange and of the nonce; -1 without. */
  keyBytes = -1;
  nonceBytes = -1;
  /** Of version 2: the group that the key is of; -1 without. */
  keyGroup = -1;
  /** Of version 1: domain of interpretation; -1 without. */
  doi = -1;
  /** Of version 1, when it stands in clear: who says to be here. */
  identity: string | undefined;
  /** Negotiated over the port and with the marker of NAT traversal. */
  isTraversing = false;

  get major(): number {
    return this.bytes[this.at + 17] >> 4;
  }
  get exchange(): number {
    return this.bytes[this.at + 18];
  }
  get flags(): number {
    return this.bytes[this.at + FLAGS];
  }
  get isEncrypted(): boolean {
    return this.major === 1 && (this.flags & FLAG_ENCRYPTED_1) !== 0;
  }

  /** @returns false when a payload goes on behind the end; what stands before it is kept */
  take(bytes: Uint8Array, at: number, end: number): boolean {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.payloads = [];
    this.proposals = [];
    this.vendors = [];
    this.notifications = [];
    this.keyBytes = this.nonceBytes = this.keyGroup = this.doi = -1;
    this.identity = undefined;
    if (this.isEncrypted) return true;
    let type = bytes[at + 16];
    let next = at + HEADER;
    this.payloads.push(type);
    for (let i = 0; i < MAX_PAYLOADS && type !== 0; i++) {
      if (next + 4 > end) return false;
      const length = u16(bytes, next + 2);
      if (length < 4 || next + length > end) return false;
      const isWhole =
        this.major === 1
          ? this.#payload1(type, next, next + length)
          : this.#payload2(type, next, next + length);
      if (!isWhole) return false;
      // What an encrypted payload names as next is inside it.
      const isLast = this.major === 2 && (type === ENCRYPTED_2 || type === ENCRYPTED_FRAGMENT_2);
      type = bytes[next];
      this.payloads.push(type);
      if (isLast) break;
      next += length;
    }
    return true;
  }

  #payload1(type: number, at: number, end: number): boolean {
    const b = this.bytes;
    if (type === SA_1) {
      if (end - at < 12) return false;
      this.doi = u32(b, at + 4);
      return this.doi !== 1 || this.#proposals(at + 12, end, 1);
    }
    if (type === KE_1) this.keyBytes = end - at - 4;
    else if (type === NONCE_1) this.nonceBytes = end - at - 4;
    else if (type === VENDOR_1) this.#vendor(at + 4, end);
    else if (type === ID_1 && end - at > 8) {
      const kind = b[at + 4];
      // Names and mail addresses as text; addresses and keys in hex.
      this.identity =
        kind === 2 || kind === 3 ? shown(b, at + 8, end) : hex(b, at + 8, Math.min(end, at + 40));
    }
    return true;
  }

  #payload2(type: number, at: number, end: number): boolean {
    const b = this.bytes;
    if (type === SA_2) return this.#proposals(at + 4, end, 2);
    if (type === KE_2 && end - at >= 8) {
      this.keyBytes = end - at - 8;
      this.keyGroup = u16(b, at + 4);
    } else if (type === NONCE_2) this.nonceBytes = end - at - 4;
    else if (type === NOTIFY_2 && end - at >= 8) this.notifications.push(u16(b, at + 6));
    else if (type === VENDOR_2) this.#vendor(at + 4, end);
    return true;
  }

  get errors(): number {
    return this.notifications.filter((number) => number < FIRST_STATUS).length;
  }

  #vendor(at: number, end: number): void {
    if (this.vendors.length < MAX_VENDORS)
      this.vendors.push(hex(this.bytes, at, Math.min(end, at + MAX_VENDOR_BYTES)));
  }

  /** Proposals: next 1, 0, length 2, number 1, protocol 1, bytes of the index 1, transforms 1, index, transforms. */
  #proposals(at: number, end: number, version: 1 | 2): boolean {
    const b = this.bytes;
    for (let i = 0; i < MAX_PROPOSALS && at < end; i++) {
      if (at + 8 > end) return false;
      const stop = at + u16(b, at + 2);
      const first = at + 8 + b[at + 6];
      if (stop > end || first > stop) return false;
      const isWhole = version === 1 ? this.#transforms1(first, stop) : this.#transforms2(first, stop);
      if (!isWhole) return false;
      if (b[at] === 0) return true;
      at = stop;
    }
    return true;
  }

  /** Each transform of version 1 is a whole suite: next 1, 0, length 2, number 1, kind 1, 0 0, attributes. */
  #transforms1(at: number, end: number): boolean {
    const b = this.bytes;
    for (let i = 0; i < MAX_TRANSFORMS && at < end; i++) {
      if (at + 8 > end) return false;
      const stop = at + u16(b, at + 2);
      if (stop > end || stop < at + 8) return false;
      const proposal = newProposal();
      this.#attributes(at + 8, stop, proposal, 1);
      if (this.proposals.length < MAX_TRANSFORMS) this.proposals.push(proposal);
      at = stop;
    }
    return true;
  }

  /** Each transform of version 2 is one choice: next 1, 0, length 2, kind 1, 0, number 2, attributes. */
  #transforms2(at: number, end: number): boolean {
    const b = this.bytes;
    const proposal = newProposal();
    this.proposals.push(proposal);
    for (let i = 0; i < MAX_TRANSFORMS && at < end; i++) {
      if (at + 8 > end) return false;
      const stop = at + u16(b, at + 2);
      if (stop > end || stop < at + 8) return false;
      const list = [
        undefined,
        proposal.encryption,
        proposal.hash,
        proposal.auth,
        proposal.group,
        proposal.esn,
      ][b[at + 4]];
      list?.push(u16(b, at + 6));
      if (list === proposal.encryption) this.#attributes(at + 8, stop, proposal, 2);
      at = stop;
    }
    return true;
  }

  /** Attributes: kind 2 with the highest bit for a value of two bytes, else a length and a value (RFC 2408 §3.3). */
  #attributes(at: number, end: number, proposal: Proposal, version: 1 | 2): void {
    const b = this.bytes;
    // Ends: each turn goes at least four bytes on.
    while (at + 4 <= end) {
      const kind = u16(b, at) & 0x7fff;
      const isShort = (b[at] & 0x80) !== 0;
      const length = isShort ? 2 : u16(b, at + 2);
      const value = isShort ? at + 2 : at + 4;
      if (value + length > end) return;
      const number = length === 2 ? u16(b, value) : length === 4 ? u32(b, value) : -1;
      if (kind === 14) proposal.keyLength.push(number);
      else if (version === 1) {
        if (kind === 1) proposal.encryption.push(number);
        else if (kind === 2) proposal.hash.push(number);
        else if (kind === 3) proposal.auth.push(number);
        else if (kind === 4) proposal.group.push(number);
        else if (kind === 11) proposal.lifeType = number;
        else if (kind === 12) proposal.lifeDuration = number;
      }
      at = value + length;
    }
  }
}
