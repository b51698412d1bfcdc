// Options about the headers of one packet: read at their offsets, never the payload.

import { u16, u32 } from '../../bytes/read.ts';
import * as ipv4 from '../../layers/ipv4.ts';
import { ICMP, ICMPV6, type Packet, TCP } from '../../layers/packet.ts';
import type { FlowView } from '../../protocols/event.ts';
import { parseBounds, parseWhole } from './bounds.ts';
import type { Draft, Keyword } from './draft.ts';
import { invalid } from './fault.ts';
import type { PacketTest } from './header-tests.ts';
import type { Option } from './signature.ts';

const isIcmp = (p: Packet): boolean => p.protocol === ICMP || p.protocol === ICMPV6;
/** Offset of the second word of an ICMP message: id and sequence of an echo. */
const ICMP_ID = 4;
const ICMP_SEQUENCE = 6;

const FLAG_LETTERS: Readonly<Record<string, number>> = {
  F: 0x01,
  S: 0x02,
  R: 0x04,
  P: 0x08,
  A: 0x10,
  U: 0x20,
  E: 0x40,
  C: 0x80,
  '2': 0x40,
  '1': 0x80,
};

/** `flags:S`, `flags:+SA`, `flags:S,CE`: which must be set, and which do not count. @throws RuleFault */
function parseFlags(option: Option): PacketTest {
  const found = /^([!+*]?)([FSRPAUEC120]+)([!+*]?)(?:\s*,\s*([FSRPAUEC12]+))?$/i.exec(
    (option.value ?? '').replaceAll(' ', ''),
  );
  if (found === null || (found[1] !== '' && found[3] !== ''))
    throw invalid(
      option.name,
      'letters of F S R P A U E C, 0 for none, with + * or ! before them',
      option.valueAt,
    );
  const bitsOf = (letters: string): number =>
    [...letters.toUpperCase()].reduce((bits, letter) => bits | (FLAG_LETTERS[letter] ?? 0), 0);
  const wanted = bitsOf(found[2]);
  const counted = ~bitsOf(found[4] ?? '') & 0xff;
  const mode = found[1] || found[3];
  const fits = (flags: number): boolean => {
    const seen = flags & counted;
    if (mode === '+') return (seen & wanted) === wanted;
    if (mode === '*') return (seen & wanted) !== 0;
    if (mode === '!') return seen !== wanted;
    return seen === wanted;
  };
  return (p) => p.protocol === TCP && fits(p.tcpFlags);
}

/** `fragbits:M`, of R D M. @throws RuleFault */
function parseFragbits(option: Option): PacketTest {
  const found = /^([!+*]?)([RDM]+)([!+*]?)$/i.exec((option.value ?? '').replaceAll(' ', ''));
  if (found === null)
    throw invalid(option.name, 'letters of R D M, with + * or ! before them', option.valueAt);
  const BITS: Readonly<Record<string, number>> = { R: 4, D: 2, M: 1 };
  const wanted = [...found[2].toUpperCase()].reduce((bits, letter) => bits | BITS[letter], 0);
  const mode = found[1] || found[3];
  return (p) => {
    if (p.version !== 4) return false;
    const seen = p.bytes[p.ip + ipv4.FRAGMENT] >> 5;
    if (mode === '+') return (seen & wanted) === wanted;
    if (mode === '*') return (seen & wanted) !== 0;
    if (mode === '!') return (seen & wanted) === 0;
    return seen === wanted;
  };
}

/** Kinds of IPv4 options by Suricata's words. */
const IP_OPTIONS: Readonly<Record<string, number>> = {
  rr: 7,
  lsrr: 131,
  eol: 0,
  nop: 1,
  ts: 68,
  sec: 130,
  esec: 133,
  ssrr: 137,
  satid: 136,
};

function parseIpOptions(option: Option): PacketTest {
  const word = (option.value ?? '').toLowerCase();
  const kind = IP_OPTIONS[word];
  if (kind === undefined && word !== 'any')
    throw invalid(option.name, `one of ${Object.keys(IP_OPTIONS).join(', ')}, any`, option.valueAt);
  return (p) => {
    if (p.version !== 4) return false;
    const end = p.ip + ipv4.headerLength(p.bytes, p.ip);
    let at = p.ip + ipv4.MIN_LENGTH;
    if (word === 'any') return at < end;
    // Ends: each turn takes at least one byte of at most 40.
    while (at < end) {
      const type = p.bytes[at];
      if (type === kind) return true;
      if (type === ipv4.OPTION_END) return false;
      at += type === ipv4.OPTION_NOTHING ? 1 : Math.max(2, p.bytes[at + 1]);
    }
    return false;
  };
}

