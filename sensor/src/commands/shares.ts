// What each thread of a run may have: the memory of its settings, without the kernel's rings, shared out.
import type { Config } from '../config/settings.ts';
import { type Shares, shareOf, shareOut, usualMemory } from '../memory.ts';
import { RING_BYTES } from '../sources/afpacket/options.ts';

/** @throws SensorError config_invalid when it is too little for so many threads and interfaces */
export function sharesOf({ memory, workers, sources }: Config): Required<Shares> {
  const interfaces = sources.filter(({ kind }) => kind === 'afpacket').length;
  // Several workers have one more who detects.
  const threads = workers > 1 ? workers + 1 : 1;
  const rings = interfaces * workers * RING_BYTES;
  return shareOf(shareOut(memory ?? usualMemory(threads, rings), threads, rings), threads);
}
