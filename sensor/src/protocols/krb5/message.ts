// A Kerberos message (RFC 4120 §5) as far as it is readable: names, realms, encryption types and errors; nothing of keys or ciphers.
import {
  application,
  BIT_STRING,
  context,
  Element,
  INTEGER,
  integer,
  OCTET_STRING,
  SEQUENCE,
} from '../../bytes/ber.ts';
import { shown } from '../../bytes/line.ts';

export const AS_REQ = 10;
export const AS_REP = 11;
export const TGS_REQ = 12;
export const TGS_REP = 13;
export const AP_REQ = 14;
export const KRB_ERROR = 30;

const GENERAL_STRING = 0x1b;
const MAX_NAME = 256;
const MAX_COMPONENTS = 8;
const MAX_ENCRYPTIONS = 32;
const MAX_PADATA = 32;
const PA_ENC_TIMESTAMP = 2;
const PA_PK_AS_REQ = 16;
const PA_ENCRYPTED_CHALLENGE = 138;

export interface KrbMessage {
  readonly type: number;
  cname?: string;
  realm?: string;
  /** Components of the service's name. */
  snames?: readonly string[];
  /** Of the part that the client can read. */
  encryption?: number;
  ticketEncryption?: number;
  errorCode?: number;
  /** Bits of the KDC options, of a request. */
  options?: number;
  /** Encryption types that a request offers. */
  offered?: readonly number[];
  /** A request that proves who asks, and how. */
  preauthenticated?: boolean;
}

/** The message's type, from its outer tag; 0 when it is none that is read here. */
export function typeOf(tag: number): number {
  const type = tag - application(0);
  return (type >= AS_REQ && type <= AP_REQ) || type === KRB_ERROR ? type : 0;
}

/** Reads a whole message `[at, end)`; undefined when it is none. */
export function readKerberos(b: Uint8Array, at: number, end: number): KrbMessage | undefined {
  const e = new Element();
  if (!e.read(b, at, end)) return undefined;
  const type = typeOf(e.tag);
  if (type === 0 || !e.is(SEQUENCE, b, e.from, e.to)) return undefined;
  const message: KrbMessage = { type };
  const [from, to] = [e.from, e.to];
  // Version 5 stands first; in requests behind a tag that is one higher.
  const number = type === AS_REQ || type === TGS_REQ ? 1 : 0;
  if (!e.is(context(number), b, from, to)) return undefined;
  if (!e.is(INTEGER, b, e.from, e.to) || integer(b, e.from, e.to) !== 5) return undefined;
  if (type === AS_REQ || type === TGS_REQ) request(b, from, to, message);
  else if (type === AS_REP || type === TGS_REP) reply(b, from, to, message);
  else if (type === KRB_ERROR) error(b, from, to, message);
  else if (type === AP_REQ && e.find(context(3), b, from, to)) ticket(b, e.from, e.to, message, true);
  return message;
}

function request(b: Uint8Array, from: number, to: number, m: KrbMessage): void {
  const e = new Element();
  if (e.find(context(3), b, from, to)) m.preauthenticated = isPreauthenticated(b, e.from, e.to);
  if (!e.find(context(4), b, from, to) || !e.is(SEQUENCE, b, e.from, e.to)) return;
  const stop = e.to;
  // Ends: each turn is an element on.
  for (let at = e.from; e.read(b, at, stop); ) {
    at = e.to;
    const [first, last] = [e.from, e.to];
    if (e.tag === context(0)) m.options = options(b, first, last);
    else if (e.tag === context(1)) m.cname = names(b, first, last).join('/');
    else if (e.tag === context(2)) m.realm = text(b, first, last);
    else if (e.tag === context(3)) m.snames = names(b, first, last);
    else if (e.tag === context(8)) m.offered = numbers(b, first, last);
  }
}

function reply(b: Uint8Array, from: number, to: number, m: KrbMessage): void {
  const e = new Element();
  // Ends: each turn is an element on.
  for (let at = from; e.read(b, at, to); ) {
    at = e.to;
    const [first, last] = [e.from, e.to];
    if (e.tag === context(3)) m.realm = text(b, first, last);
    else if (e.tag === context(4)) m.cname = names(b, first, last).join('/');
    else if (e.tag === context(5)) ticket(b, first, last, m, false);
    else if (e.tag === context(6)) m.encryption = encryption(b, first, last);
  }
}

