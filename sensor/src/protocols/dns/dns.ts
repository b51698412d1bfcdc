// DNS over UDP and TCP (RFC 1035, 7766), as EVE `dns` records of version 3.
import { u16 } from '../../bytes/read.ts';
import {
  type Direction,
  type Emit,
  type Protocol,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from '../protocol.ts';
import { dnsBlock } from './block.ts';
import { dnsFields } from './fields.ts';
import {
  DnsMessage,
  HEADER,
  headerIsPossible,
  headerLooksRight,
  looksLikeDns,
  MAX_OPENING,
} from './message.ts';

const message = new DnsMessage();
const Z = 0x40;

/** One message of the protocol that owns `emit`. */
function read(bytes: Uint8Array, at: number, end: number, emit: Emit, isStream: boolean): void {
  const fault = message.read(bytes, at, end);
  // A zone transfer's messages hold as many records as fit.
  if (fault !== '' && !(isStream && fault === 'too_many_records')) emit.anomaly(fault);
  if (end - at >= HEADER) {
    if ((message.flags & Z) !== 0) emit.anomaly('z_flag_set');
    if (message.opcode === 3 || message.opcode > 6) emit.anomaly('invalid_opcode');
  }
  // A message without one whole question or record says nothing.
  if (message.speaks) emit.event(message);
}

/** Messages with a length of two bytes in front (RFC 1035 §4.2.2). */
class DnsStream implements StreamParser {
  stream(bytes: Uint8Array, at: number, end: number, _: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes a whole message of at least HEADER bytes.
    while (end - next >= 2) {
      const length = u16(bytes, next);
      if (length < HEADER) return STREAM_LOST;
      if (end - next - 2 < length) break;
      read(bytes, next + 2, next + 2 + length, emit, true);
      next += 2 + length;
    }
    return next - at;
  }
}

export const openDns = (): StreamParser => new DnsStream();
export const datagramOfDns = (bytes: Uint8Array, at: number, end: number, _: Direction, emit: Emit): void =>
  read(bytes, at, end, emit, false);

export function probeDns(
  bytes: Uint8Array,
  at: number,
  end: number,
  _: Direction,
  transport: 'tcp' | 'udp',
): Verdict {
  if (transport === 'udp') {
    if (looksLikeDns(bytes, at, end)) return 'yes';
    // On its own port a damaged message is worth a word.
    return headerIsPossible(bytes, at, end) ? 'more' : 'no';
  }
  if (end - at < 2 + HEADER) return end - at < 2 || u16(bytes, at) >= HEADER ? 'more' : 'no';
  const length = u16(bytes, at);
  const stop = Math.min(end, at + 2 + length);
  if (length < HEADER || !headerLooksRight(bytes, at + 2, stop)) return 'no';
  if (looksLikeDns(bytes, at + 2, stop)) return 'yes';
  // The first question may still be on its way.
  return end - at - 2 < Math.min(length, MAX_OPENING) ? 'more' : 'no';
}

export const anomaliesOfDns = {
  malformed_data: 'A count, a length or a name of the message points beyond its end.',
  too_many_records: 'The message holds more records than any honest one.',
  infinite_loop: 'A compression pointer leads forwards or in a circle.',
  name_too_long: 'A name is longer than names may be.',
  z_flag_set: 'The reserved bit of the header is set.',
  invalid_opcode: 'The kind of query is one that does not exist.',
};

export const dns = {
  name: 'dns',
  about: 'Domain Name System, requests and responses.',
  tcpPorts: [53],
  udpPorts: [53],
  probe: probeDns,
  datagram: datagramOfDns,
  open: openDns,
  fromServer: (message) => message.isResponse,
  fields: dnsFields,
  block: dnsBlock,
  anomalies: anomaliesOfDns,
} as const satisfies Protocol<DnsMessage>;
