// EDNS (RFC 6891): the OPT pseudo-record's numbers and its options, in place.
import { ipv4Text } from '../../bytes/address.ts';
import { copy } from '../../bytes/copy.ts';
import { u16, u32 } from '../../bytes/read.ts';
import type { DnsMessage } from './message.ts';
import { ipv6 } from './rdata.ts';

/* The record from its type on: type 2, payload size 2, extended rcode 1, version 1, flags 2, length 2, options. */
export const SIZE = 2;
/** The upper bits of the result. */
export const RCODE = 4;
export const VERSION = 5;
const FLAGS = 6;
const LENGTH = 8;
const OPTIONS = 10;

export const CLIENT_SUBNET = 8;
export const COOKIE = 10;
export const PADDING = 12;
export const EXTENDED_ERROR = 15;

/** Options of one message that are looked at. */
const MAX_OPTIONS = 16;
/** IANA "DNS EDNS0 Option Codes". */
const NAMES: Readonly<Record<number, string>> = {
  1: 'LLQ',
  2: 'UL',
  3: 'NSID',
  5: 'DAU',
  6: 'DHU',
  7: 'N3U',
  8: 'CLIENT-SUBNET',
  9: 'EXPIRE',
  10: 'COOKIE',
  11: 'TCP-KEEPALIVE',
  12: 'PADDING',
  13: 'CHAIN',
  14: 'KEY-TAG',
  15: 'EDE',
  16: 'CLIENT-TAG',
  17: 'SERVER-TAG',
  18: 'REPORT-CHANNEL',
  19: 'ZONEVERSION',
};

export const payloadSize = (m: DnsMessage): number => u16(m.bytes, m.opt + SIZE);
export const version = (m: DnsMessage): number => m.bytes[m.opt + VERSION];
/** DO: the asker wants signatures. */
export const wantsDnssec = (m: DnsMessage): boolean => (m.bytes[m.opt + FLAGS] & 0x80) !== 0;

/** True when there is more than the numbers. */
export const hasOptions = (m: DnsMessage): boolean => u16(m.bytes, m.opt + LENGTH) > 0;

const endOf = (m: DnsMessage): number => m.opt + OPTIONS + u16(m.bytes, m.opt + LENGTH);

/** Names of the options in their order; undefined when there are none. */
export function optionNames(m: DnsMessage): string[] | undefined {
  const end = endOf(m);
  const names: string[] = [];
  let at = m.opt + OPTIONS;
  while (names.length < MAX_OPTIONS && at + 4 <= end) {
    const code = u16(m.bytes, at);
    names.push(NAMES[code] ?? String(code));
    at += 4 + u16(m.bytes, at + 2);
  }
  return names.length > 0 ? names : undefined;
}

/** Where an option's value begins, its length two bytes before; -1 when it is not there or not whole. */
export function option(m: DnsMessage, code: number): number {
  const end = endOf(m);
  let at = m.opt + OPTIONS;
  for (let i = 0; i < MAX_OPTIONS && at + 4 <= end; i++) {
    const stop = at + 4 + u16(m.bytes, at + 2);
    if (stop > end) return -1;
    if (u16(m.bytes, at) === code) return at + 4;
    at = stop;
  }
  return -1;
}

export const optionLength = (m: DnsMessage, code: number): number | undefined => {
  const at = option(m, code);
  return at < 0 ? undefined : u16(m.bytes, at - 2);
};

const address = new Uint8Array(16);

/** The network of whoever asked, as a resolver passes it on: `192.0.2.0/24` (RFC 7871 §6). */
export function clientSubnet(m: DnsMessage): string | undefined {
  const at = option(m, CLIENT_SUBNET);
  if (at < 0) return undefined;
  const length = u16(m.bytes, at - 2) - 4;
  const family = length < 0 ? 0 : u16(m.bytes, at);
  const whole = family === 1 ? 4 : 16;
  if ((family !== 1 && family !== 2) || length > whole) return undefined;
  address.fill(0);
  copy(m.bytes, at + 4, at + 4 + length, address, 0);
  return `${family === 1 ? ipv4Text(u32(address, 0)) : ipv6(address, 0)}/${m.bytes[at + 2]}`;
}
