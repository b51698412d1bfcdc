// Requests that wait for their answers: found by a number, few at a time, the oldest let go first.

export class Pairs<Request> {
  readonly #waiting = new Map<number, Request>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** @returns the request that will not be answered any more: an older one of this number, or the oldest of too many */
  add(key: number, request: Request): Request | undefined {
    const same = this.#waiting.get(key);
    this.#waiting.delete(key);
    this.#waiting.set(key, request);
    if (same !== undefined || this.#waiting.size <= this.#most) return same;
    for (const [oldest, one] of this.#waiting) {
      this.#waiting.delete(oldest);
      return one;
    }
    return undefined;
  }

  /** What waited under this number, once. */
  take(key: number): Request | undefined {
    const request = this.#waiting.get(key);
    if (request !== undefined) this.#waiting.delete(key);
    return request;
  }

  /** What waits under this number, and goes on waiting. */
  look(key: number): Request | undefined {
    return this.#waiting.get(key);
  }

  /** All that still wait, oldest first. */
  drain(each: (request: Request) => void): void {
    for (const request of this.#waiting.values()) each(request);
    this.#waiting.clear();
  }
}
