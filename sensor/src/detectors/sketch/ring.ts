// The last N numbers, in the order they came. Memory grows with what comes, up to N.

export class Ring {
  readonly #capacity: number;
  #numbers: number[] = [];
  #next = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#numbers.length;
  }

  push(number: number): void {
    if (this.#numbers.length < this.#capacity) this.#numbers.push(number);
    else {
      this.#numbers[this.#next] = number;
      this.#next = (this.#next + 1) % this.#capacity;
    }
  }

  /** Oldest first. */
  values(): number[] {
    return [...this.#numbers.slice(this.#next), ...this.#numbers.slice(0, this.#next)];
  }

  clear(): void {
    this.#numbers = [];
    this.#next = 0;
  }
}
