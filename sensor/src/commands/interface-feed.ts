// An interface that several threads listen to, as a source at work: one name, one silence, one count.
import type { SourceConfig } from '../config/settings.ts';
import type { BlindSpans } from '../sight/blind-spans.ts';
import type { LiveStatistics } from '../sources/source.ts';
import { type Feed, Loss, Silence } from './feed.ts';
import type { WatchingCrew } from './watching-crew.ts';

export class InterfaceFeed implements Feed {
  readonly name: string;
  readonly isRecording = false;
  readonly failed = false;
  readonly refused = 0;
  readonly #crew: WatchingCrew;
  readonly #spans: BlindSpans;
  readonly #silence: Silence;
  readonly #loss: Loss;
  readonly #opens: boolean;
  readonly #crewOpen: () => Promise<void>;
  #received = 0;

  /** @param open starts the threads, for the first of their interfaces; the others go with it */
  constructor(config: SourceConfig, crew: WatchingCrew, spans: BlindSpans, open?: () => Promise<void>) {
    this.name = config.name;
    this.#crew = crew;
    this.#spans = spans;
    this.#silence = new Silence(config, spans);
    this.#loss = new Loss(config.name, spans);
    this.#opens = open !== undefined;
    this.#crewOpen = open ?? (async () => {});
  }

  get statistics(): LiveStatistics {
    return this.#crew.statistics(this.name);
  }

  /** The workers let time go on for themselves. */
  get isPresent(): boolean {
    return this.#received > 0;
  }

  open(): Promise<void> {
    return this.#crewOpen();
  }

  async run(): Promise<void> {
    if (this.#opens) await this.#crew.run();
  }

  tick(wall: number, steady: number): void {
    if (this.#opens) this.#crew.look(wall);
    const { statistics } = this;
    if (statistics.received > this.#received) this.#silence.broken(wall);
    this.#received = statistics.received;
    this.#loss.look(statistics, wall);
    const state = this.#crew.state(this.name);
    const down = `${this.name}: the interface is down`;
    if (state === 'up') {
      this.#spans.light(down, wall);
      this.#silence.look(wall, steady);
    } else this.#spans.dark(down, 'silent', wall, wall);
  }

  close(): void {
    if (this.#opens) this.#crew.stop();
  }
}
