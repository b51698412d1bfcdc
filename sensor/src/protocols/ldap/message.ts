// An LDAP message (RFC 4511 §4.1.1): what is asked and answered, without passwords and without the values of attributes.
import { BOOLEAN, Element, ENUMERATED, INTEGER, integer, OCTET_STRING, SEQUENCE } from '../../bytes/ber.ts';
import { shown } from '../../bytes/line.ts';
import { type Login, readToken } from '../gssapi.ts';
import { isNtlm } from '../ntlm.ts';
import { type Filter, readFilter } from './filter.ts';

export const BIND = 0;
export const BIND_RESPONSE = 1;
export const UNBIND = 2;
export const SEARCH = 3;
export const SEARCH_ENTRY = 4;
export const SEARCH_DONE = 5;
export const MODIFY = 6;
export const ADD = 8;
export const DELETE = 10;
export const MODIFY_DN = 12;
export const COMPARE = 14;
export const ABANDON = 16;
export const SEARCH_REFERENCE = 19;
export const EXTENDED = 23;
export const EXTENDED_RESPONSE = 24;
export const INTERMEDIATE = 25;

const MAX_TEXT = 512;
const MAX_LIST = 32;

export interface Request {
  readonly id: number;
  readonly operation: number;
  /** The name that it is about: who binds, the base of a search, the entry that is changed. */
  name?: string;
  version?: number;
  /** simple, anonymous, sicily, or the SASL mechanism. */
  mechanism?: string;
  scope?: number;
  deref?: number;
  sizeLimit?: number;
  timeLimit?: number;
  typesOnly?: boolean;
  filter?: Filter | undefined;
  attributes?: readonly string[];
  changes?: readonly number[];
  newName?: string;
  deleteOld?: boolean;
  newSuperior?: string;
}

export interface Response {
  readonly id: number;
  readonly operation: number;
  name?: string;
  result?: number;
  matched?: string;
  message?: string;
}

export interface Exchange {
  readonly request: Request | undefined;
  readonly responses: Response[];
  /** Entries that a search found. */
  entries: number;
  readonly login: Login | undefined;
}

/** Requests and responses by their tags: primitive ones are unbind, delete and abandon. */
export const isRequestTag = (tag: number): boolean =>
  tag === 0x60 ||
  tag === 0x42 ||
  tag === 0x63 ||
  tag === 0x66 ||
  tag === 0x68 ||
  tag === 0x4a ||
  tag === 0x6c ||
  tag === 0x6e ||
  tag === 0x50 ||
  tag === 0x77;
export const isResponseTag = (tag: number): boolean =>
  tag === 0x61 ||
  tag === 0x64 ||
  tag === 0x65 ||
  tag === 0x67 ||
  tag === 0x69 ||
  tag === 0x6b ||
  tag === 0x6d ||
  tag === 0x6f ||
  tag === 0x73 ||
  tag === 0x78 ||
  tag === 0x79;

/** The message's frame: where its operation stands. */
export interface Frame {
  id: number;
  tag: number;
  from: number;
  to: number;
}

/** Reads a message whose end may be cut; false when it is none. */
export function readFrame(b: Uint8Array, at: number, end: number, frame: Frame): boolean {
  const e = new Element();
  if (!e.open(b, at, end) || e.tag !== SEQUENCE) return false;
  const whole = e.to;
  const stop = Math.min(whole, end);
  if (!e.is(INTEGER, b, e.from, stop) || e.to - e.from > 5) return false;
  frame.id = integer(b, e.from, e.to) ?? -1;
  if (frame.id < 0 || !e.open(b, e.to, stop) || e.to > whole) return false;
  if (!isRequestTag(e.tag) && !isResponseTag(e.tag)) return false;
  frame.tag = e.tag;
  frame.from = e.from;
  frame.to = Math.min(e.to, stop);
  return true;
}

