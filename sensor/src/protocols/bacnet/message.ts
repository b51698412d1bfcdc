// One BACnet/IP datagram (ASHRAE 135, annex J and clauses 6 and 20): link, network, service, and whom it is about.
import { u16 } from '../../bytes/read.ts';
import {
  COMMUNICATION_CONTROL,
  I_AM,
  LAST_BVLC,
  READ_PROPERTY_MULTIPLE,
  REINITIALIZE,
  WHO_IS,
  WRITE_PROPERTY_MULTIPLE,
} from './services.ts';

const BVLL = 0x81;
const BVLC_HEADER = 4;
const FORWARDED = 4;
const ORIGIN = 6;
/** Functions that carry a network message. */
const CARRIES = new Set([FORWARDED, 9, 10, 11]);
const NETWORK_VERSION = 1;
const NETWORK_MESSAGE = 0x80;
const HAS_DESTINATION = 0x20;
const HAS_SOURCE = 0x08;
const SEGMENTED = 0x08;

export const CONFIRMED = 0;
export const UNCONFIRMED = 1;
export const SIMPLE_ACK = 2;
export const COMPLEX_ACK = 3;
export const SEGMENT_ACK = 4;
export const ERROR = 5;
export const REJECT = 6;
export const ABORT = 7;

/** Tags of one service that are looked at: what names its object stands in front. */
const MAX_TAGS = 12;
const OBJECT_ID = 12;

export class Message {
  bvlc = 0;
  /** -1 where the datagram carries no network message of its own. */
  network = -1;
  /** -1 where there is no application's part. */
  pdu = -1;
  invoke = -1;
  service = -1;
  /** A segment behind the first. */
  isContinued = false;
  objectType = -1;
  instance = -1;
  property = -1;
  low = -1;
  high = -1;
  vendor = -1;
  /** State of a restart, or the switch of communication. */
  order = -1;
  hasPassword = false;
  errorClass = -1;
  errorCode = -1;
  malformed = false;

  get isConfirmed(): boolean {
    return this.pdu !== UNCONFIRMED;
  }

  /** True where the datagram can be of this protocol. */
  static isAt(b: Uint8Array, at: number, end: number): boolean {
    if (end - at < BVLC_HEADER || b[at] !== BVLL || b[at + 1] > LAST_BVLC) return false;
    if (u16(b, at + 2) !== end - at) return false;
    const network = at + BVLC_HEADER + (b[at + 1] === FORWARDED ? ORIGIN : 0);
    return !CARRIES.has(b[at + 1]) || (end - network >= 3 && b[network] === NETWORK_VERSION);
  }

  static read(b: Uint8Array, at: number, end: number): Message {
    const message = new Message();
    message.bvlc = b[at + 1];
    if (CARRIES.has(message.bvlc))
      message.#readNetwork(b, at + BVLC_HEADER + (message.bvlc === FORWARDED ? ORIGIN : 0), end);
    return message;
  }

