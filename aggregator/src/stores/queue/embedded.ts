// A queue inside the process. While one group is committed the next one gathers, so a busy store commits larger groups.
import { Problem } from '../../errors.ts';
import type { Queue, Worker } from './queue.ts';

interface Bounds {
  /** Items that may wait or be in work. */
  readonly capacity: number;
  /** Weight of the items handed on together; one heavier item goes alone. */
  readonly groupWeight: number;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly weight: number;
  readonly answer: (answer: Answer) => void;
  readonly fail: (error: unknown) => void;
}

export class EmbeddedQueue<Item, Answer> implements Queue<Item, Answer> {
  readonly engine = 'embedded';
  readonly #worker: Worker<Item, Answer>;
  readonly #weigh: (item: Item) => number;
  readonly #bounds: Bounds;
  #waiting: Waiting<Item, Answer>[] = [];
  #length = 0;
  #working = false;
  #stopping: (() => void) | undefined;

  constructor(worker: Worker<Item, Answer>, weigh: (item: Item) => number, bounds: Bounds) {
    this.#worker = worker;
    this.#weigh = weigh;
    this.#bounds = bounds;
  }

  get length(): number {
    return this.#length;
  }

  offer(item: Item): Promise<Answer> {
    if (this.#stopping !== undefined) return Promise.reject(new Problem('stopping', undefined, 2));
    if (this.#length >= this.#bounds.capacity) return Promise.reject(new Problem('queue_full', undefined, 1));
    this.#length++;
    return new Promise((answer, fail) => {
      this.#waiting.push({ item, weight: this.#weigh(item), answer, fail });
      if (!this.#working) {
        this.#working = true;
        // Not at once: requests that are already readable join the same group.
        setImmediate(() => this.#work());
      }
    });
  }

  async drain(): Promise<void> {
    await new Promise<void>((done) => {
      this.#stopping = done;
      if (this.#length === 0) done();
    });
  }

  #nextGroup(): Waiting<Item, Answer>[] {
    let weight = 0;
    let size = 0;
    while (size < this.#waiting.length) {
      weight += this.#waiting[size].weight;
      if (size > 0 && weight > this.#bounds.groupWeight) break;
      size++;
    }
    return this.#waiting.splice(0, size);
  }

  /** When a group fails, its items are tried one by one: one that cannot be done does not take the others along. */
  async #hand(group: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.#worker(group.map((w) => w.item));
      this.#length -= group.length;
      for (const [i, w] of group.entries()) w.answer(answers[i]);
    } catch (error) {
      if (group.length > 1) {
        for (const waiting of group) await this.#hand([waiting]);
        return;
      }
      this.#length--;
      group[0].fail(error);
    }
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup();
      await this.#hand(group);
      // Let answers leave and the next requests in before the next group blocks the process.
      await new Promise((resume) => setImmediate(resume));
    }
    this.#working = false;
    if (this.#length === 0) this.#stopping?.();
  }
}