const numberAt = (b: Uint8Array, e: Element): number | undefined => integer(b, e.from, e.to);
const textAt = (b: Uint8Array, e: Element): string => shown(b, e.from, e.to, MAX_TEXT);

export function readRequest(b: Uint8Array, frame: Frame, login: Login): Request {
  const operation = frame.tag & 0x1f;
  const request: Request = { id: frame.id, operation };
  const { from, to } = frame;
  const e = new Element();
  switch (operation) {
    case BIND:
      bind(b, from, to, request, login);
      break;
    case SEARCH:
      search(b, from, to, request);
      break;
    case DELETE:
      request.name = shown(b, from, to, MAX_TEXT);
      break;
    case EXTENDED:
      if (e.read(b, from, to) && e.tag === 0x80) request.name = textAt(b, e);
      break;
    case MODIFY:
    case ADD:
    case COMPARE:
    case MODIFY_DN:
      if (!e.is(OCTET_STRING, b, from, to)) break;
      request.name = textAt(b, e);
      if (operation === MODIFY_DN) rename(b, e.to, to, request);
      else if (operation === COMPARE) request.attributes = assertion(b, e.to, to);
      else if (operation === ADD) request.attributes = added(b, e.to, to);
      else changed(b, e.to, to, request);
      break;
    default:
  }
  return request;
}

const SIMPLE = 0x80;
/** A log-in that leaves the connection in clear, with a password or without. */
export const isSimple = (mechanism: string | undefined): boolean =>
  mechanism === 'simple' || mechanism === 'anonymous';
const isSasl = (tag: number): boolean => tag === 0xa3;
/** Microsoft's own way to log in by NTLM (MS-ADTS §5.1.1.1.3). */
const SICILY = [0x89, 0x8a, 0x8b];

/** Goes to the text that the element begins with. */
const inside = (e: Element, b: Uint8Array, to: number): boolean =>
  e.is(OCTET_STRING, b, e.from, Math.min(e.to, to));

function bind(b: Uint8Array, from: number, to: number, request: Request, login: Login): void {
  const e = new Element();
  if (!e.is(INTEGER, b, from, to)) return;
  request.version = numberAt(b, e) ?? 0;
  if (!e.is(OCTET_STRING, b, e.to, to)) return;
  request.name = textAt(b, e);
  if (!e.open(b, e.to, to)) return;
  // An empty password proves nothing, whatever the name (RFC 4513 §5.1.2).
  if (e.tag === SIMPLE) request.mechanism = e.from === e.to ? 'anonymous' : 'simple';
  else if (SICILY.includes(e.tag)) {
    request.mechanism = 'sicily';
    readToken(b, e.from, Math.min(e.to, to), login);
  } else if (isSasl(e.tag) && inside(e, b, to)) {
    request.mechanism = textAt(b, e);
    if (e.open(b, e.to, to) && e.tag === OCTET_STRING) readToken(b, e.from, Math.min(e.to, to), login);
  }
}

function search(b: Uint8Array, from: number, to: number, request: Request): void {
  const e = new Element();
  if (!e.is(OCTET_STRING, b, from, to)) return;
  request.name = textAt(b, e);
  if (!e.is(ENUMERATED, b, e.to, to)) return;
  request.scope = numberAt(b, e) ?? 0;
  if (!e.is(ENUMERATED, b, e.to, to)) return;
  request.deref = numberAt(b, e) ?? 0;
  if (!e.is(INTEGER, b, e.to, to)) return;
  request.sizeLimit = numberAt(b, e) ?? 0;
  if (!e.is(INTEGER, b, e.to, to)) return;
  request.timeLimit = numberAt(b, e) ?? 0;
  if (!e.is(BOOLEAN, b, e.to, to)) return;
  request.typesOnly = e.to > e.from && b[e.from] !== 0;
  const at = e.to;
  if (!e.read(b, at, to)) return;
  request.filter = readFilter(b, at, to);
  if (e.is(SEQUENCE, b, e.to, to)) request.attributes = texts(b, e.from, e.to);
}