/** Value of a TCP option; undefined when the segment has none. */
function tcpOption(p: Packet, kind: number, length: number): number | undefined {
  if (p.protocol !== TCP) return undefined;
  const end = p.transport + ((p.bytes[p.transport + 12] >> 4) << 2);
  let at = p.transport + 20;
  // Ends: each turn takes at least one byte of at most 40.
  while (at + 1 < end) {
    const type = p.bytes[at];
    if (type === 0) return undefined;
    if (type === kind && p.bytes[at + 1] === length && at + length <= end)
      return length === 3 ? p.bytes[at + 2] : u16(p.bytes, at + 2);
    at += type === 1 ? 1 : Math.max(2, p.bytes[at + 1]);
  }
  return undefined;
}

const bounded =
  (read: (p: Packet, flow: FlowView, side: 0 | 1) => number | undefined): Keyword =>
  (draft, option) => {
    const bounds = parseBounds(option);
    draft.packetTests.push((p, flow, side) => {
      const value = read(p, flow, side);
      return value !== undefined && bounds(value);
    });
  };
const tested =
  (parse: (option: Option) => PacketTest): Keyword =>
  (draft, option) => {
    draft.packetTests.push(parse(option));
  };

const exact = (option: Option, most: number): number =>
  parseWhole(option, 0, most, (option.value ?? '').replace(/^"(.*)"$/, '$1'));

function dsize(draft: Draft, option: Option): void {
  draft.once(option);
  const bounds = parseBounds(option);
  const numbers = [...(option.value ?? '').matchAll(/\d+/g)].map(([text]) => Number(text));
  const isMore = option.value?.includes('>') === true && !option.value.includes('<');
  const isLess = option.value?.startsWith('<') === true && !option.value.includes('>');
  if (numbers.some((n) => n > 65_535))
    throw invalid('dsize', 'no payload is larger than 65535', option.valueAt);
  const least = isLess ? 0 : numbers[0];
  const most = isMore || option.value?.startsWith('!') === true ? 65_535 : (numbers[1] ?? numbers[0]);
  draft.dsize = { least, most };
  draft.packetTests.push((p) => bounds(p.payloadLength));
}

/** `ip_proto:6`, `ip_proto:!tcp`, `ip_proto:>100`. */
const IP_PROTOCOLS = new Map([
  ['icmp', 1],
  ['igmp', 2],
  ['ipv4', 4],
  ['tcp', 6],
  ['udp', 17],
  ['ipv6', 41],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['ipv6-icmp', 58],
  ['ospf', 89],
  ['pim', 103],
  ['sctp', 132],
]);

