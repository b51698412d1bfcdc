// One MQTT control packet (MQTT 3.1, 3.1.1, 5.0): what it says of itself, never what it carries.
import { u16 } from '../../bytes/read.ts';
import { latin1, utf8 } from '../../bytes/text.ts';
import { MAX_TEXT, type Properties, readProperties, skipVarint, varint } from './properties.ts';

export const CONNECT = 1;
export const CONNACK = 2;
export const PUBLISH = 3;
export const PUBACK = 4;
export const PUBREC = 5;
export const PUBREL = 6;
export const PUBCOMP = 7;
export const SUBSCRIBE = 8;
export const SUBACK = 9;
export const UNSUBSCRIBE = 10;
export const UNSUBACK = 11;
export const PINGREQ = 12;
export const PINGRESP = 13;
export const DISCONNECT = 14;
export const AUTH = 15;

export const VERSION_5 = 5;
/** Topics, and codes, of one packet that are kept. */
const MAX_TOPICS = 256;
/** Bits of the flags of CONNECT. */
const USERNAME = 0x80;
const PASSWORD = 0x40;
const WILL_RETAIN = 0x20;
const WILL = 0x04;
const CLEAN = 0x02;

export class Packet {
  type = 0;
  dup = false;
  qos = 0;
  retain = false;
  /** Ties an acknowledgement to its packet; -1 where there is none. */
  id = -1;
  /** Return code or reason; -1 where there is none. */
  reason = -1;
  protocol = '';
  version = -1;
  flags = 0;
  keepAlive = -1;
  client: string | undefined;
  user: string | undefined;
  willTopic: string | undefined;
  willLength = -1;
  willProperties: Properties | undefined;
  properties: Properties | undefined;
  topic = '';
  /** Bytes of what is published. */
  length = -1;
  topics: string[] | undefined;
  /** Levels asked for, levels or reasons granted. */
  codes: number[] | undefined;
  sessionPresent = false;
  malformed = false;

  get hasUser(): boolean {
    return (this.flags & USERNAME) !== 0;
  }
  get hasPassword(): boolean {
    return (this.flags & PASSWORD) !== 0;
  }
  get hasWill(): boolean {
    return (this.flags & WILL) !== 0;
  }
  get willRetain(): boolean {
    return (this.flags & WILL_RETAIN) !== 0;
  }
  get cleanSession(): boolean {
    return (this.flags & CLEAN) !== 0;
  }

  /**
   * Reads the packet whose first byte is `first` and whose rest is `[at, end)`.
   * @param version of the session, as CONNECT told it
   * @param whole where the packet ends; a PUBLISH may be read before all of it has come
   */
  static read(first: number, b: Uint8Array, at: number, end: number, whole: number, version: number): Packet {
    const packet = new Packet();
    packet.type = first >> 4;
    packet.dup = (first & 8) !== 0;
    packet.qos = (first >> 1) & 3;
    packet.retain = (first & 1) !== 0;
    const done = packet.#body(b, at, end, whole, version);
    packet.malformed = done < 0;
    return packet;
  }

