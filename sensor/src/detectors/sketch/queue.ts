// A queue whose members can be taken out by their key: linked both ways, with a map beside it.
//
// A Map alone keeps the order too, but the first of it is found by passing the holes of all that left before, and an
// iterator that rests holds on to every table that the map has outgrown.

interface Member<Key, Value> {
  readonly key: Key;
  readonly value: Value;
  older: Member<Key, Value> | undefined;
  newer: Member<Key, Value> | undefined;
}

export class Queue<Key, Value> {
  readonly #members = new Map<Key, Member<Key, Value>>();
  #oldest: Member<Key, Value> | undefined;
  #newest: Member<Key, Value> | undefined;

  get size(): number {
    return this.#members.size;
  }

  /** The one that waits longest. */
  get first(): Value | undefined {
    return this.#oldest?.value;
  }

  /** Puts a value at the end, in the place of whatever had the key. */
  push(key: Key, value: Value): void {
    this.take(key);
    const member: Member<Key, Value> = { key, value, older: this.#newest, newer: undefined };
    if (this.#newest === undefined) this.#oldest = member;
    else this.#newest.newer = member;
    this.#newest = member;
    this.#members.set(key, member);
  }

  /** Takes the one with this key out. */
  take(key: Key): Value | undefined {
    const member = this.#members.get(key);
    return member === undefined ? undefined : this.#remove(member);
  }

  /** Takes the one that waits longest out. */
  shift(): Value | undefined {
    return this.#oldest === undefined ? undefined : this.#remove(this.#oldest);
  }

  #remove(member: Member<Key, Value>): Value {
    const { key, value, older, newer } = member;
    this.#members.delete(key);
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    return value;
  }
}
