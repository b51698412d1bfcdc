// How much memory the sensor may have, and how it is shared out. Whatever is full sheds by its own rule and counts it.
//
//   share        holds                                     when it is full
//   flows        rows of the flow table, all their columns the flow that would end next ends now      flow.end.forced
//   buffers      bytes of streams that wait                what would have to wait is given up       tcp.given_up
//   fragments    packets that lack a fragment              the oldest goes                           defrag.shed
//   heap         parsers, messages, detectors' statistics  garbage is collected; when that is not
//                                                          enough, detectors forget the older half of
//                                                          what they count, then every second
//                                                          conversation is only counted              tcp.shed
//
// The kernel's rings, which are mapped whole, come off before anything is shared out.
//
// Besides, the heap's part for new objects does not grow beyond YOUNG_BYTES (heap.ts): V8 would let it grow to 64 MiB.
import { SensorError } from './errors.ts';
import { SUMS, WORDS } from './flow/row.ts';
import { TUNNEL_WORDS } from './flow/tunnels.ts';

export interface Shares {
  readonly flows: number;
  /** Conversations that are read at a time. */
  readonly parsers: number;
  /** Bytes of streams that wait for others or for their parser. */
  readonly bufferBytes: number;
  /** Bytes of packets that lack a fragment. */
  readonly fragmentBytes?: number;
  /** Bytes that the heap may grow by while traffic is read; unbounded when absent. */
  readonly heapBytes?: number;
}

const MIB = 1024 * 1024;
/** The program itself, its rules, new objects, and holes in the heap: an empty capture with all rules measured 130 MiB. */
const RUNTIME = 144 * MIB;
export const LEAST = 160 * MIB;
/** A thread more: the program once more for itself, and a heap of its own with its holes. */
const THREAD = 80 * MIB;
/** What one thread may have unless it is told, and each further one: its program, and half as much to share out. */
const USUAL = 256;
const USUAL_THREAD = 144;
/** @param rings bytes of the kernel's rings */
export const usualMemory = (threads = 1, rings = 0): string =>
  `${USUAL + (threads - 1) * USUAL_THREAD + Math.ceil(rings / MIB)}MiB`;
/** Places for a flow's parser, talk and stream. */
const PLACES_BYTES = 24;
/** A row's columns, its share of the buckets, of the columns for tunnels, and its Community ID. */
const FLOW_BYTES = WORDS * 4 + SUMS * 8 + 16 + TUNNEL_WORDS * 4 + 36;
/** What a conversation that is read keeps, as measured over all protocols: a parser, its message, a hello or a head. */
const PARSER_BYTES = 2048;

/**
 * @param text `256MiB`, `1GiB` @param threads that share the work; the shares are those of all together
 * @param rings bytes of the kernel's rings
 * @throws SensorError config_invalid
 */
export function shareOut(text: string, threads = 1, rings = 0): Required<Shares> {
  const match = /^(\d{1,6})(MiB|GiB)$/.exec(text);
  const bytes = match === null ? 0 : Number(match[1]) * (match[2] === 'GiB' ? 1024 * MIB : MIB);
  const apart = (threads - 1) * THREAD + rings;
  // Less to share out for each than one alone must have, and they would collect garbage all the time.
  const least = LEAST + apart + (threads - 1) * (LEAST - RUNTIME);
  if (bytes < least)
    throw new SensorError(
      'config_invalid',
      `--memory ${text}: write it as 256MiB; no less than ${least / MIB}MiB will do${threads === 1 ? '' : ` for ${threads - 1} workers`}${rings === 0 ? '' : `, of which the kernel's rings take ${rings / MIB}`}`,
    );
  const free = bytes - RUNTIME - apart;
  const flows = Math.floor((free * 0.4) / (FLOW_BYTES + PLACES_BYTES));
  return {
    flows,
    parsers: Math.floor((free * 0.3) / PARSER_BYTES),
    bufferBytes: Math.floor(free * 0.08),
    fragmentBytes: Math.floor(free * 0.06),
    heapBytes: Math.floor(free * 0.36) + flows * PLACES_BYTES,
  };
}

/** The shares of one of several threads. */
export const shareOf = (shares: Required<Shares>, threads: number): Required<Shares> => ({
  flows: Math.floor(shares.flows / threads),
  parsers: Math.floor(shares.parsers / threads),
  bufferBytes: Math.floor(shares.bufferBytes / threads),
  fragmentBytes: Math.floor(shares.fragmentBytes / threads),
  heapBytes: Math.floor(shares.heapBytes / threads),
});
