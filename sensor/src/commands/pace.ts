// Paces a replay: packets are let through at the times they were recorded, N times as fast.
import { setTimeout as sleep } from 'node:timers/promises';
import type { FrameBatch } from '../sources/source.ts';

/** Frames within this much wall time of each other pass together. */
const GRAIN_MS = 20;

export class Pace {
  readonly #speed: number;
  readonly #stop: AbortSignal;
  #first = Number.NaN;
  #started = 0;

  /** @param speed how many times as fast as recorded; 0 is as fast as possible */
  constructor(speed: number, stop: AbortSignal) {
    this.#speed = speed;
    this.#stop = stop;
  }

  /**
   * Waits until the next frames are due.
   * @returns the index behind the last frame that may pass now
   */
  async due(batch: FrameBatch, from: number, shift: number): Promise<number> {
    if (this.#speed === 0) return batch.count;
    if (Number.isNaN(this.#first)) {
      this.#first = batch.time[from] + shift;
      this.#started = performance.now();
    }
    const wait = this.#at(batch.time[from] + shift) - performance.now();
    if (wait > GRAIN_MS) await sleep(wait, undefined, { signal: this.#stop }).catch(() => {});
    const until = performance.now() + GRAIN_MS;
    let to = from + 1;
    while (to < batch.count && this.#at(batch.time[to] + shift) <= until) to++;
    return to;
  }

  /** Wall time at which a packet of this time is due, ms. */
  #at(time: number): number {
    return this.#started + (time - this.#first) / 1000 / this.#speed;
  }
}
