// A template compiled into steps, and the run of its steps over one record: no lookups, nothing allocated.
import { u16, u32 } from '../../bytes/read.ts';
import { elementOf, READ } from './elements.ts';
import type { FlowExport } from './record.ts';

/** Length of a field that says its own length in each record (RFC 7011 §7). */
const VARIABLE = 0xffff;
/** First byte of such a length when two more bytes follow with it. */
const LONG_FORM = 255;
const ENTERPRISE_BIT = 0x8000;
/** Fields of one template; the longest of known exporters have some hundred. */
export const MAX_FIELDS = 512;
/** Numbers of a step: how it is read, to where, and its length. */
const STEP = 3;
const NTP_TO_UNIX = 2_208_988_800;

export class Template {
  readonly steps: Uint16Array;
  /** Fields that it was announced with. */
  readonly fields: number;
  /** Bytes of the shortest record; that of every record unless there is a field of variable length. */
  readonly length: number;
  readonly isVariable: boolean;
  /** Records are about the exporter, not flows. */
  readonly isOptions: boolean;
  /** As it was announced: the same again is no news. */
  readonly spec: Uint8Array;

  constructor(
    steps: Uint16Array,
    fields: number,
    length: number,
    isVariable: boolean,
    isOptions: boolean,
    spec: Uint8Array,
  ) {
    this.steps = steps;
    this.fields = fields;
    this.length = length;
    this.isVariable = isVariable;
    this.isOptions = isOptions;
    this.spec = spec;
  }

  /** Whether these bytes announce the very same. */
  isThat(b: Uint8Array, at: number, end: number, isOptions: boolean): boolean {
    const { spec } = this;
    if (end - at !== spec.length || isOptions !== this.isOptions) return false;
    for (let i = 0; i < spec.length; i++) if (b[at + i] !== spec[i]) return false;
    return true;
  }
}

/**
 * Bytes that the specifiers of `fields` fields take.
 * @returns -1 when they go beyond the end
 */
export function specifierBytes(
  b: Uint8Array,
  at: number,
  end: number,
  fields: number,
  hasEnterprises: boolean,
): number {
  let i = at;
  // Bounded by the number of fields, and by the end.
  for (let n = 0; n < fields; n++) {
    if (end - i < 4) return -1;
    const isEnterprise = hasEnterprises && (u16(b, i) & ENTERPRISE_BIT) !== 0;
    i += isEnterprise ? 8 : 4;
    if (i > end) return -1;
  }
  return i - at;
}

/**
 * Compiles the specifiers in `[at, end)`; their bytes were measured by `specifierBytes`.
 * @param skipped fields in front that are a v9 scope: numbers of a registry of their own
 * @returns undefined when no record could be read by it
 */
export function compile(
  b: Uint8Array,
  at: number,
  end: number,
  fields: number,
  isOptions: boolean,
  hasEnterprises: boolean,
  skipped = 0,
): Template | undefined {
  if (fields > MAX_FIELDS) return undefined;
  const steps: number[] = [];
  let length = 0;
  let isVariable = false;
  let i = at;
  // Bounded by the number of fields.
  for (let n = 0; n < fields; n++) {
    const id = u16(b, i);
    const size = u16(b, i + 2);
    const isEnterprise = hasEnterprises && (id & ENTERPRISE_BIT) !== 0;
    const enterprise = isEnterprise ? u32(b, i + 4) : 0;
    i += isEnterprise ? 8 : 4;
    const canVary = hasEnterprises && size === VARIABLE;
    isVariable ||= canVary;
    length += canVary ? 1 : size;
    if (size === 0) continue;
    const element = elementOf(isEnterprise ? id & ~ENTERPRISE_BIT : id, enterprise);
    const read = n < skipped || !fits(element.read, size) ? READ.nothing : element.read;
    const last = steps.length - STEP;
    // Neighbours that nobody needs are passed over at once.
    const joins = read === READ.nothing && !canVary && last >= 0 && steps[last] === READ.nothing;
    if (joins && steps[last + 2] !== VARIABLE && steps[last + 2] + size < VARIABLE) steps[last + 2] += size;
    else steps.push(read, element.to, canVary ? VARIABLE : size);
  }
  if (length === 0 || length > VARIABLE) return undefined;
  return new Template(
    Uint16Array.from(steps),
    fields,
    length,
    isVariable,
    isOptions,
    Uint8Array.from(b.subarray(at, end)),
  );
}

/** Whether a field of this size can be read so. */
function fits(read: number, size: number): boolean {
  if (read === READ.number) return size <= 8;
  if (read === READ.address) return size === 4 || size === 16;
  return read === READ.ntp ? size === 8 : true;
}

/** Unsigned, up to 8 bytes; above 2^53 its last digits are lost. */
export function number(b: Uint8Array, at: number, size: number): number {
  if (size === 4) return u32(b, at);
  if (size === 2) return u16(b, at);
  if (size === 8) return u32(b, at) * 2 ** 32 + u32(b, at + 4);
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + b[at + i];
  return value;
}

function isZero(b: Uint8Array, at: number, size: number): boolean {
  for (let i = at; i < at + size; i++) if (b[i] !== 0) return false;
  return true;
}

/** Puts an address of 4 or 16 bytes into its place. */
export function putAddress(record: FlowExport, place: number, b: Uint8Array, at: number, size: number): void {
  const { addresses } = record;
  const to = place * 4;
  if (size === 4) {
    // Exporters fill both families of a record: the zeros of the other one are no address.
    if (record.families[place] === 6 && u32(b, at) === 0) return;
    addresses[to] = addresses[to + 1] = addresses[to + 2] = 0;
    addresses[to + 3] = u32(b, at);
    record.families[place] = 4;
    return;
  }
  if (record.families[place] === 4 && isZero(b, at, 16)) return;
  for (let i = 0; i < 4; i++) addresses[to + i] = u32(b, at + 4 * i);
  record.families[place] = 6;
}

/**
 * Reads one record into `record`, which was cleared.
 * @returns where the next one begins; -1 when this one goes beyond the end
 */
export function run(template: Template, b: Uint8Array, at: number, end: number, record: FlowExport): number {
  const { steps } = template;
  if (end - at < template.length) return -1;
  let i = at;
  // Bounded by the steps, and by the end.
  for (let n = 0; n < steps.length; n += STEP) {
    let size = steps[n + 2];
    let read = steps[n];
    if (size === VARIABLE) {
      if (i >= end) return -1;
      size = b[i++];
      if (size === LONG_FORM) {
        if (end - i < 2) return -1;
        size = u16(b, i);
        i += 2;
      }
      if (size === 0 || !fits(read, size)) read = READ.nothing;
    }
    if (end - i < size) return -1;
    if (read === READ.number) record.values[steps[n + 1]] = number(b, i, size);
    else if (read === READ.address) putAddress(record, steps[n + 1], b, i, size);
    else if (read === READ.ntp)
      record.values[steps[n + 1]] = (u32(b, i) - NTP_TO_UNIX + u32(b, i + 4) / 2 ** 32) * 1e6;
    i += size;
  }
  return i;
}