function error(b: Uint8Array, from: number, to: number, m: KrbMessage): void {
  const e = new Element();
  // Ends: each turn is an element on.
  for (let at = from; e.read(b, at, to); ) {
    at = e.to;
    const [first, last] = [e.from, e.to];
    if (e.tag === context(6)) m.errorCode = numberIn(b, first, last);
    else if (e.tag === context(7)) m.realm ??= text(b, first, last);
    else if (e.tag === context(8)) m.cname = names(b, first, last).join('/');
    else if (e.tag === context(9)) m.realm = text(b, first, last);
    else if (e.tag === context(10)) m.snames = names(b, first, last);
  }
}

/** @param withRealm the ticket's realm is the message's too: that of an AP-REQ says nothing else of it */
function ticket(b: Uint8Array, from: number, to: number, m: KrbMessage, withRealm: boolean): void {
  const e = new Element();
  if (!e.is(application(1), b, from, to) || !e.is(SEQUENCE, b, e.from, e.to)) return;
  const stop = e.to;
  // Ends: each turn is an element on.
  for (let at = e.from; e.read(b, at, stop); ) {
    at = e.to;
    const [first, last] = [e.from, e.to];
    if (e.tag === context(1) && withRealm) m.realm = text(b, first, last);
    else if (e.tag === context(2)) m.snames = names(b, first, last);
    else if (e.tag === context(3)) m.ticketEncryption = encryption(b, first, last);
  }
}

/** EncryptedData: its type is in the clear. */
function encryption(b: Uint8Array, from: number, to: number): number | undefined {
  const e = new Element();
  if (!e.is(SEQUENCE, b, from, to) || !e.is(context(0), b, e.from, e.to)) return undefined;
  return numberIn(b, e.from, e.to);
}

function numberIn(b: Uint8Array, from: number, to: number): number | undefined {
  const e = new Element();
  return e.is(INTEGER, b, from, to) ? integer(b, e.from, e.to) : undefined;
}

function numbers(b: Uint8Array, from: number, to: number): number[] {
  const found: number[] = [];
  const e = new Element();
  if (!e.is(SEQUENCE, b, from, to)) return found;
  const stop = e.to;
  for (let at = e.from; found.length < MAX_ENCRYPTIONS && e.is(INTEGER, b, at, stop); at = e.to)
    found.push(integer(b, e.from, e.to) ?? 0);
  return found;
}

function text(b: Uint8Array, from: number, to: number): string | undefined {
  const e = new Element();
  return e.is(GENERAL_STRING, b, from, to) ? shown(b, e.from, e.to, MAX_NAME) : undefined;
}

/** PrincipalName: its components. */
function names(b: Uint8Array, from: number, to: number): string[] {
  const found: string[] = [];
  const e = new Element();
  if (!e.is(SEQUENCE, b, from, to) || !e.find(context(1), b, e.from, e.to)) return found;
  if (!e.is(SEQUENCE, b, e.from, e.to)) return found;
  const stop = e.to;
  for (let at = e.from; found.length < MAX_COMPONENTS && e.is(GENERAL_STRING, b, at, stop); at = e.to)
    found.push(shown(b, e.from, e.to, MAX_NAME));
  return found;
}

function options(b: Uint8Array, from: number, to: number): number | undefined {
  const e = new Element();
  if (!e.is(BIT_STRING, b, from, to) || e.to - e.from < 5) return undefined;
  const at = e.from + 1; // behind the count of unused bits
  return ((b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3]) >>> 0;
}

function isPreauthenticated(b: Uint8Array, from: number, to: number): boolean {
  const list = new Element();
  const e = new Element();
  if (!list.is(SEQUENCE, b, from, to)) return false;
  const stop = list.to;
  let at = list.from;
  for (let n = 0; n < MAX_PADATA && list.is(SEQUENCE, b, at, stop); n++, at = list.to) {
    if (!e.is(context(1), b, list.from, list.to)) continue;
    const type = numberIn(b, e.from, e.to);
    if (type !== PA_ENC_TIMESTAMP && type !== PA_PK_AS_REQ && type !== PA_ENCRYPTED_CHALLENGE) continue;
    if (e.is(context(2), b, e.to, list.to) && e.is(OCTET_STRING, b, e.from, e.to) && e.to > e.from)
      return true;
  }
  return false;
}
