// Detectors that keep what they have learnt: every few minutes while they work, and at the end.
import { learntBy, type Memory, type Started } from '../detectors/index.ts';
import { MemoryFiles } from './memory-files.ts';

/** ms: what is learnt since is lost when it is killed. */
const EVERY = 300_000;

export class Remembering {
  readonly #files: MemoryFiles | undefined;
  readonly #say: (line: string) => void;
  #next = 0;
  #writing: Promise<void> | undefined;
  #isFailing = false;

  /** @param state folder; undefined: nothing is kept */
  constructor(state: string | undefined, say: (line: string) => void) {
    this.#files = state === undefined ? undefined : new MemoryFiles(state, say);
    this.#say = say;
  }

  /** What was learnt before this run. */
  get memory(): Memory | undefined {
    return this.#files?.read;
  }

  /** @param wall ms since 1970 */
  tick(wall: number, detectors: Started): void {
    if (this.#files === undefined || this.#writing !== undefined) return;
    if (this.#next === 0) this.#next = wall + EVERY;
    if (wall < this.#next) return;
    this.#next = wall + EVERY;
    this.#writing = this.#write(detectors).finally(() => {
      this.#writing = undefined;
    });
  }

  /** Resolves when all is written; it never rejects. */
  async end(detectors: Started): Promise<void> {
    await this.#writing;
    await this.#write(detectors);
  }

  /** One line for a disk that takes nothing, however often it is tried. */
  async #write(detectors: Started): Promise<void> {
    try {
      await this.#files?.write(learntBy(detectors));
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing)
        this.#say(
          `what detectors have learnt is not kept: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
        );
      this.#isFailing = true;
    }
  }
}
