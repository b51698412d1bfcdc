// The one thread's part of a crew: takes the records of all workers in their order, and shows detectors what they hold.
import { setImmediate as immediately } from 'node:timers/promises';
import type { PacketWatch, Watch } from '../detectors/detector.ts';
import { Heap } from '../heap.ts';
import type { Event } from '../protocols/event.ts';
import type { Sensor } from '../sensor.ts';
import type { CrewSight } from './crew-sight.ts';
import type { Inlet } from './inlet.ts';
import type { Merge } from './merge.ts';
import type { Bell } from './outlet.ts';
import { KIND } from './record.ts';
import type { SeriesSum } from './series-sum.ts';

/** The detectors in force. */
export interface Detectors extends Required<Watch>, PacketWatch {
  unmatched(event: Event): void;
}

export interface DetectionParts {
  readonly crew: { readonly merge: Merge; readonly bell: Bell };
  /** Undefined: nothing is detected. */
  readonly detectors: Detectors | undefined;
  /** Whose news the alerts are. It ticks the detectors, too. */
  readonly sensor: Sensor;
  readonly series: SeriesSum;
  readonly sight: CrewSight;
  /** Resolves when outputs can take more; asked between turns, by readers of files. */
  readonly ready?: () => Promise<void>;
  /** Bytes that the heap may grow by. */
  readonly heapBytes?: number;
}

/** ms of work before everything else in this thread has its turn. */
const TURN = 10;
/** Records between two looks at the clock and the heap, less one: a power of two. */
const LOOK_MASK = 255;
/** ms without a bell before it looks by itself. */
const DOZE = 50;

export class Detection {
  readonly #parts: DetectionParts;
  readonly #heap: Heap | undefined;
  #count = 0;
  #isStopped = false;

  constructor(parts: DetectionParts) {
    this.#parts = parts;
    const { heapBytes, detectors } = parts;
    const relieve = (): void => detectors?.relieve();
    if (heapBytes !== undefined) this.#heap = new Heap(heapBytes, () => 0, [relieve, relieve]);
  }

  /** Resolves when all workers have said everything, or it was stopped. */
  async run(): Promise<void> {
    const { ready } = this.#parts;
    const { merge, bell } = this.#parts.crew;
    while (!this.#isStopped) {
      if (this.#turn()) await immediately();
      else if (merge.isOver) return;
      else await bell.sleep(DOZE, () => merge.next() === undefined);
      await ready?.();
    }
  }

  /** Takes what is there, whatever may still come. */
  drain(): void {
    while (this.#turn());
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** @returns whether there was anything */
  #turn(): boolean {
    const { merge } = this.#parts.crew;
    const until = performance.now() + TURN;
    let inlet = merge.next();
    if (inlet === undefined) return false;
    while (inlet !== undefined) {
      this.#take(inlet);
      inlet.take();
      if ((++this.#count & LOOK_MASK) === 0) {
        this.#heap?.look();
        if (performance.now() >= until) break;
      }
      inlet = merge.next();
    }
    return true;
  }

  #take(inlet: Inlet): void {
    const { detectors, sensor, series, sight } = this.#parts;
    const { kind, time } = inlet;
    sight.at(inlet);
    if (kind === KIND.tick || kind === KIND.passed) sight.hear(inlet);
    if (kind === KIND.passed) return;
    if (kind === KIND.series) return series.add(inlet.series);
    series.advance(time);
    if (kind === KIND.tick) return this.#tick(time);
    sensor.show(time);
    switch (kind) {
      case KIND.opened:
        return detectors?.opened(inlet.flow);
      case KIND.answered:
        return detectors?.answered(inlet.flow);
      case KIND.refused:
        return detectors?.refused(inlet.flow);
      case KIND.packet:
        return detectors?.packetHit?.(inlet.flow, inlet.packetHit, time);
      case KIND.event: {
        const event = inlet.eventAt(time);
        return inlet.isMatched ? detectors?.event(event) : detectors?.unmatched(event);
      }
    }
  }

  /** Each worker begins the second for itself: it began with the first of them. */
  #tick(time: number): void {
    this.#parts.sensor.pass(time);
  }
}
