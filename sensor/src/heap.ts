// Keeps what the garbage collector looks after within its share. V8 grows before it collects, and asks nobody: so the heap
// is looked at every few thousand packets, collected when it has grown by its share, and when that is not enough, those
// who hold it let go.
import v8 from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Both halves of the space for new objects. More saves little time; V8 alone would take 64 MiB. */
const YOUNG_BYTES = 8 * 1024 * 1024;
/** Above this part of the share after collecting, something must go: else it would be collected again at once. */
const ENOUGH = 0.75;
/** Part of the share by which the heap grows at least between two collections. */
const STEP = 0.125;

/** Begins with a small space for new objects; `Heap` lets it grow to YOUNG_BYTES. Before anything is loaded. */
export const startSmall = (): void => v8.setFlagsFromString('--semi-space-growth-factor=1');

const young = (): { size: number; used: number } => {
  const space = v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  return { size: space?.space_size ?? YOUNG_BYTES, used: space?.space_used_size ?? 0 };
};

/** Bytes on the heap, and of arrays that hang on it; new objects too, most of which are garbage. */
function usedBytes(): number {
  const { used_heap_size, external_memory } = v8.getHeapStatistics();
  return used_heap_size + external_memory;
}

/** Node's own way to a collection on demand is a flag at the start of the program; this is the way without. */
export function collector(): () => void {
  v8.setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** Who lets go of something, in turns: detectors learn again what they forget, conversations are lost. */
export const inTurns = (
  detectors: { relieve?(): void },
  conversations: { relieve(): void },
): readonly (() => void)[] => {
  const forget = (): void => detectors.relieve?.();
  const close = (): void => conversations.relieve();
  return [forget, close, forget, close, close];
};

export class Heap {
  readonly #bytes: number;
  readonly #apart: () => number;
  readonly #relief: readonly (() => void)[];
  /** Growth at which something is done: its share, or a step above what could not be let go. */
  #limit: number;
  #base = Number.POSITIVE_INFINITY;
  #isYoungGrown = false;
  #collect: (() => void) | undefined;

  /** @param bytes by which it may grow · @param apart bytes that have a share of their own · @param relief who lets go of something, one after the other until it is enough */
  constructor(bytes: number, apart: () => number, relief: readonly (() => void)[]) {
    this.#bytes = this.#limit = bytes;
    this.#apart = apart;
    this.#relief = relief;
  }

  look(): void {
    if (!this.#isYoungGrown) this.#growYoung();
    const used = this.#used();
    // What the start left behind is no part of the share; a collection shows how little it was.
    if (used < this.#base) this.#base = used;
    // New objects are left out: to find their number takes longer, and it is seldom needed.
    if (used - this.#base > this.#limit && used - young().used - this.#base > this.#limit) this.#relieve();
  }

  #used(): number {
    return usedBytes() - this.#apart();
  }

  #growYoung(): void {
    this.#isYoungGrown = young().size >= YOUNG_BYTES;
    v8.setFlagsFromString(`--semi-space-growth-factor=${this.#isYoungGrown ? 1 : 2}`);
  }

  #relieve(): void {
    this.#collect ??= collector();
    this.#collect();
    const enough = this.#bytes * ENOUGH;
    for (const relieve of this.#relief) {
      if (this.#used() - this.#base < enough) break;
      relieve();
      this.#collect();
    }
    // When all that let go was not enough, collecting with every look would help nobody.
    this.#limit = Math.max(this.#bytes, this.#used() - this.#base + this.#bytes * STEP);
  }
}
