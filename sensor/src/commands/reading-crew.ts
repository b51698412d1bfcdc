// `read --workers`: threads that share captures, and this one, which detects and has all that leaves.
import { Crew } from '../crew/crew.ts';
import { CrewSight } from '../crew/crew-sight.ts';
import { Detection, type Detectors } from '../crew/detection.ts';
import { SeriesSum } from '../crew/series-sum.ts';
import type { Capture, Task, Work } from '../crew/work.ts';
import { type Shares, shareOf, shareOut } from '../memory.ts';
import type { Gate } from '../outputs/gate.ts';
import type { EventFormat, EventOutput } from '../outputs/output.ts';
import { Turnstile } from '../outputs/turnstile.ts';
import type { Terminal } from './command.ts';
import type { Post, PostOptions } from './post.ts';
import { Progress } from './progress.ts';

/** ms between two looks at how far they are. */
const SHOWN_EVERY = 200;
/** Flows and parsers of this thread's own sensor, which has no packets. */
const FEW = 16;

export interface ReadingCrewOptions
  extends Pick<Task, 'workers' | 'events' | 'format' | 'scope' | 'rules' | 'lists'> {
  /** `400MiB`, of all together. */
  readonly memory: string;
}

export class ReadingCrew {
  /** What is otherwise at a post whose packets others have. */
  readonly post: Pick<PostOptions, 'shares' | 'others' | 'rests'>;
  readonly #options: ReadingCrewOptions;
  readonly #sight = new CrewSight(true);
  readonly #turnstile = new SharedArrayBuffer(4);
  readonly #share: Required<Shares>;
  #detectors: Detectors | undefined;
  #works: readonly Work[] = [];

  /** @throws SensorError config_invalid */
  constructor(options: ReadingCrewOptions) {
    const { workers, memory } = options;
    this.#options = options;
    this.#share = shareOf(shareOut(memory, workers + 1), workers + 1);
    this.post = {
      shares: { flows: FEW, parsers: FEW, bufferBytes: 0, fragmentBytes: 0 },
      rests: this.#sight,
      others: () => this.#works.map(({ figures }) => figures),
    };
  }

  detectWith(detectors: Detectors): void {
    this.#detectors = detectors;
  }

  /** Begins the file anew; from then on all add to it. */
  openEvents(format: EventFormat, path: string, gate: Gate): EventOutput {
    void format.open(path, gate).close();
    return format.open(path, gate, new Turnstile(this.#turnstile));
  }

  /** @returns whether it failed. @throws SensorError what a worker broke on, or worker_lost */
  async read(post: Post, captures: readonly Capture[], terminal: Terminal): Promise<boolean> {
    const { memory: _, ...task } = this.#options;
    const crew = new Crew({
      ...task,
      shares: this.#share,
      gate: post.gate,
      from: { captures },
      turnstile: this.#turnstile,
      // Each says how far it is: nothing is taken out of its turn.
      patience: Number.POSITIVE_INFINITY,
      lost: () => undefined,
    });
    const { sensor, outputs } = post;
    const series = new SeriesSum((record) => {
      for (const output of outputs) output.record?.(record);
    });
    const detection = new Detection({
      crew,
      detectors: this.#detectors,
      sensor,
      series,
      sight: this.#sight,
      heapBytes: this.#share.heapBytes,
      ready: async () => {
        for (const output of outputs) if (output.busy?.()) await output.ready?.();
      },
    });
    const stopped = (): void => crew.signals.stop();
    terminal.stop.addEventListener('abort', stopped, { once: true });
    const progress = new Progress(terminal, () => crew.signals.packets);
    const shown = setInterval(() => progress.show(crew.signals.progress), SHOWN_EVERY);
    try {
      crew.start();
      [this.#works] = await Promise.all([crew.done, Promise.race([detection.run(), crew.broken])]);
    } finally {
      detection.stop();
      clearInterval(shown);
      progress.end();
      terminal.stop.removeEventListener('abort', stopped);
      // Where one broke, the others go on.
      await crew.close();
    }
    series.flush();
    const [first] = this.#works;
    for (const line of first.said) terminal.say(line);
    return first.failed;
  }
}
