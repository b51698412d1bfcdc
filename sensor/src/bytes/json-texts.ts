// Parts of a record that a small number decides, each made once and then written as it stands.
import { Prepared } from './json.ts';

/** Places; two numbers that want the same one drive each other out. A network sees fewer ciphers, groups, types or flags. */
const PLACE_BITS = 10;
const PLACES = 1 << PLACE_BITS;
/** Knuth's multiplier, 2³² over the golden ratio: its product spreads neighbours, and what differs in upper bits only, in its own. */
const SPREAD = 0x9e3779b1;

export class Texts {
  readonly #make: (number: number) => string;
  readonly #numbers = new Int32Array(PLACES).fill(-1);
  readonly #texts = new Array<Prepared>(PLACES).fill(new Prepared(''));

  /** @param make JSON of a number, which is not negative */
  constructor(make: (number: number) => string) {
    this.#make = make;
  }

  of(number: number): Prepared {
    const place = Math.imul(number, SPREAD) >>> (32 - PLACE_BITS);
    if (this.#numbers[place] !== number) {
      this.#texts[place] = new Prepared(this.#make(number));
      this.#numbers[place] = number;
    }
    return this.#texts[place];
  }
}
