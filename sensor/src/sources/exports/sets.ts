// Sets of NetFlow v9 and IPFIX: templates, options, and data that is read by them. The two differ in few words.
import { u16 } from '../../bytes/read.ts';
import type { Domain, Exporter } from './exporter.ts';
import { type Clock, type FlowExport, SLOT } from './record.ts';
import { compile, run, specifierBytes, type Template } from './template.ts';

/** Bytes of a set's header: its id and length. */
export const SET_HEADER = 4;
const FIRST_DATA = 256;
/** Bytes of one specifier without an enterprise: what a v9 options template counts by. */
const SPECIFIER = 4;

/** What tells NetFlow v9 and IPFIX apart below the header. */
export interface Dialect {
  readonly templates: number;
  readonly options: number;
  /** Enterprise numbers, fields of variable length and withdrawals exist. */
  readonly isIpfix: boolean;
}

export interface Reader {
  readonly dialect: Dialect;
  readonly exporter: Exporter;
  readonly domain: Domain;
  readonly record: FlowExport;
  readonly clock: Clock;
  /** Domain of this exporter whose rates hold for the whole of it. */
  readonly whole: number;
  flow(record: FlowExport): void;
}

/** Data records that were met, those about the exporter too: IPFIX numbers them. NaN when some could not be counted. */
export type Met = number;

/** Reads the sets in `[at, end)`. */
export function readSets(reader: Reader, b: Uint8Array, at: number, end: number): Met {
  const { dialect, exporter } = reader;
  let met = 0;
  let i = at;
  // Bounded by the datagram: each set has at least its header.
  while (end - i >= SET_HEADER) {
    const id = u16(b, i);
    const length = u16(b, i + 2);
    // Some pad whole datagrams with zeros.
    if (id === 0 && length === 0) break;
    if (length < SET_HEADER || length > end - i) {
      exporter.fault('set_bad');
      return Number.NaN;
    }
    const from = i + SET_HEADER;
    i += length;
    if (id === dialect.templates) readTemplates(reader, b, from, i);
    else if (id === dialect.options) readOptionsTemplates(reader, b, from, i);
    else if (id >= FIRST_DATA) met += data(reader, id, b, from, i);
    else exporter.fault('set_bad');
  }
  return met;
}

function data(reader: Reader, id: number, b: Uint8Array, at: number, end: number): Met {
  const { exporter, domain, clock } = reader;
  const template = domain.templates.get(id);
  if (template !== undefined) return readRecords(reader, template, b, at, end);
  if (at === end) return 0;
  const { exported, boot } = clock;
  exporter.wait(domain, { id, bytes: Uint8Array.from(b.subarray(at, end)), exported, boot });
  return Number.NaN;
}

/** Bounded by the set: a record takes at least one byte. What is shorter than a record is padding. */
function readRecords(reader: Reader, template: Template, b: Uint8Array, at: number, end: number): Met {
  const { record, exporter } = reader;
  let met = 0;
  let i = at;
  while (end - i >= template.length) {
    record.clear();
    const next = run(template, b, i, end, record);
    if (next < 0) {
      // Of records that tell their own length, padding may look like the beginning of one.
      if (end - i >= SET_HEADER) exporter.fault('record_bad');
      break;
    }
    i = next;
    met++;
    if (template.isOptions) takeOptions(reader);
    else takeFlow(reader);
  }
  return met;
}

function takeFlow(reader: Reader): void {
  const { record, exporter, clock } = reader;
  if (!record.isFlow) {
    exporter.count('others');
    return;
  }
  record.settle(clock, rateOf(reader));
  exporter.count('records');
  reader.flow(record);
}

/** Rate that a record itself tells; 0 when it tells none. */
function ownRate({ values: v }: FlowExport): number {
  if (v[SLOT.samplingInterval] >= 1) return v[SLOT.samplingInterval];
  if (v[SLOT.randomInterval] >= 1) return v[SLOT.randomInterval];
  if (v[SLOT.packetInterval] >= 1 && v[SLOT.packetSpace] >= 0)
    return (v[SLOT.packetInterval] + v[SLOT.packetSpace]) / v[SLOT.packetInterval];
  if (v[SLOT.sampleSize] >= 1 && v[SLOT.samplePopulation] >= v[SLOT.sampleSize])
    return v[SLOT.samplePopulation] / v[SLOT.sampleSize];
  return 0;
}

