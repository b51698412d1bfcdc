// Datagrams of exporters, built from the specifications: NetFlow 5 and 9, IPFIX, sFlow 5.
import { addressOctets, octets } from './octets.ts';

/** Noon of a day, seconds since 1970. */
export const SENT = Date.UTC(2026, 0, 5, 12) / 1000;

export const be = (value: number, size: number): number[] =>
  Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** (size - 1 - i)) % 256);
export const ip4 = (text: string): number[] => text.split('.').map(Number);
export const ip6 = (text: string): number[] => [...addressOctets(text)];

export interface Sent {
  readonly sequence?: number;
  /** ms */
  readonly uptime?: number;
  /** Seconds since 1970. */
  readonly seconds?: number;
  readonly source?: number;
}
const given = (sent: Sent) => ({ sequence: 0, uptime: 600_000, seconds: SENT, source: 7, ...sent });

/** A v5 record: 10.0.0.`n` asks 192.0.2.1, port 443; it began 5 s before the export and ended 1 s before. */
export const v5Record = (n: number, uptime = 600_000): Uint8Array =>
  octets(
    ip4(`10.0.0.${n}`),
    ip4('192.0.2.1'),
    ip4('10.0.0.254'),
    [be(3, 2), be(4, 2), be(10, 4), be(1500, 4), be(uptime - 5000, 4), be(uptime - 1000, 4)].flat(),
    [be(40_000 + n, 2), be(443, 2), [0, 0x1b, 6, 8], be(64_512, 2), be(64_513, 2), [24, 16], be(0, 2)].flat(),
  );

export function v5(
  records: readonly Uint8Array[],
  sent: Sent & { readonly sampling?: number } = {},
): Uint8Array {
  const { sequence, uptime, seconds, source } = given(sent);
  const head = [be(5, 2), be(records.length, 2), be(uptime, 4), be(seconds, 4), be(250_000_000, 4)];
  return octets([...head, be(sequence, 4), be(source, 2), be(sent.sampling ?? 0, 2)].flat(), ...records);
}

/** A set of either dialect. */
export const set = (id: number, ...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array => {
  const body = octets(...parts.map((part) => [...part]));
  return octets(be(id, 2), be(body.length + 4, 2), [...body]);
};

/** `[element, length]`, or with an enterprise behind. */
export type Specifier = readonly [id: number, length: number, enterprise?: number];
const specifiers = (fields: readonly Specifier[]): number[] =>
  fields.flatMap(([id, length, enterprise]) =>
    enterprise === undefined
      ? [...be(id, 2), ...be(length, 2)]
      : [...be(id | 0x8000, 2), ...be(length, 2), ...be(enterprise, 4)],
  );
export const template = (id: number, fields: readonly Specifier[]): number[] => [
  ...be(id, 2),
  ...be(fields.length, 2),
  ...specifiers(fields),
];
/** Of v9: a scope and options, each by their bytes. */
export const v9Options = (
  id: number,
  scopes: readonly Specifier[],
  fields: readonly Specifier[],
): number[] => [
  ...be(id, 2),
  ...be(scopes.length * 4, 2),
  ...be(fields.length * 4, 2),
  ...specifiers([...scopes, ...fields]),
];
/** Of IPFIX: all fields by their number, then how many of them are scopes. */
export const ipfixOptions = (
  id: number,
  scopes: readonly Specifier[],
  fields: readonly Specifier[],
): number[] => [
  ...be(id, 2),
  ...be(scopes.length + fields.length, 2),
  ...be(scopes.length, 2),
  ...specifiers([...scopes, ...fields]),
];

export function v9(sets: readonly Uint8Array[], sent: Sent = {}): Uint8Array {
  const { sequence, uptime, seconds, source } = given(sent);
  const head = [be(9, 2), be(sets.length, 2), be(uptime, 4), be(seconds, 4), be(sequence, 4), be(source, 4)];
  return octets(head.flat(), ...sets);
}

export function ipfix(sets: readonly Uint8Array[], sent: Sent = {}): Uint8Array {
  const { sequence, seconds, source } = given(sent);
  const length = 16 + sets.reduce((sum, one) => sum + one.length, 0);
  return octets([be(10, 2), be(length, 2), be(seconds, 4), be(sequence, 4), be(source, 4)].flat(), ...sets);
}

/** Addresses, ports, protocol, bytes, packets: what every exporter has. */
export const USUAL: readonly Specifier[] = [
  [8, 4],
  [12, 4],
  [7, 2],
  [11, 2],
  [4, 1],
  [1, 4],
  [2, 4],
];
/** 10.0.0.`n` asks 192.0.2.1, port 443: 1,500 bytes in 10 packets. */
export const usual = (n: number): number[] => [
  ...ip4(`10.0.0.${n}`),
  ...ip4('192.0.2.1'),
  ...be(40_000 + n, 2),
  ...be(443, 2),
  6,
  ...be(1500, 4),
  ...be(10, 4),
];

const xdr = (format: number, body: Uint8Array): Uint8Array =>
  octets(be(format, 4), be(body.length, 4), [...body]);

/** A record of a sampled header, as it stands on the wire. */
export const sampledHeader = (frame: Uint8Array, wire = frame.length, protocol = 1): Uint8Array => {
  const pad = new Array<number>((4 - (frame.length % 4)) % 4).fill(0);
  const head = [be(protocol, 4), be(wire, 4), be(0, 4), be(frame.length, 4)].flat();
  return xdr(1, octets(head, [...frame], pad));
};
/** Any other record of a sample. */
export const sflowRecord = (format: number, ...words: readonly (readonly number[])[]): Uint8Array =>
  xdr(format, octets(words.flat()));

export function flowSample(records: readonly Uint8Array[], rate: number, isExpanded = false): Uint8Array {
  const ends = isExpanded ? [be(0, 4), be(3, 4), be(0, 4), be(4, 4)] : [be(3, 4), be(4, 4)];
  const source = isExpanded ? [be(0, 4), be(3, 4)] : [be(3, 4)];
  const head = [be(1, 4), ...source, be(rate, 4), be(rate, 4), be(0, 4), ...ends, be(records.length, 4)];
  return xdr(isExpanded ? 3 : 1, octets(head.flat(), ...records));
}
export const counterSample = (): Uint8Array => xdr(2, octets([be(1, 4), be(3, 4), be(0, 4)].flat()));

export function sflow(samples: readonly Uint8Array[], sent: Sent = {}): Uint8Array {
  const { sequence, uptime, source } = given(sent);
  const head = [be(5, 4), be(1, 4), ip4('198.51.100.1'), be(source, 4), be(sequence, 4), be(uptime, 4)];
  return octets([...head, be(samples.length, 4)].flat(), ...samples);
}
