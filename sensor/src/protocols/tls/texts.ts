// Members of a record that say a small number's name, each made once and then written as it stands.
import { Prepared } from '../../bytes/json.ts';

/** Places; two numbers that want the same one drive each other out. A network sees fewer ciphers and groups. */
const PLACES = 256;

export class Texts {
  readonly #make: (number: number) => string;
  readonly #numbers = new Int32Array(PLACES).fill(-1);
  readonly #texts = new Array<Prepared>(PLACES).fill(new Prepared(''));

  /** @param make JSON of a number of 16 bits */
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