/** 0 names no sampler. */
function samplerOf({ values: v }: FlowExport): number {
  if (v[SLOT.samplerId] >= 1) return v[SLOT.samplerId];
  return v[SLOT.selectorId] >= 1 ? v[SLOT.selectorId] : 0;
}

function rateOf({ record, exporter, domain, whole }: Reader): number {
  return ownRate(record) || exporter.rate(domain, samplerOf(record), whole);
}

function takeOptions({ record, exporter, domain }: Reader): void {
  exporter.count('options');
  const rate = ownRate(record);
  if (rate > 0) exporter.sample(domain, samplerOf(record), rate);
  const boot = record.values[SLOT.bootMilliseconds];
  if (boot > 0) domain.boot = boot * 1000;
}

/** Bounded by the set: each template has a header of four bytes. */
function readTemplates(reader: Reader, b: Uint8Array, at: number, end: number): void {
  const { dialect, exporter } = reader;
  let i = at;
  while (end - i >= SET_HEADER) {
    const id = u16(b, i);
    const fields = u16(b, i + 2);
    i += SET_HEADER;
    if (fields === 0 && withdraws(reader, id, dialect.templates)) continue;
    // Behind the last template there may be zeros.
    if (id === 0 && fields === 0) return;
    const length = specifierBytes(b, i, end, fields, dialect.isIpfix);
    if (id < FIRST_DATA || fields === 0 || length < 0) return exporter.fault('template_bad');
    learn(reader, id, b, i, i + length, fields, false);
    i += length;
  }
}

/** The two of them say in different words how many fields there are. Bounded by the set. */
function readOptionsTemplates(reader: Reader, b: Uint8Array, at: number, end: number): void {
  const { dialect, exporter } = reader;
  let i = at;
  while (end - i >= SET_HEADER) {
    const id = u16(b, i);
    if (dialect.isIpfix && u16(b, i + 2) === 0 && withdraws(reader, id, dialect.options)) {
      i += SET_HEADER;
      continue;
    }
    if (end - i < 6) return;
    const [first, second] = [u16(b, i + 2), u16(b, i + 4)];
    if (id === 0 && first === 0) return;
    i += 6;
    const fields = dialect.isIpfix ? first : Math.floor((first + second) / SPECIFIER);
    const scopes = dialect.isIpfix ? second : Math.floor(first / SPECIFIER);
    const length = specifierBytes(b, i, end, fields, dialect.isIpfix);
    if (id < FIRST_DATA || fields === 0 || scopes > fields || length < 0)
      return exporter.fault('template_bad');
    learn(reader, id, b, i, i + length, fields, true, dialect.isIpfix ? 0 : scopes);
    i += length;
  }
}

/** RFC 7011 §8.1: a template without fields is one that is taken back; the number of its set means all of that kind. */
function withdraws({ dialect, exporter, domain }: Reader, id: number, set: number): boolean {
  if (!dialect.isIpfix || (id !== set && id < FIRST_DATA)) return false;
  if (id !== set) exporter.withdraw(domain, id);
  else
    for (const [known, { isOptions }] of domain.templates)
      if (isOptions === (set === dialect.options)) exporter.withdraw(domain, known);
  return true;
}

function learn(
  reader: Reader,
  id: number,
  b: Uint8Array,
  at: number,
  end: number,
  fields: number,
  isOptions: boolean,
  scopes = 0,
): void {
  const { dialect, exporter, domain } = reader;
  if (domain.templates.get(id)?.isThat(b, at, end, isOptions)) return;
  const template = compile(b, at, end, fields, isOptions, dialect.isIpfix, scopes);
  if (template === undefined) return exporter.fault('template_bad');
  if (!exporter.keep(domain, id, template)) return exporter.fault('template_refused');
  const { clock } = reader;
  const { exported, boot } = clock;
  for (const set of exporter.ready(domain, id)) {
    clock.exported = set.exported;
    clock.boot = set.boot;
    readRecords(reader, template, set.bytes, 0, set.bytes.length);
  }
  clock.exported = exported;
  clock.boot = boot;
}
