// How much memory the sensor may have, and how it is shared out. Whatever is full sheds by its own rule and counts it:
// the flow that would end next makes room (`forced`), the stream that has waited longest is only counted (`shed`), bytes
// that would have to wait are given up (`given_up`), the oldest unfinished packet of fragments goes.
import { SensorError } from './errors.ts';
import { SUMS, WORDS } from './flow/row.ts';

export interface Shares {
  readonly flows: number;
  /** Conversations that are read at a time. */
  readonly parsers: number;
  /** Bytes of streams that wait for others or for their parser. */
  readonly bufferBytes: number;
}

const MIB = 1024 * 1024;
/** The program itself, its rules, its detectors' statistics, and what the garbage collector keeps free. */
const RUNTIME = 128 * MIB;
export const LEAST = 160 * MIB;
/** A row's columns and its share of the buckets. */
const FLOW_BYTES = WORDS * 4 + SUMS * 8 + 16;
/** What a conversation that is read keeps, as measured over all protocols: a parser, its message, a hello or a head. */
const PARSER_BYTES = 2048;

/** @param text `256MiB`, `1GiB` @throws SensorError config_invalid */
export function shareOut(text: string): Shares {
  const match = /^(\d{1,6})(MiB|GiB)$/.exec(text);
  const bytes = match === null ? 0 : Number(match[1]) * (match[2] === 'GiB' ? 1024 * MIB : MIB);
  if (bytes < LEAST)
    throw new SensorError(
      'config_invalid',
      `--memory ${text}: write it as 256MiB; no less than ${LEAST / MIB}MiB will do`,
    );
  const free = bytes - RUNTIME;
  return {
    flows: Math.floor((free * 0.45) / FLOW_BYTES),
    parsers: Math.floor((free * 0.3) / PARSER_BYTES),
    bufferBytes: Math.floor(free * 0.15),
  };
}
