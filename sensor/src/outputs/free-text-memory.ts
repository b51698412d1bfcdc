// Free texts as they leave, ready to be written: programs are few and say the same again and again.
import { copyOf } from '../bytes/copy.ts';
import { JsonBytes, Prepared } from '../bytes/json.ts';
import { latin1 } from '../bytes/text.ts';
import { MAX_FREE_TEXT } from './free-text.ts';

/** Places for texts. One that falls on another's takes it: that one is made anew when it comes again. */
const PLACES = 512;
/** Bytes that choose a text's place, spread over its length; the comparison is by all of them. */
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
    const place = placeOf(bytes, at, end);
    const one = this.#places[place];
    out.prepared(isSame(one.bytes, bytes, at, end) ? one.json : this.#remember(place, bytes, at, end));
  }

  #remember(place: number, bytes: Uint8Array, at: number, end: number): Prepared {
    const json = new JsonBytes(MAX_FREE_TEXT);
    json.text(this.#form(latin1(bytes, at, end)));
    const one = { bytes: copyOf(bytes, at, end), json: new Prepared(latin1(json.bytes, 0, json.at)) };
    this.#places[place] = one;
    return one.json;
  }
}

function placeOf(bytes: Uint8Array, at: number, end: number): number {
  const length = end - at;
  let hash = length;
  const step = Math.ceil(length / SAMPLES);
  // Ends: SAMPLES steps lead to the beginning; a text without bytes has none.
  for (let i = end - 1; i >= at; i -= step) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return (hash ^ (hash >>> 15)) & (PLACES - 1);
}

function isSame(known: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  if (known.length !== end - at) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[at + i]) return false;
  return true;
}
