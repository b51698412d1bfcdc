// The log-in of MySQL and MariaDB: the server's greeting, the client's answer, and what the server says to it.
import { shown } from '../../bytes/line.ts';
import { u16le, u32le } from '../../bytes/read.ts';
import { find } from '../../bytes/text.ts';
import { Tally } from '../tally.ts';
import { Cursor } from './packet.ts';

/** Capabilities of a client (Protocol::CapabilityFlags). */
const CONNECT_WITH_DB = 0x8;
export const COMPRESS = 0x20;
const PROTOCOL_41 = 0x200;
export const SSL = 0x800;
const SECURE_CONNECTION = 0x8000;
const PLUGIN_AUTH = 0x80000;
const CONNECT_ATTRS = 0x100000;
const PLUGIN_AUTH_LENENC = 0x200000;
export const ZSTD = 0x4000000;

/** Of the head of an answer: capabilities, largest packet, character set, and a gap. */
const HEAD_41 = 32;
const HEAD_320 = 5;
const MAX_USER = 256;
const MAX_DATABASE = 256;
/** Attributes that one client may tell. */
const MAX_ATTRIBUTES = 32;

/** Attributes of the client's program; others name people and their machines, and are passed over. */
const TOLD = new Set([
  '_client_name',
  '_client_version',
  '_os',
  '_platform',
  '_client_license',
  '_runtime_vendor',
  '_runtime_version',
  '_client_role',
  'program_name',
]);

export class Login {
  version: string | undefined;
  protocolVersion: number | undefined;
  threadId: number | undefined;
  user: string | undefined;
  database: string | undefined;
  plugin: string | undefined;
  attributes: [name: string, value: string][] = [];
  capabilities = 0;
  tls = false;
  isOver = false;
  success: boolean | undefined;
  errorCode: number | undefined;
  sqlState: string | undefined;
  readonly commands = new Tally();
  /** True in the record that ends the connection. */
  isClosing = false;

  /** Protocol::HandshakeV10, V9. @returns false when it is none */
  greeting(b: Uint8Array, at: number, end: number): boolean {
    const version = b[at];
    if (version !== 10 && version !== 9) return false;
    const zero = find(b, 0, at + 1, Math.min(end, at + 100));
    if (zero < 0 || end - zero < 5) return false;
    this.protocolVersion = version;
    this.version = shown(b, at + 1, zero);
    this.threadId = u32le(b, zero + 1);
    const plugin = zero + 1 + 4 + 8 + 1 + 18;
    // The name of the method stands behind the second part of the nonce, which is 13 bytes or as long as told.
    if (version === 10 && end > plugin) {
      const nonce = Math.max(13, b[zero + 1 + 4 + 8 + 1 + 2 + 1 + 2 + 2] - 8);
      const from = plugin + nonce;
      if (from < end) this.plugin = shown(b, from, until(b, from, end)) || undefined;
    }
    return true;
  }

  /** Protocol::HandshakeResponse41, 320, SSLRequest. @returns false when it is none */
  answer(b: Uint8Array, at: number, end: number): boolean {
    if (end - at < HEAD_320) return false;
    this.capabilities = u16le(b, at);
    if ((this.capabilities & PROTOCOL_41) === 0) {
      this.tls = (this.capabilities & SSL) !== 0 && end - at <= HEAD_320;
      if (!this.tls) this.user = shown(b, at + HEAD_320, until(b, at + HEAD_320, end), MAX_USER);
      return true;
    }
    if (end - at < HEAD_41) return false;
    this.capabilities = u32le(b, at);
    this.tls = (this.capabilities & SSL) !== 0 && end - at === HEAD_41;
    if (!this.tls) this.#answer41(new Cursor(b, at + HEAD_41, end));
    return true;
  }

  #answer41(c: Cursor): void {
    const { b } = c;
    const has = (capability: number): boolean => !c.isBroken && (this.capabilities & capability) !== 0;
    const user = c.at;
    this.user = shown(b, user, c.untilZero(), MAX_USER);
    // What proves who it is, is passed over.
    if (has(PLUGIN_AUTH_LENENC)) c.skip(c.length());
    else if (has(SECURE_CONNECTION)) c.skip(c.at < c.end ? b[c.at] + 1 : 1);
    else c.untilZero();
    if (has(CONNECT_WITH_DB)) {
      const from = c.at;
      this.database = shown(b, from, c.untilZero(), MAX_DATABASE) || undefined;
    }
    if (has(PLUGIN_AUTH)) {
      const from = c.at;
      this.plugin = shown(b, from, c.untilZero()) || this.plugin;
    }
    if (has(CONNECT_ATTRS)) this.#attributes(c);
  }

  #attributes(c: Cursor): void {
    const length = c.length();
    if (c.isBroken) return;
    const pairs = new Cursor(c.b, c.at, Math.min(c.end, c.at + length));
    for (let n = 0; n < MAX_ATTRIBUTES && pairs.at < pairs.end; n++) {
      const name = text(pairs);
      const value = text(pairs);
      if (name === undefined || value === undefined) return;
      if (TOLD.has(name)) this.attributes.push([name.replace(/^_/, ''), value]);
    }
  }

  /** A packet of the server behind the client's answer. */
  verdict(b: Uint8Array, at: number, end: number): void {
    if (b[at] === 0) this.success = this.isOver = true;
    else if (b[at] === 0xff) this.error(b, at, end);
    // Another method is asked for by its name (Protocol::AuthSwitchRequest).
    else if (b[at] === 0xfe && end - at > 1)
      this.plugin = shown(b, at + 1, until(b, at + 1, end)) || this.plugin;
  }

  /** ERR_Packet. Its text is passed over: it quotes who asked. */
  error(b: Uint8Array, at: number, end: number): void {
    this.success = false;
    this.isOver = true;
    if (end - at < 3) return;
    this.errorCode = u16le(b, at + 1);
    if (end - at >= 9 && b[at + 3] === 0x23) this.sqlState = shown(b, at + 4, at + 9);
  }
}

function until(b: Uint8Array, at: number, end: number): number {
  const zero = find(b, 0, at, end);
  return zero < 0 ? end : zero;
}

function text(c: Cursor): string | undefined {
  const length = c.length();
  const from = c.at;
  c.skip(length);
  return c.isBroken ? undefined : shown(c.b, from, from + length);
}
