// A map that never grows above its cap: what was not touched for longest is forgotten first, and counted.
//
// Two generations instead of an exact order: a touch finds its entry among the young, which costs one look-up, or moves
// it there from the old. When the young are half the cap, the old that nobody asked for are forgotten and the young
// grow old. So an entry survives at least cap / 2 touches of other keys, and a touch never reorders anything.

export class Lru<Key, Value> {
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();
  readonly #half: number;
  /** Entries given up because the map was full. */
  evicted = 0;

  /** @param cap most entries kept, at least 2 */
  constructor(cap: number) {
    this.#half = Math.max(1, cap >> 1);
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** The value, or undefined; does not count as a touch. */
  peek(key: Key): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  /** The value, made when absent; the entry becomes young. */
  touch(key: Key, make: () => Value): Value {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    let value = this.#old.get(key);
    if (value === undefined) value = make();
    else this.#old.delete(key);
    if (this.#young.size === this.#half) this.age();
    this.#young.set(key, value);
    return value;
  }

  /** The old are forgotten, and the young grow old. */
  age(): void {
    this.evicted += this.#old.size;
    this.#old = this.#young;
    this.#young = new Map();
  }

  delete(key: Key): boolean {
    return this.#young.delete(key) || this.#old.delete(key);
  }

  /** Entries, the old ones first. */
  *[Symbol.iterator](): IterableIterator<[Key, Value]> {
    yield* this.#old;
    yield* this.#young;
  }
}
