// Free texts as they leave, ready to be written: programs are few and say the same again and again.
import { copyOf } from '../bytes/copy.ts';
import { JsonBytes, Prepared } from '../bytes/json.ts';
import { latin1 } from '../bytes/text.ts';
import { MAX_FREE_TEXT } from './free-text.ts';

/** Places for texts, in shelves: a new text goes to the front of its shelf, and what falls off is forgotten. */
const PLACES = 512;
const SHELF = 4;
/** Bytes that choose a text's shelf, spread over its length; the comparison is by all of them. */
const SAMPLES = 16;

interface Remembered {
  readonly bytes: Uint8Array;
  readonly json: Prepared;
}
const NONE: Remembered = { bytes: new Uint8Array(0), json: new Prepared('""') };

export class FreeTextMemory {
  readonly #form: (text: string) => string;
  readonly #places: Remembered[] = new Array<Remembered>(PLACES).fill(NONE);

  /** @param form what leaves of a text; the same for the same text */
  constructor(form: (text: string) => string) {
    this.#form = form;
  }

  /** Writes what leaves of octets `[at, end)`, in quotes. */
  write(out: JsonBytes, bytes: Uint8Array, at: number, end: number): void {
    if (end - at > MAX_FREE_TEXT) {
      out.text(this.#form(latin1(bytes, at, end)));
      return;
    }
    const shelf = shelfOf(bytes, at, end);
    for (let i = shelf; i < shelf + SHELF; i++) {
      const one = this.#places[i];
      if (isSame(one.bytes, bytes, at, end)) {
        out.prepared(one.json);
        return;
      }
    }
    out.prepared(this.#remember(shelf, bytes, at, end));
  }

  #remember(shelf: number, bytes: Uint8Array, at: number, end: number): Prepared {
    const written = new JsonBytes(MAX_FREE_TEXT);
    written.text(this.#form(latin1(bytes, at, end)));
    const json = new Prepared(latin1(written.bytes, 0, written.at));
    this.#places.copyWithin(shelf + 1, shelf, shelf + SHELF - 1);
    this.#places[shelf] = { bytes: copyOf(bytes, at, end), json };
    return json;
  }
}

/** Where the shelf of a text begins. */
function shelfOf(bytes: Uint8Array, at: number, end: number): number {
  const length = end - at;
  let hash = length;
  const step = Math.ceil(length / SAMPLES);
  // Ends: SAMPLES steps lead to the beginning; a text without bytes has none.
  for (let i = end - 1; i >= at; i -= step) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return (hash ^ (hash >>> 15)) & (PLACES - SHELF);
}

function isSame(known: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  if (known.length !== end - at) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[at + i]) return false;
  return true;
}
