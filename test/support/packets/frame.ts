// One frame from the inside out: a segment, in an IP packet, in an Ethernet frame, with right checksums all the way.
import { addressOctets, be16, be32, internetChecksum, type Octets, octets } from './octets.ts';

/** A transport message that still lacks the checksum over the addresses. */
export interface Segment {
  readonly protocol: number;
  readonly bytes: Uint8Array;
  /** Where its checksum goes; -1 when it has none over the addresses. */
  readonly checksumAt: number;
}

export interface Ports {
  readonly from: number;
  readonly to: number;
}

export interface TcpHeader extends Ports {
  /** Letters of FSRPAUEC. */
  readonly flags: string;
  readonly sequence?: number;
  readonly acknowledged?: number;
  readonly options?: Octets;
}

const FLAG_LETTERS = 'FSRPAUEC';
export const flagBits = (letters: string): number =>
  [...letters].reduce((bits, letter) => bits | (1 << FLAG_LETTERS.indexOf(letter)), 0);

export function tcp(header: TcpHeader, payload: Octets = []): Segment {
  const options = octets(header.options ?? []);
  const padded = octets(options, Array<number>(-options.length & 3).fill(0));
  return {
    protocol: 6,
    checksumAt: 16,
    bytes: octets(
      be16(header.from),
      be16(header.to),
      be32(header.sequence ?? 0),
      be32(header.acknowledged ?? 0),
      [((20 + padded.length) >> 2) << 4, flagBits(header.flags)],
      be16(64_240),
      [0, 0, 0, 0],
      padded,
      payload,
    ),
  };
}

export function udp({ from, to }: Ports, payload: Octets = []): Segment {
  const data = octets(payload);
  return {
    protocol: 17,
    checksumAt: 6,
    bytes: octets(be16(from), be16(to), be16(8 + data.length), [0, 0], data),
  };
}

/** ICMP: its checksum covers no addresses. `rest` stands behind the checksum. */
export function icmp(type: number, code: number, rest: Octets = [0, 0, 0, 0]): Segment {
  const checksum = internetChecksum([type, code, 0, 0], rest);
  return { protocol: 1, checksumAt: -1, bytes: octets([type, code], be16(checksum), rest) };
}

export const icmp6 = (type: number, code: number, rest: Octets = [0, 0, 0, 0]): Segment => ({
  protocol: 58,
  checksumAt: 2,
  bytes: octets([type, code, 0, 0], rest),
});

/** Any other protocol. */
export const other = (protocol: number, payload: Octets): Segment => ({
  protocol,
  checksumAt: -1,
  bytes: octets(payload),
});

export interface IpHeader {
  readonly src: string;
  readonly dest: string;
  readonly ttl?: number;
  /** IPv4 options, a multiple of four bytes. */
  readonly options?: Octets;
  /** IPv6 extension headers in order: protocol number, and what stands behind its next-header byte. */
  readonly extensions?: readonly (readonly [number, Octets])[];
  /** Bytes of the segment that this packet carries, when it is a fragment. */
  readonly fragment?: { readonly at: number; readonly end: number; readonly id?: number };
}

/** An IPv4 or IPv6 packet, by the form of its addresses. */
export function ip(header: IpHeader, segment: Segment): Uint8Array {
  const source = addressOctets(header.src);
  const destination = addressOctets(header.dest);
  const data = octets(segment.bytes);
  if (segment.checksumAt >= 0) {
    const sum = internetChecksum(source, destination, be32(data.length), be32(segment.protocol), data);
    data.set(be16(segment.protocol === 17 && sum === 0 ? 0xffff : sum), segment.checksumAt);
  }
  return source.length === 4
    ? ipv4(header, segment.protocol, source, destination, data)
    : ipv6(header, segment.protocol, source, destination, data);
}

function ipv4(h: IpHeader, protocol: number, source: Uint8Array, destination: Uint8Array, data: Uint8Array) {
  const options = octets(h.options ?? []);
  const { at, end, id = 1 } = h.fragment ?? { at: 0, end: data.length };
  const payload = data.subarray(at, end);
  const flags = (end < data.length ? 0x2000 : 0) | (at >> 3);
  const length = 20 + options.length;
  const before = [
    0x40 | (length >> 2),
    0,
    ...be16(length + payload.length),
    ...be16(id),
    ...be16(h.fragment ? flags : 0x4000),
  ];
  const rest = octets(source, destination, options);
  const life = [h.ttl ?? 64, protocol];
  return octets(before, life, be16(internetChecksum(before, life, rest)), rest, payload);
}

function ipv6(h: IpHeader, protocol: number, source: Uint8Array, destination: Uint8Array, data: Uint8Array) {
  const chain = [...(h.extensions ?? [])];
  const { at, end, id = 1 } = h.fragment ?? { at: 0, end: data.length };
  if (h.fragment) chain.push([44, [0, ...be16(at | (end < data.length ? 1 : 0)), ...be32(id)]]);
  const headers = chain.map(([, rest], i) => octets([chain[i + 1]?.[0] ?? protocol], rest));
  const payload = octets(...headers, data.subarray(at, end));
  const first = chain[0]?.[0] ?? protocol;
  return octets([0x60, 0, 0, 0], be16(payload.length), [first, h.ttl ?? 64], source, destination, payload);
}

/** VLAN tags of a frame, outermost first: an id, or an id with its tag type. */
export type Vlans = readonly (number | { readonly id: number; readonly type: number })[];

/** An Ethernet frame around an IP packet, padded to the 60 bytes of the smallest one. */
export function ethernet(packet: Uint8Array, vlans: Vlans = []): Uint8Array {
  const type = packet[0] >> 4 === 6 ? 0x86dd : 0x0800;
  const tags = vlans.flatMap((tag, i) => {
    const ordinary = i < vlans.length - 1 ? 0x88a8 : 0x8100;
    return typeof tag === 'number' ? [...be16(ordinary), ...be16(tag)] : [...be16(tag.type), ...be16(tag.id)];
  });
  const frame = octets([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1], tags, be16(type), packet);
  return frame.length < 60 ? octets(frame, new Uint8Array(60 - frame.length)) : frame;
}

/** The same fragmented: each packet carries at most `size` bytes of the segment (a multiple of 8). */
export function fragments(header: IpHeader, segment: Segment, size: number): Uint8Array[] {
  const packets: Uint8Array[] = [];
  for (let at = 0; at < segment.bytes.length; at += size)
    packets.push(
      ip({ ...header, fragment: { at, end: Math.min(at + size, segment.bytes.length) } }, segment),
    );
  return packets;
}
