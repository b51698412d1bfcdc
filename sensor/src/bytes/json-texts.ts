// Parts of a record that a small number decides, each made once and then written as it stands.
import { Prepared } from './json.ts';

/** Places; two numbers that want the same one drive each other out. A network sees fewer ciphers, groups, types or flags. */
const PLACES = 256;

export class Texts {
  readonly #make: (number: number) => string;
  readonly #numbers = new Int32Array(PLACES).fill(-1);
  readonly #texts = new Array<Prepared>(PLACES).fill(new Prepared(''));

  /** @param make JSON of a number, which is not negative */
  constructor(make: (number: number) => string) {
    this.#make = make;
  }

  of(number: number): Prepared {
    const place = (number ^ (number >> 8)) & (PLACES - 1);
    if (this.#numbers[place] !== number) {
      this.#texts[place] = new Prepared(this.#make(number));
      this.#numbers[place] = number;
    }
    return this.#texts[place];
  }
}
