// Handshake messages of one side of DTLS put together from their fragments (RFC 6347 §4.2.3), within bounds.
import { u16, u24 } from '../../bytes/read.ts';
import { Pieces } from '../tls/pieces.ts';

const HEADER = 12;
/** Messages that are put together at a time: a chain of certificates, and what overtakes it. */
const MAX_OPEN = 4;

interface Open {
  readonly sequence: number;
  readonly type: number;
  readonly length: number;
  readonly pieces: Pieces;
}

export interface Whole {
  readonly type: number;
  readonly bytes: Uint8Array;
  readonly length: number;
}

export class Messages {
  readonly #open: Open[] = [];

  /**
   * @param at of the fragment's header, whose lengths agree with each other and with `end`
   * @returns the message that is now whole
   */
  add(bytes: Uint8Array, at: number, end: number): Whole | undefined {
    const type = bytes[at];
    const length = u24(bytes, at + 1);
    const sequence = u16(bytes, at + 4);
    let message = this.#open.find((open) => open.sequence === sequence);
    if (message !== undefined && (message.type !== type || message.length !== length)) return undefined;
    if (message === undefined) {
      if (this.#open.length === MAX_OPEN) this.#open.shift();
      message = { sequence, type, length, pieces: new Pieces() };
      this.#open.push(message);
    }
    const { pieces } = message;
    if (!pieces.add(bytes, at + HEADER, end, u24(bytes, at + 6)) || pieces.length < length) return undefined;
    this.#open.splice(this.#open.indexOf(message), 1);
    return { type, bytes: pieces.bytes, length };
  }
}
