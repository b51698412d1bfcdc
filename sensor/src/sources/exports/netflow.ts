// NetFlow v5 (Cisco's: fixed records) and v9 (RFC 3954: records by template).
//
//   v5 header  version(2) count(2) uptime(4) seconds(4) nanoseconds(4) sequence(4) engine type(1) id(1) sampling(2)
//   v5 record  source(4) destination(4) next hop(4) input(2) output(2) packets(4) octets(4) first(4) last(4)
//              ports(2+2) pad(1) flags(1) protocol(1) tos(1) AS(2+2) bits(1+1) pad(2)
//   v9 header  version(2) count(2) uptime(4) seconds(4) sequence(4) source id(4), then sets
import { u16, u32 } from '../../bytes/read.ts';
import type { Exporter } from './exporter.ts';
import type { Clock, FlowExport } from './record.ts';
import { type Dialect, type Reader, readSets } from './sets.ts';
import { compile, run, type Template } from './template.ts';

export const V5_HEADER = 24;
const V5_RECORD = 48;
export const V9_HEADER = 20;
/** The upper two bits of the sampling field are its mode. */
const SAMPLING_INTERVAL = 0x3fff;
/** Domains of different protocols never meet: the version stands above the 32 bits of the id. */
export const domainId = (version: number, id: number): number => version * 2 ** 32 + id;

export const NETFLOW_9: Dialect = { templates: 0, options: 1, isIpfix: false };

/** A v5 record in the words of v9: elements with their lengths; 0 is padding. */
const V5_SPEC = [
  [8, 4],
  [12, 4],
  [15, 4],
  [10, 2],
  [14, 2],
  [2, 4],
  [1, 4],
  [22, 4],
  [21, 4],
  [7, 2],
  [11, 2],
  [0, 1],
  [6, 1],
  [4, 1],
  [5, 1],
  [16, 2],
  [17, 2],
  [9, 1],
  [13, 1],
  [0, 2],
].flatMap(([id, size]) => [id >> 8, id & 255, size >> 8, size & 255]);
const V5 = compile(Uint8Array.from(V5_SPEC), 0, V5_SPEC.length, V5_SPEC.length / 4, false, false) as Template;

export interface Part {
  readonly exporter: Exporter;
  readonly record: FlowExport;
  readonly clock: Clock;
  flow(record: FlowExport): void;
}

/** Moment at which the exporter started, by its own clock. @param uptime ms */
function setClock(clock: Clock, exported: number, uptime: number): void {
  clock.exported = exported;
  clock.boot = exported - uptime * 1000;
}

export function readV5(
  { exporter, record, clock, flow }: Part,
  b: Uint8Array,
  at: number,
  end: number,
): void {
  if (end - at < V5_HEADER) return exporter.fault('datagram_short');
  const count = u16(b, at + 2);
  // Some pad the last datagram; none may promise more than came.
  if (count === 0 || end - at < V5_HEADER + count * V5_RECORD) return exporter.fault('length_wrong');
  const uptime = u32(b, at + 4);
  setClock(clock, u32(b, at + 8) * 1e6 + Math.floor(u32(b, at + 12) / 1000), uptime);
  const engine = u16(b, at + 20);
  const domain = exporter.domain(domainId(5, engine));
  exporter.alive(domain, uptime);
  const sequence = u32(b, at + 16);
  exporter.follow(domain, sequence, sequence + count);
  const rate = Math.max(1, u16(b, at + 22) & SAMPLING_INTERVAL);
  record.kind = 'netflow';
  record.version = 5;
  record.source = engine;
  for (let n = 0, i = at + V5_HEADER; n < count; n++, i += V5_RECORD) {
    record.clear();
    run(V5, b, i, end, record);
    record.settle(clock, rate);
    exporter.count('records');
    flow(record);
  }
}

export function readV9(
  { exporter, record, clock, flow }: Part,
  b: Uint8Array,
  at: number,
  end: number,
): void {
  if (end - at < V9_HEADER) return exporter.fault('datagram_short');
  const uptime = u32(b, at + 4);
  setClock(clock, u32(b, at + 8) * 1e6, uptime);
  const source = u32(b, at + 16);
  const domain = exporter.domain(domainId(9, source));
  exporter.alive(domain, uptime);
  const sequence = u32(b, at + 12);
  exporter.follow(domain, sequence, sequence + 1);
  record.kind = 'netflow';
  record.version = 9;
  record.source = source;
  const reader: Reader = { dialect: NETFLOW_9, exporter, domain, record, clock, whole: domainId(9, 0), flow };
  readSets(reader, b, at + V9_HEADER, end);
}