  #body(b: Uint8Array, at: number, end: number, whole: number, version: number): number {
    switch (this.type) {
      case CONNECT:
        return this.#connect(b, at, end);
      case CONNACK:
        if (end - at < 2) return -1;
        this.sessionPresent = (b[at] & 1) !== 0;
        this.reason = b[at + 1];
        return this.#optionalProperties(b, at + 2, end, version);
      case PUBLISH:
        return this.#publish(b, at, end, whole, version);
      case PUBACK:
      case PUBREC:
      case PUBREL:
      case PUBCOMP:
        at = this.#identifier(b, at, end);
        return at < 0 ? -1 : this.#reasoned(b, at, end, version);
      case SUBSCRIBE:
      case UNSUBSCRIBE:
        return this.#topicList(b, at, end, version);
      case SUBACK:
      case UNSUBACK:
        return this.#codeList(b, at, end, version);
      case DISCONNECT:
        return this.#reasoned(b, at, end, version);
      case AUTH:
        return this.#reasoned(b, at, end, VERSION_5);
      default:
        return at;
    }
  }

  /** All of these return where they stopped, or -1 when the packet is too short for what it says. */
  #connect(b: Uint8Array, at: number, end: number): number {
    at = this.#text(b, at, end);
    if (at < 0 || end - at < 4) return -1;
    this.protocol = this.#last;
    this.version = b[at];
    this.flags = b[at + 1];
    this.keepAlive = u16(b, at + 2);
    at += 4;
    if (this.version === VERSION_5) {
      at = this.#propertyList(b, at, end);
      if (at < 0) return -1;
    }
    at = this.#text(b, at, end);
    if (at < 0) return -1;
    this.client = this.#last;
    if (this.hasWill) {
      if (this.version === VERSION_5) {
        const own = this.properties;
        at = this.#propertyList(b, at, end);
        this.willProperties = this.properties;
        this.properties = own;
      }
      at = at < 0 ? -1 : this.#text(b, at, end);
      if (at < 0 || end - at < 2) return -1;
      this.willTopic = this.#last;
      this.willLength = u16(b, at);
      at += 2 + this.willLength;
    }
    if (!this.hasUser) return at > end ? -1 : at;
    at = this.#text(b, at, end);
    if (at >= 0) this.user = this.#last;
    // What follows is the password: it is not looked at.
    return at;
  }

  #publish(b: Uint8Array, at: number, end: number, whole: number, version: number): number {
    at = this.#text(b, at, end);
    if (at < 0) return -1;
    this.topic = this.#last;
    if (this.qos > 0) at = this.#identifier(b, at, end);
    if (at >= 0 && version === VERSION_5) at = this.#propertyList(b, at, end);
    if (at >= 0) this.length = whole - at;
    return at;
  }

  #topicList(b: Uint8Array, at: number, end: number, version: number): number {
    at = this.#identifier(b, at, end);
    if (at >= 0 && version === VERSION_5) at = this.#propertyList(b, at, end);
    if (at < 0) return -1;
    const topics: string[] = [];
    const codes: number[] = [];
    const behind = this.type === SUBSCRIBE ? 1 : 0;
    // Ends: each turn takes at least two bytes.
    while (at < end && topics.length < MAX_TOPICS) {
      at = this.#text(b, at, end);
      if (at < 0 || end - at < behind) return -1;
      topics.push(this.#last);
      if (behind === 1) codes.push(b[at] & 3);
      at += behind;
    }
    this.topics = topics;
    this.codes = codes;
    return at;
  }

  #codeList(b: Uint8Array, at: number, end: number, version: number): number {
    at = this.#identifier(b, at, end);
    if (at >= 0 && version === VERSION_5) at = this.#propertyList(b, at, end);
    if (at < 0) return -1;
    this.codes = [];
    for (const stop = Math.min(end, at + MAX_TOPICS); at < stop; at++) this.codes.push(b[at]);
    return at;
  }

  #identifier(b: Uint8Array, at: number, end: number): number {
    if (end - at < 2) return -1;
    this.id = u16(b, at);
    return at + 2;
  }

  #reasoned(b: Uint8Array, at: number, end: number, version: number): number {
    if (version !== VERSION_5) return at;
    // Without a reason it went well (§3.4.2.1).
    this.reason = at === end ? 0 : b[at];
    if (at === end) return at;
    return this.#optionalProperties(b, at + 1, end, version);
  }

  #optionalProperties(b: Uint8Array, at: number, end: number, version: number): number {
    return version !== VERSION_5 || at === end ? at : this.#propertyList(b, at, end);
  }

  #propertyList(b: Uint8Array, at: number, end: number): number {
    const length = varint(b, at, end);
    const from = skipVarint(b, at, end);
    if (length < 0 || from + length > end) return -1;
    this.properties = readProperties(b, from, from + length);
    return from + length;
  }

  #last = '';
  #text(b: Uint8Array, at: number, end: number): number {
    if (end - at < 2) return -1;
    const stop = at + 2 + u16(b, at);
    if (stop > end) return -1;
    this.#last = utf8(b, at + 2, Math.min(stop, at + 2 + MAX_TEXT));
    return stop;
  }
}

/**
 * How much of a PUBLISH must be there before it is read, its topic and properties; at most all of it.
 * @returns where it stands, or a place behind `end` when more must come first
 */
export function publishHead(b: Uint8Array, at: number, end: number, qos: number, version: number): number {
  if (end - at < 2) return at + 2;
  let next = at + 2 + u16(b, at) + (qos > 0 ? 2 : 0);
  if (version !== VERSION_5) return next;
  if (next >= end) return next + 1;
  const length = varint(b, next, end);
  next = skipVarint(b, next, end);
  return length < 0 ? next + 1 : next + length;
}

const NAMES = ['MQTT', 'MQIsdp'];
/** True where a CONNECT begins; undefined when it cannot be told yet. */
export function isConnect(b: Uint8Array, at: number, end: number): boolean | undefined {
  if (b[at] !== CONNECT << 4) return false;
  const from = skipVarint(b, at + 1, end);
  if (from > end) return end - at < 6 ? undefined : false;
  if (end - from >= 1 && b[from] !== 0) return false;
  if (end - from < 9) return undefined;
  const length = u16(b, from);
  if (length !== 4 && length !== 6) return false;
  const version = b[from + 2 + length] & 0x7f;
  return NAMES.includes(latin1(b, from + 2, from + 2 + length)) && version >= 3 && version <= VERSION_5;
}
