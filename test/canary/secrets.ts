// Random secrets that are planted in traffic, and the search for them in whatever form they might come out again.
import { randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const HALF_LENGTH = 14;

/** Letters only: no escaping and no tokenising changes them. */
const letters = (): string =>
  Array.from(randomBytes(HALF_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');

/** What base64 makes of the text wherever it stands in a longer one: the digits that depend on it alone. */
function base64Cores(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const coded = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]).toString('base64');
    return coded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + text.length) * 8) / 6));
  });
}

const percent = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('');

interface Needle {
  readonly place: string;
  readonly text: string;
  readonly exactCase: boolean;
}

export class Secrets {
  readonly #needles: Needle[] = [];
  readonly places: string[] = [];

  /** A new secret that is put there. It has two halves around characters that encodings change. */
  plant(place: string, between = ''): string {
    this.places.push(place);
    const halves = [letters(), letters()];
    for (const half of halves) {
      const anyCase = [half, percent(half), Buffer.from(half).toString('hex')];
      for (const text of anyCase) this.#needles.push({ place, text: text.toLowerCase(), exactCase: false });
      const exact = [...base64Cores(half), Buffer.from(half, 'utf16le').toString('latin1')];
      for (const text of exact) this.#needles.push({ place, text, exactCase: true });
    }
    return halves.join(between);
  }

  /** Every character of it as %XX. */
  plantPercent(place: string): string {
    return percent(this.plant(place));
  }

  plantBase64(place: string): string {
    return Buffer.from(`user:${this.plant(place)}`).toString('base64');
  }

  /** The places whose secrets stand in these bytes, in any form. */
  foundIn(bytes: Uint8Array | string): string[] {
    const text = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('latin1');
    const lower = text.toLowerCase();
    const found = this.#needles.filter((needle) => (needle.exactCase ? text : lower).includes(needle.text));
    return [...new Set(found.map(({ place }) => place))];
  }
}
