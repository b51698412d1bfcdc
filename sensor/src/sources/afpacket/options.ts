// What may be said of a live interface, and what is assumed of what is not said.
import { SensorError } from '../../errors.ts';

/** A socket and the mapping of its ring, in the process. */
export interface Held {
  readonly fd: number;
  readonly address: bigint;
  readonly length: number;
}

export interface AfPacketOptions {
  readonly interface: string;
  /** Bytes of each packet that are kept. */
  readonly snapLength?: number;
  /** As for tcpdump. */
  readonly filter?: string;
  /** A power of two, of at least 128 KiB. */
  readonly blockBytes?: number;
  readonly blocks?: number;
  /** Sockets of one group share the flows of an interface; `size` is how many there will be. */
  readonly fanout?: { readonly group: number; readonly size: number };
  /** A tap sees what the machine itself sends, too. Off by default; a loopback interface shows each packet once. */
  readonly ignoreOutgoing?: boolean;
  /** Told what the kernel holds for it, each time that it is opened: a thread that dies leaves it behind. */
  readonly opened?: (held: Held) => void;
  /** It is about to let go of that. */
  readonly closing?: (held: Held) => void;
  /** Told in a line what happens to the interface. */
  readonly tell?: (line: string) => void;
}

/** Whole frames, those too that GRO joined. */
const WHOLE = 65_535;
/**
 * 64 MiB: at 1 Gbit/s half a second in which nobody reads. Many small blocks, since one that is not full is handed over
 * all the same: at a low rate that is 512 times what the kernel waits (20 ms), ten seconds. With 64 blocks of 1 MiB, and
 * 10 ms, a reader that was away for two seconds lost 3,402 of 5,000 packets.
 */
const DEFAULTS = { snapLength: WHOLE, blockBytes: 128 * 1024, blocks: 512 };
/** Bytes that an interface takes, once for each thread that reads it. */
export const RING_BYTES = DEFAULTS.blockBytes * DEFAULTS.blocks;
/** The largest joined frame fits into a block. */
const MIN_BLOCK_BYTES = 128 * 1024;
/** Places in a batch are numbers of 32 bits, and the memory cannot be swapped out. */
const MAX_RING_BYTES = 2 ** 31;
const MAX_GROUP = 0xffff;
const MAX_GROUP_SIZE = 256;

/** What is said to be undefined is not said. */
export const withDefaults = (options: AfPacketOptions) => ({
  ...options,
  snapLength: options.snapLength ?? DEFAULTS.snapLength,
  blockBytes: options.blockBytes ?? DEFAULTS.blockBytes,
  blocks: options.blocks ?? DEFAULTS.blocks,
});

/** @throws SensorError config_invalid */
export function checkOptions({
  interface: name,
  blockBytes,
  blocks,
  snapLength,
  fanout,
}: AfPacketOptions): void {
  const wrong = (what: string): never => {
    throw new SensorError('config_invalid', `interface "${name}": ${what}`);
  };
  const isWithin = (n: number, least: number, most: number): boolean =>
    Number.isInteger(n) && n >= least && n <= most;
  const size = blockBytes ?? DEFAULTS.blockBytes;
  if (!isWithin(size, MIN_BLOCK_BYTES, MAX_RING_BYTES) || (size & (size - 1)) !== 0)
    wrong(`blocks of ${size} bytes; a power of two from ${MIN_BLOCK_BYTES} on`);
  if (!isWithin((blocks ?? DEFAULTS.blocks) * size, 2 * size, MAX_RING_BYTES))
    wrong(`${blocks} blocks; at least 2, and ${MAX_RING_BYTES} bytes in all at most`);
  if (!isWithin(snapLength ?? WHOLE, 1, WHOLE)) wrong(`snap length ${snapLength}; from 1 to ${WHOLE}`);
  if (fanout !== undefined && !isWithin(fanout.group, 0, MAX_GROUP))
    wrong(`fanout group ${fanout.group}; from 0 to ${MAX_GROUP}`);
  if (fanout !== undefined && !isWithin(fanout.size, 1, MAX_GROUP_SIZE))
    wrong(`fanout of ${fanout.size} sockets; from 1 to ${MAX_GROUP_SIZE}`);
}