  #readNetwork(b: Uint8Array, at: number, end: number): void {
    const control = b[at + 1];
    at += 2;
    for (const bit of [HAS_DESTINATION, HAS_SOURCE])
      if ((control & bit) !== 0) at = end - at < 3 ? end + 1 : at + 3 + b[at + 2];
    if ((control & HAS_DESTINATION) !== 0) at++;
    if (at >= end) this.malformed = true;
    else if ((control & NETWORK_MESSAGE) !== 0) this.network = b[at];
    else this.#readApplication(b, at, end);
  }

  #readApplication(b: Uint8Array, at: number, end: number): void {
    const length = end - at;
    const pdu = b[at] >> 4;
    const segmented = (b[at] & SEGMENTED) !== 0;
    this.pdu = pdu;
    let header: number;
    if (pdu === CONFIRMED) header = segmented ? 6 : 4;
    else if (pdu === COMPLEX_ACK) header = segmented ? 5 : 3;
    else header = pdu === UNCONFIRMED ? 2 : 3;
    if (length < header || pdu > ABORT) {
      this.malformed = true;
      return;
    }
    if (pdu !== UNCONFIRMED) this.invoke = b[at + (pdu === CONFIRMED ? 2 : 1)];
    if (pdu === REJECT || pdu === ABORT) this.errorCode = b[at + 2];
    else if (pdu !== SEGMENT_ACK) this.service = b[at + header - 1];
    if (segmented && (pdu === CONFIRMED || pdu === COMPLEX_ACK))
      this.isContinued = b[at + (pdu === CONFIRMED ? 3 : 2)] !== 0;
    if (pdu === ERROR) this.#readError(b, at + header, end);
    else if (!this.isContinued && (pdu === CONFIRMED || pdu === UNCONFIRMED))
      this.#readTags(b, at + header, end);
  }

  /** Two enumerations; some services put them into brackets. */
  #readError(b: Uint8Array, at: number, end: number): void {
    const from = end > at && (b[at] & 7) === 6 ? at + 1 : at;
    if (end - from < 4 || b[from] !== 0x91 || (b[from + 2] !== 0x91 && b[from + 2] !== 0x92)) return;
    this.errorClass = b[from + 1];
    this.errorCode = b[from + 2] === 0x91 ? b[from + 3] : end - from < 5 ? -1 : u16(b, from + 3);
  }

  #readTags(b: Uint8Array, at: number, end: number): void {
    let depth = 0;
    let unsigned = 0;
    for (let i = 0; i < MAX_TAGS && at < end; i++) {
      const first = b[at++];
      let number = first >> 4;
      const isContext = (first & 8) !== 0;
      let length = first & 7;
      // A number, and a length with its two octets, may follow.
      if (end - at < (number === 15 ? 1 : 0) + (length === 5 ? 1 : 0)) {
        this.malformed = true;
        return;
      }
      if (number === 15) number = b[at++];
      if (isContext && length === 6) {
        depth++;
        continue;
      }
      if (isContext && length === 7) {
        depth--;
        continue;
      }
      // The value of a boolean of an application stands in the length.
      if (!isContext && number === 1) continue;
      if (length === 5) {
        length = b[at++];
        if (length === 254) {
          length = end - at < 2 ? end : u16(b, at);
          at += 2;
        }
      }
      if (at + length > end || length > 0xffff) {
        this.malformed = true;
        return;
      }
      if (isContext) this.#context(number, b, at, length, depth);
      else if (number === OBJECT_ID && length === 4) this.#object(b, at);
      else if (number === 2 && this.pdu === UNCONFIRMED && this.service === I_AM) {
        // Longest message first, the maker last.
        if (unsigned++ > 0) this.vendor = integer(b, at, length);
      }
      at += length;
    }
  }

  #context(number: number, b: Uint8Array, at: number, length: number, depth: number): void {
    const { service } = this;
    if (this.pdu === UNCONFIRMED && service === WHO_IS) {
      if (number === 0) this.low = integer(b, at, length);
      else this.high = integer(b, at, length);
    } else if (this.pdu === CONFIRMED && (service === REINITIALIZE || service === COMMUNICATION_CONTROL)) {
      const own = service === REINITIALIZE ? 0 : 1;
      if (number === own) this.order = integer(b, at, length);
      else if (number === own + 1) this.hasPassword = true;
    } else if (length === 4 && (number <= 2 || this.objectType < 0)) this.#object(b, at);
    else if (this.property < 0 && this.objectType >= 0 && length <= 3) {
      const isList = service === READ_PROPERTY_MULTIPLE || service === WRITE_PROPERTY_MULTIPLE;
      if (isList ? depth === 1 && number === 0 : number === 1) this.property = integer(b, at, length);
    }
  }

  /** The object last named before its property: a notification names the device first. */
  #object(b: Uint8Array, at: number): void {
    if (this.property >= 0) return;
    this.objectType = u16(b, at) >> 6;
    this.instance = ((b[at + 1] & 0x3f) << 16) | u16(b, at + 2);
  }
}

/** Up to four octets. */
function integer(b: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = 0; i < Math.min(length, 4); i++) value = value * 256 + b[at + i];
  return value;
}