function texts(b: Uint8Array, from: number, to: number): string[] {
  const found: string[] = [];
  const e = new Element();
  for (let at = from; found.length < MAX_LIST && e.is(OCTET_STRING, b, at, to); at = e.to)
    found.push(textAt(b, e));
  return found;
}

function rename(b: Uint8Array, from: number, to: number, request: Request): void {
  const e = new Element();
  if (!e.is(OCTET_STRING, b, from, to)) return;
  request.newName = textAt(b, e);
  if (!e.is(BOOLEAN, b, e.to, to)) return;
  request.deleteOld = e.to > e.from && b[e.from] !== 0;
  if (e.read(b, e.to, to) && e.tag === 0x80) request.newSuperior = textAt(b, e);
}

/** Only which attribute is compared. */
function assertion(b: Uint8Array, from: number, to: number): string[] {
  const e = new Element();
  return e.is(SEQUENCE, b, from, to) && e.is(OCTET_STRING, b, e.from, e.to) ? [textAt(b, e)] : [];
}

/** Only the attributes' names: a password may be among the values. */
function added(b: Uint8Array, from: number, to: number): string[] {
  const found: string[] = [];
  const list = new Element();
  const e = new Element();
  if (!list.open(b, from, to) || list.tag !== SEQUENCE) return found;
  const stop = Math.min(list.to, to);
  for (let at = list.from; found.length < MAX_LIST && list.is(SEQUENCE, b, at, stop); at = list.to)
    if (e.is(OCTET_STRING, b, list.from, list.to)) found.push(textAt(b, e));
  return found;
}

function changed(b: Uint8Array, from: number, to: number, request: Request): void {
  const names: string[] = [];
  const kinds: number[] = [];
  const list = new Element();
  const e = new Element();
  if (!list.open(b, from, to) || list.tag !== SEQUENCE) return;
  const stop = Math.min(list.to, to);
  for (let at = list.from; names.length < MAX_LIST && list.is(SEQUENCE, b, at, stop); at = list.to) {
    if (!e.is(ENUMERATED, b, list.from, list.to)) return;
    const kind = numberAt(b, e) ?? 0;
    if (!e.is(SEQUENCE, b, e.to, list.to) || !e.is(OCTET_STRING, b, e.from, e.to)) return;
    kinds.push(kind);
    names.push(textAt(b, e));
  }
  request.changes = kinds;
  request.attributes = names;
}

const SERVER_CREDENTIALS = 0x87;
const RESPONSE_NAME = 0x8a;

/** @param login of the bind that this answers */
export function readResponse(b: Uint8Array, frame: Frame, login: Login | undefined): Response {
  const operation = frame.tag & 0x1f;
  const response: Response = { id: frame.id, operation };
  const { from, to } = frame;
  const e = new Element();
  if (operation === SEARCH_ENTRY) {
    if (e.is(OCTET_STRING, b, from, to)) response.name = textAt(b, e);
    return response;
  }
  if (operation === SEARCH_REFERENCE || operation === INTERMEDIATE) return response;
  if (!e.is(ENUMERATED, b, from, to)) return response;
  response.result = numberAt(b, e) ?? 0;
  if (!e.is(OCTET_STRING, b, e.to, to)) return response;
  // Microsoft's servers put the challenge of a log-in here.
  if (isNtlm(b, e.from, e.to)) readToken(b, e.from, e.to, login ?? {});
  else response.matched = textAt(b, e);
  if (!e.is(OCTET_STRING, b, e.to, to)) return response;
  response.message = textAt(b, e);
  // Ends: each turn is an element on.
  for (let at = e.to; e.open(b, at, to); at = e.to) {
    const stop = Math.min(e.to, to);
    if (e.tag === SERVER_CREDENTIALS && login !== undefined) readToken(b, e.from, stop, login);
    else if (e.tag === RESPONSE_NAME) response.name = shown(b, e.from, stop, MAX_TEXT);
  }
  return response;
}
