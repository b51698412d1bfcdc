// Batches to bytes and back: NDJSON (header line, then one record a line), zstd on the wire.
import { createHash } from 'node:crypto';
import { Compile } from 'typebox/compile';
import { Alert } from './alert.ts';
import { BatchHeader, type WireRecord } from './batch.ts';
import { Blind } from './health.ts';
import { Series } from './series.ts';

/**
 * Identity of a record for all time: first 16 bytes of SHA-256 over the length-prefixed parts, hex.
 * A resend has the same identity, so it is harmless.
 */
export function recordId(sensor: string, epoch: string, seq: number): string {
  const hash = createHash('sha256');
  for (const part of [sensor, epoch, String(seq)]) hash.update(`${part.length}:${part}`);
  return hash.digest('hex').slice(0, 32);
}

/** NDJSON text of a batch; `records` are lines already made by `encodeRecord`. */
export const encodeBatch = (header: BatchHeader, records: readonly string[]): string =>
  [JSON.stringify(header), ...records].join('\n') + '\n';

export const encodeRecord = (record: WireRecord): string => JSON.stringify(record);

const checks = { alert: Compile(Alert), series: Compile(Series), blind: Compile(Blind) };
const headerCheck = Compile(BatchHeader);

export type Decoded<T> = { ok: true; value: T } | { ok: false; code: WireFault; reason: string };
export type WireFault = 'not_json' | 'unknown_kind' | 'malformed';

interface Check<T> {
  Check(value: unknown): value is T;
  Errors(value: unknown): { instancePath: string; message: string }[];
}

function decode<T>(check: Check<T>, value: unknown): Decoded<T> {
  if (check.Check(value)) return { ok: true, value };
  const [first] = check.Errors(value);
  return {
    ok: false,
    code: 'malformed',
    reason: first ? `${first.instancePath || '/'} ${first.message}` : 'malformed',
  };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The header line. Members that the schema does not name are ignored. */
export function decodeHeader(line: string): Decoded<BatchHeader> {
  const value = parse(line);
  if (value === undefined) return { ok: false, code: 'not_json', reason: 'the header line is not JSON' };
  return decode(headerCheck as Check<BatchHeader>, value);
}

/** One record line. Members that the schema does not name are ignored: the reader copies what it knows. */
export function decodeRecord(line: string): Decoded<WireRecord> {
  const value = parse(line);
  if (value === undefined) return { ok: false, code: 'not_json', reason: 'the record line is not JSON' };
  const kind = (value as { kind?: unknown } | null)?.kind;
  if (kind !== 'alert' && kind !== 'series' && kind !== 'blind')
    return {
      ok: false,
      code: 'unknown_kind',
      reason: `unknown kind of record: ${String(kind).slice(0, 32)}`,
    };
  return decode(checks[kind] as Check<WireRecord>, value);
}
