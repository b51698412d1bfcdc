// sFlow v5 (sflow.org, sflow_version_5.txt): samples of packets, whose headers go on to be decoded, and of counters.
//
//   datagram  version(4) address type(4) agent(4 or 16) sub-agent(4) sequence(4) uptime(4) samples(4)
//   sample    enterprise and format(4) length(4)
//     flow      sequence(4) source(4) rate(4) pool(4) drops(4) input(4) output(4) records(4)
//     expanded  sequence(4) source(4+4) rate(4) pool(4) drops(4) input(4+4) output(4+4) records(4)
//   record    enterprise and format(4) length(4)
import { u32 } from '../../bytes/read.ts';
import { FrameBatch, LINK } from '../source.ts';
import type { Exporter } from './exporter.ts';
import { domainId } from './netflow.ts';
import { ADDRESS, type FlowExport, SLOT } from './record.ts';
import { putAddress } from './template.ts';

const SAMPLE = { flow: 1, counters: 2, expandedFlow: 3, expandedCounters: 4 } as const;
const RECORD = {
  header: 1,
  ethernet: 2,
  ipv4: 3,
  ipv6: 4,
  switch: 1001,
  router: 1002,
  gateway: 1003,
} as const;
const FLOW_HEADER = 32;
const EXPANDED_HEADER = 44;
/** Bytes in front of a sampled header: protocol, length on the wire, bytes stripped at its end, bytes here. */
const HEADER_PREFIX = 16;
/** Samples and records that one datagram may hold; each turn takes eight bytes at least. */
const ENTRY = 8;
const NOWHERE = 0xffffffff;
/** An interface's upper two bits say what kind of value it is; 0 is a number. */
const INTERFACE = 0x3fffffff;

/** Link types by sFlow's header protocols. */
const LINKS: Readonly<Record<number, number>> = {
  1: LINK.ethernet,
  4: LINK.frameRelay,
  7: LINK.ppp,
  11: LINK.ipv4,
  12: LINK.ipv6,
  13: LINK.mpls,
  14: LINK.ethernet,
};

/** One sampled packet: a batch of one frame, valid during the call, and what the agent says about it. */
export class SampledFrame extends FrameBatch {
  readonly about: FlowExport;

  constructor(about: FlowExport) {
    super(1);
    this.about = about;
  }
}

export interface SflowPart {
  readonly exporter: Exporter;
  readonly frame: SampledFrame;
  /** µs. */
  readonly received: number;
  flow(record: FlowExport): void;
  /** @returns whether it held a packet of a flow */
  sampled(frame: SampledFrame): boolean;
}

export function readSflow(part: SflowPart, b: Uint8Array, at: number, end: number): void {
  const { exporter, frame } = part;
  if (end - at < 8) return exporter.fault('datagram_short');
  const family = u32(b, at + 4);
  const agentBytes = family === 1 ? 4 : family === 2 ? 16 : 0;
  let i = at + 8 + agentBytes;
  if (agentBytes === 0 || end - i < 16) return exporter.fault('datagram_short');
  const record = frame.about;
  record.kind = 'sflow';
  record.version = 5;
  record.source = u32(b, i);
  const domain = exporter.domain(domainId(0, record.source));
  exporter.alive(domain, u32(b, i + 8));
  const sequence = u32(b, i + 4);
  exporter.follow(domain, sequence, sequence + 1);
  const samples = u32(b, i + 12);
  i += 16;
  // Bounded by the datagram: each sample has a header of eight bytes.
  for (let n = 0; n < samples; n++) {
    if (end - i < ENTRY) return exporter.fault('sample_bad');
    const format = u32(b, i);
    const length = u32(b, i + 4);
    i += ENTRY;
    if (length > end - i) return exporter.fault('sample_bad');
    if (format === SAMPLE.flow || format === SAMPLE.expandedFlow)
      takeSample(part, b, i, i + length, format === SAMPLE.expandedFlow);
    else if (format === SAMPLE.counters || format === SAMPLE.expandedCounters)
      exporter.count('counterSamples');
    else exporter.count('otherSamples');
    i += length;
  }
}

function takeSample(part: SflowPart, b: Uint8Array, at: number, end: number, isExpanded: boolean): void {
  const { exporter, frame } = part;
  const header = isExpanded ? EXPANDED_HEADER : FLOW_HEADER;
  if (end - at < header) return exporter.fault('sample_bad');
  const record = frame.about;
  record.clear();
  const rateAt = at + (isExpanded ? 12 : 8);
  const rate = Math.max(1, u32(b, rateAt));
  const inputAt = rateAt + 12;
  const { values } = record;
  values[SLOT.ingress] = isExpanded ? u32(b, inputAt + 4) : u32(b, inputAt) & INTERFACE;
  values[SLOT.egress] = isExpanded ? u32(b, inputAt + 12) : u32(b, inputAt + 4) & INTERFACE;
  exporter.count('samples');
  const interfaceAt = isExpanded ? at + 8 : at + 4;
  exporter.unsampled(exporter.domain(domainId(0, record.source)), u32(b, interfaceAt), u32(b, rateAt + 8));
  const records = u32(b, at + header - 4);
  let i = at + header;
  frame.count = 0;
  // Bounded by the sample: each record has a header of eight bytes.
  for (let n = 0; n < records; n++) {
    if (end - i < ENTRY) return exporter.fault('sample_bad');
    const format = u32(b, i);
    const length = u32(b, i + 4);
    i += ENTRY;
    if (length > end - i) return exporter.fault('sample_bad');
    if (!takeRecord(part, format, b, i, i + length)) return exporter.fault('sample_bad');
    i += length;
  }
  record.sampling = rate;
  values[SLOT.packets] = 1;
  // A header tells more than the agent's own summary of it.
  if (frame.count > 0) {
    values[SLOT.octets] = frame.wire[0];
    exporter.count(part.sampled(frame) ? 'records' : 'others');
  } else if (record.isFlow) {
    record.settle({ exported: part.received, boot: Number.NaN }, rate);
    exporter.count('records');
    part.flow(record);
  }
}

