// The contract of a queue between ingest and the workers: what arrives together is handed on together.

/** Handles items that arrived together, all or none of them; the answers stand in the same order. */
export type Worker<Item, Answer> = (items: readonly Item[]) => Promise<readonly Answer[]>;

export interface Queue<Item, Answer> {
  readonly engine: string;
  /** Resolves with the worker's answer. @throws Problem queue_full, stopping */
  offer(item: Item): Promise<Answer>;
  /** Items waiting or in work. */
  readonly length: number;
  /** Takes no more; resolves when all that was taken is answered. */
  drain(): Promise<void>;
}
