// A map that never grows above its cap: what was touched longest ago is forgotten first, and counted.

export class Lru<Key, Value> {
  readonly #map = new Map<Key, Value>();
  readonly #cap: number;
  /** Entries given up because the map was full. */
  evicted = 0;

  /** @param cap most entries kept */
  constructor(cap: number) {
    this.#cap = cap;
  }

  get size(): number {
    return this.#map.size;
  }

  /** The value, or undefined; does not count as a touch. */
  peek(key: Key): Value | undefined {
    return this.#map.get(key);
  }

  /** The value, made when absent; the entry becomes the youngest. */
  touch(key: Key, make: () => Value): Value {
    let value = this.#map.get(key);
    if (value !== undefined) this.#map.delete(key);
    else {
      value = make();
      if (this.#map.size >= this.#cap) {
        this.#map.delete(this.#map.keys().next().value as Key);
        this.evicted++;
      }
    }
    this.#map.set(key, value);
    return value;
  }

  delete(key: Key): boolean {
    return this.#map.delete(key);
  }

  /** Entries, the one touched longest ago first. */
  [Symbol.iterator](): IterableIterator<[Key, Value]> {
    return this.#map[Symbol.iterator]();
  }
}