export const packetKeywords: Readonly<Record<string, Keyword>> = {
  dsize,
  ttl: bounded((p) => p.ttl),
  tos(draft, option) {
    const negated = option.value?.startsWith('!') === true;
    const text = negated ? (option.value ?? '').slice(1) : (option.value ?? '');
    const wanted = /^x[0-9a-f]{1,2}$/i.test(text) ? Number(`0${text}`) : parseWhole(option, 0, 255, text);
    draft.packetTests.push((p) => p.version === 4 && (p.bytes[p.ip + 1] === wanted) !== negated);
  },
  id(draft, option) {
    const wanted = exact(option, 65_535);
    draft.packetTests.push((p) => p.version === 4 && ipv4.identification(p.bytes, p.ip) === wanted);
  },
  ip_proto(draft, option) {
    const bounds = parseBounds(option, IP_PROTOCOLS);
    draft.packetTests.push((p) => bounds(p.protocol));
  },
  sameip(draft) {
    draft.packetTests.push((p) => p.source.every((word, i) => word === p.destination[i]));
  },
  ipopts: tested(parseIpOptions),
  fragbits: tested(parseFragbits),
  fragoffset: bounded((p) => (p.version === 4 ? ipv4.fragmentOffset(p.bytes, p.ip) >> 3 : undefined)),
  flags: tested(parseFlags),
  'tcp.flags': tested(parseFlags),
  seq(draft, option) {
    const wanted = exact(option, 4_294_967_295) | 0;
    draft.packetTests.push((p) => p.protocol === TCP && p.sequence === wanted);
  },
  ack(draft, option) {
    const wanted = exact(option, 4_294_967_295) | 0;
    draft.packetTests.push((p) => p.protocol === TCP && p.acknowledged === wanted);
  },
  window(draft, option) {
    const negated = option.value?.startsWith('!') === true;
    const wanted = parseWhole(option, 0, 65_535, (option.value ?? '').replace(/^!\s*/, ''));
    draft.packetTests.push((p) => p.protocol === TCP && (p.window === wanted) !== negated);
  },
  'tcp.mss': bounded((p) => tcpOption(p, 2, 4)),
  'tcp.wscale': bounded((p) => tcpOption(p, 3, 3)),
  itype: bounded((p) => (isIcmp(p) ? p.bytes[p.transport] : undefined)),
  icode: bounded((p) => (isIcmp(p) ? p.bytes[p.transport + 1] : undefined)),
  icmp_id(draft, option) {
    const wanted = exact(option, 65_535);
    draft.packetTests.push(
      (p) => isIcmp(p) && p.transport + 8 <= p.end && u16(p.bytes, p.transport + ICMP_ID) === wanted,
    );
  },
  icmp_seq(draft, option) {
    const wanted = exact(option, 65_535);
    draft.packetTests.push(
      (p) => isIcmp(p) && p.transport + 8 <= p.end && u16(p.bytes, p.transport + ICMP_SEQUENCE) === wanted,
    );
  },
  'icmpv6.mtu': bounded((p) =>
    p.protocol === ICMPV6 && p.bytes[p.transport] === 2 && p.transport + 8 <= p.end
      ? u32(p.bytes, p.transport + 4)
      : undefined,
  ),
  'flow.age': bounded((p, flow) => Math.floor((p.time - flow.start) / 1e6)),
  'flow.pkts': bounded((_, flow) => flow.pkts_toserver + flow.pkts_toclient),
  'flow.pkts_toserver': bounded((_, flow) => flow.pkts_toserver),
  'flow.pkts_toclient': bounded((_, flow) => flow.pkts_toclient),
  'flow.bytes': bounded((_, flow) => flow.bytes_toserver + flow.bytes_toclient),
  'flow.bytes_toserver': bounded((_, flow) => flow.bytes_toserver),
  'flow.bytes_toclient': bounded((_, flow) => flow.bytes_toclient),
  'vlan.layers': bounded((p) => p.vlans),
  'vlan.id'(draft, option) {
    const [value, layer] = (option.value ?? '').split(',').map((word) => word.trim());
    const bounds = parseBounds(option, undefined, value);
    const isAny = layer === undefined || layer === 'any';
    const at = isAny || layer === 'all' ? 0 : parseWhole(option, -4, 3, layer);
    draft.packetTests.push((p) => {
      const ids = [...p.vlan.slice(0, p.vlans)];
      if (isAny) return ids.some(bounds);
      if (layer === 'all') return ids.length > 0 && ids.every(bounds);
      const id = ids.at(at);
      return id !== undefined && bounds(id);
    });
  },
  stream_size(draft, option) {
    const [which, sign, text] = (option.value ?? '').split(',').map((word) => word.trim());
    const bounds = parseBounds(option, undefined, `${sign === '=' ? '' : sign}${text}`);
    const read: Readonly<Record<string, (flow: FlowView) => boolean>> = {
      client: (flow) => bounds(flow.payload_toserver),
      server: (flow) => bounds(flow.payload_toclient),
      both: (flow) => bounds(flow.payload_toserver) && bounds(flow.payload_toclient),
      either: (flow) => bounds(flow.payload_toserver) || bounds(flow.payload_toclient),
    };
    const test = read[which];
    if (test === undefined) throw invalid('stream_size', 'client, server, both or either', option.valueAt);
    draft.packetTests.push((p, flow) => p.protocol === TCP && test(flow));
  },
};
