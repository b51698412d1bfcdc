// IPFIX (RFC 7011) over UDP: messages of sets; what they share with NetFlow v9 stands in sets.ts.
//
//   header  version(2) length(2) export seconds(4) sequence(4) observation domain(4), then sets
import { u16, u32 } from '../../bytes/read.ts';
import { domainId, type Part } from './netflow.ts';
import { type Dialect, type Reader, readSets } from './sets.ts';

export const IPFIX_HEADER = 16;
export const IPFIX: Dialect = { templates: 2, options: 3, isIpfix: true };

/** One message. @returns its length, so that several may follow each other in a stream or a file; 0 when it was refused */
export function readIpfix(
  { exporter, record, clock, flow }: Part,
  b: Uint8Array,
  at: number,
  end: number,
): number {
  if (end - at < IPFIX_HEADER) {
    exporter.fault('datagram_short');
    return 0;
  }
  const length = u16(b, at + 2);
  if (length < IPFIX_HEADER || length > end - at) {
    exporter.fault('length_wrong');
    return 0;
  }
  const id = u32(b, at + 12);
  const domain = exporter.domain(domainId(10, id));
  clock.exported = u32(b, at + 4) * 1e6;
  // Domain 0 speaks for the whole exporter (§3.1).
  clock.boot = domain.boot || (exporter.domains.get(domainId(10, 0))?.boot ?? Number.NaN);
  record.kind = 'ipfix';
  record.version = 10;
  record.source = id;
  const reader: Reader = { dialect: IPFIX, exporter, domain, record, clock, whole: domainId(10, 0), flow };
  const sequence = u32(b, at + 8);
  exporter.follow(domain, sequence, sequence + readSets(reader, b, at + IPFIX_HEADER, at + length));
  return length;
}
