// Attempts that wait for an answer, in the order of their first packets; found by the number of their flow.

import { PROTO } from '../../flow/proto.ts';
import type { FlowView } from '../../protocols/event.ts';
import type { Ends } from '../flow-copy.ts';
import { addressText, readAddress } from '../sketch/addresses.ts';
import type { Key } from '../sketch/key.ts';

/** Above this, whoever wants the place of another takes it: the other one failed early. */
const MOST = 65_536;
const FIRST = 256;
const NONE = -1;
/** µs that packet time may go back within one recording. */
const STEP_BACK = 60e6;
/** Four words each of source and destination. */
const WORDS = 8;

/** An attempt at hand: valid until the next one is. */
export class Attempt {
  readonly words = new Uint32Array(WORDS);
  version = 0;
  srcPort = 0;
  destPort = 0;
  protocol = 0;
  /** µs */
  time = 0;

  source(key: Key): Key {
    return key.address(this.words, 0, this.version);
  }
  destination(key: Key): Key {
    return key.address(this.words, 4, this.version);
  }
  get srcIp(): string {
    return addressText(this.words, 0, this.version);
  }
  get destIp(): string {
    return addressText(this.words, 4, this.version);
  }
  ends(): Ends {
    return {
      src_ip: this.srcIp,
      dest_ip: this.destIp,
      src_port: this.srcPort,
      dest_port: this.destPort,
      protocol: this.protocol,
      proto: PROTO[this.protocol] ?? String(this.protocol),
    };
  }

  /** @returns false when it has no addresses */
  read(flow: FlowView): boolean {
    this.version = readAddress(flow, true, this.words, 0);
    if (this.version === 0 || readAddress(flow, false, this.words, 4) !== this.version) return false;
    this.srcPort = flow.src_port;
    this.destPort = flow.dest_port;
    this.protocol = flow.protocol;
    this.time = flow.start;
    return true;
  }
}

export class Attempts {
  /** The one that was last taken out, or that `push` pushed out. */
  readonly at = new Attempt();
  size = 0;
  readonly #reading = new Attempt();
  #places = FIRST;
  #columns = new Columns(FIRST);
  #first = NONE;
  #last = NONE;

  /** Keeps a flow's beginning. @returns whether another one had to go: it is in `at` */
  push(flow: FlowView): boolean {
    if (!this.#reading.read(flow)) return false;
    while (this.#columns.used[flow.id % this.#places] === 1 && this.#places < MOST) this.#grow();
    const place = flow.id % this.#places;
    const isOut = this.#columns.used[place] === 1;
    if (isOut) this.#take(place);
    this.#columns.put(place, flow.id, this.#reading);
    this.#append(place);
    return isOut;
  }

  /** Takes one out by the number of its flow, into `at`. */
  take(id: number): boolean {
    const place = id % this.#places;
    if (this.#columns.used[place] === 0 || this.#columns.ids[place] !== id) return false;
    this.#take(place);
    return true;
  }

  /** Takes the first one out, into `at`, if it waits for so long. @param now µs @param patience µs */
  takeLate(now: number, patience: number): boolean {
    const { times } = this.#columns;
    // What began after now began in another recording: its answer will not come.
    while (this.#first !== NONE && times[this.#first] > now + STEP_BACK) this.#take(this.#first);
    if (this.#first === NONE || times[this.#first] > now - patience) return false;
    this.#take(this.#first);
    return true;
  }

  /** Forgets the older half. */
  age(): void {
    for (let n = this.size >> 1; n > 0; n--) this.#take(this.#first);
  }

  #take(place: number): void {
    const { next, previous } = this.#columns;
    this.#columns.get(place, this.at);
    const [before, behind] = [previous[place], next[place]];
    if (before === NONE) this.#first = behind;
    else next[before] = behind;
    if (behind === NONE) this.#last = before;
    else previous[behind] = before;
    this.#columns.used[place] = 0;
    this.size--;
  }

  #append(place: number): void {
    const { next, previous } = this.#columns;
    previous[place] = this.#last;
    next[place] = NONE;
    if (this.#last === NONE) this.#first = place;
    else next[this.#last] = place;
    this.#last = place;
    this.size++;
  }

  /** Twice the places: no two meet that did not before. */
  #grow(): void {
    const old = this.#columns;
    const first = this.#first;
    this.#places *= 2;
    this.#columns = new Columns(this.#places);
    this.#first = this.#last = NONE;
    this.size = 0;
    for (let from = first; from !== NONE; from = old.next[from]) {
      const place = old.ids[from] % this.#places;
      old.get(from, this.at);
      this.#columns.put(place, old.ids[from], this.at);
      this.#append(place);
    }
  }
}

class Columns {
  readonly used: Uint8Array;
  readonly ids: Float64Array;
  readonly times: Float64Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
  readonly #words: Uint32Array;
  readonly #ports: Uint32Array;
  /** Protocol and version of IP, a byte each. */
  readonly #kinds: Uint16Array;

  constructor(places: number) {
    this.used = new Uint8Array(places);
    this.ids = new Float64Array(places);
    this.times = new Float64Array(places);
    this.next = new Int32Array(places);
    this.previous = new Int32Array(places);
    this.#words = new Uint32Array(places * WORDS);
    this.#ports = new Uint32Array(places);
    this.#kinds = new Uint16Array(places);
  }

  put(place: number, id: number, attempt: Attempt): void {
    this.used[place] = 1;
    this.ids[place] = id;
    this.times[place] = attempt.time;
    for (let i = 0; i < WORDS; i++) this.#words[place * WORDS + i] = attempt.words[i];
    this.#ports[place] = (attempt.srcPort << 16) | attempt.destPort;
    this.#kinds[place] = attempt.protocol | (attempt.version << 8);
  }

  get(place: number, into: Attempt): void {
    into.time = this.times[place];
    for (let i = 0; i < WORDS; i++) into.words[i] = this.#words[place * WORDS + i];
    into.srcPort = this.#ports[place] >>> 16;
    into.destPort = this.#ports[place] & 0xffff;
    const kind = this.#kinds[place];
    into.protocol = kind & 255;
    into.version = kind >>> 8;
  }
}