/** @returns false when it is cut off */
function takeRecord(
  { frame, received }: SflowPart,
  format: number,
  b: Uint8Array,
  at: number,
  end: number,
): boolean {
  const record = frame.about;
  const { values } = record;
  const has = end - at;
  switch (format) {
    case RECORD.header: {
      if (has < HEADER_PREFIX) return false;
      const captured = u32(b, at + 12);
      if (captured > has - HEADER_PREFIX) return false;
      const link = LINKS[u32(b, at)];
      if (link === undefined || captured === 0) return true;
      frame.bytes = b;
      frame.start[0] = at + HEADER_PREFIX;
      frame.captured[0] = captured;
      frame.wire[0] = Math.max(captured, Math.min(u32(b, at + 4), 0xffff_ffff));
      frame.time[0] = received;
      frame.link[0] = link;
      frame.count = 1;
      return true;
    }
    case RECORD.ethernet:
      if (has < 20) return false;
      values[SLOT.octets] = u32(b, at);
      values[SLOT.sourceMac] = mac(b, at + 4);
      values[SLOT.destinationMac] = mac(b, at + 12);
      return true;
    case RECORD.ipv4:
      return has >= 32 && takeIp(record, b, at, 4);
    case RECORD.ipv6:
      return has >= 56 && takeIp(record, b, at, 16);
    case RECORD.switch:
      if (has < 16) return false;
      if (u32(b, at) !== NOWHERE) values[SLOT.vlan] = u32(b, at);
      if (u32(b, at + 8) !== NOWHERE) values[SLOT.postVlan] = u32(b, at + 8);
      return true;
    case RECORD.router:
      return takeHop(record, ADDRESS.nextHop, b, at, end, true);
    case RECORD.gateway:
      return takeGateway(record, b, at, end);
    default:
      return true;
  }
}

const mac = (b: Uint8Array, at: number): number => u32(b, at) * 65_536 + ((b[at + 4] << 8) | b[at + 5]);

/** length(4) protocol(4) source destination ports(4+4) TCP flags(4) ToS or priority(4) */
function takeIp(record: FlowExport, b: Uint8Array, at: number, size: 4 | 16): true {
  const { values } = record;
  values[SLOT.octets] = u32(b, at);
  values[SLOT.protocol] = u32(b, at + 4);
  putAddress(record, ADDRESS.source, b, at + 8, size);
  putAddress(record, ADDRESS.destination, b, at + 8 + size, size);
  const i = at + 8 + 2 * size;
  values[SLOT.sourcePort] = u32(b, i) & 0xffff;
  values[SLOT.destinationPort] = u32(b, i + 4) & 0xffff;
  values[SLOT.tcpFlags] = u32(b, i + 8) & 0xff;
  values[SLOT.tos] = u32(b, i + 12) & 0xff;
  return true;
}

/** An address with its type in front, and behind it perhaps the bits of both masks. */
function takeHop(
  record: FlowExport,
  place: number,
  b: Uint8Array,
  at: number,
  end: number,
  hasBits: boolean,
): boolean {
  if (end - at < 4) return false;
  const family = u32(b, at);
  const size = family === 1 ? 4 : family === 2 ? 16 : 0;
  if (end - at < 4 + size + (hasBits ? 8 : 0)) return false;
  if (size !== 0) putAddress(record, place, b, at + 4, size);
  if (hasBits) {
    record.values[SLOT.sourceBits] = Math.min(u32(b, at + 4 + size), 128);
    record.values[SLOT.destinationBits] = Math.min(u32(b, at + 8 + size), 128);
  }
  return true;
}

/** next hop, own AS(4) source AS(4) peer AS(4), then the path, whose last AS is the destination's. */
function takeGateway(record: FlowExport, b: Uint8Array, at: number, end: number): boolean {
  if (!takeHop(record, ADDRESS.bgpNextHop, b, at, end, false)) return false;
  const family = u32(b, at);
  let i = at + 4 + (family === 1 ? 4 : family === 2 ? 16 : 0);
  if (end - i < 16) return false;
  record.values[SLOT.sourceAs] = u32(b, i + 4);
  const segments = u32(b, i + 12);
  i += 16;
  // Bounded by the record: each segment has eight bytes at least.
  for (let n = 0; n < segments; n++) {
    if (end - i < ENTRY) return false;
    const count = u32(b, i + 4);
    i += ENTRY;
    if (count > (end - i) >> 2) return false;
    i += count * 4;
    if (count > 0) record.values[SLOT.destinationAs] = u32(b, i - 4);
  }
  return true;
}
