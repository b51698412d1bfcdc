// ASN.1 elements (X.690: BER and DER with definite lengths) read in place: offsets go in, offsets come out, nothing is made.

/** Identifier octets of universal elements. */
export const BOOLEAN = 0x01;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const NULL = 0x05;
export const OBJECT_IDENTIFIER = 0x06;
export const ENUMERATED = 0x0a;
export const SEQUENCE = 0x30;
export const SET = 0x31;
/** Identifier octet of `[n]` in context, whose content is elements again. */
export const context = (n: number): number => 0xa0 | n;
/** Identifier octet of `[APPLICATION n]`, whose content is elements again. */
export const application = (n: number): number => 0x60 | n;

/** Tag numbers above 30 follow in octets of their own; the protocols read here have one such octet at most. */
const LONG_TAG = 0x1f;
const MAX_LENGTH_OCTETS = 4;
const MAX_INTEGER_OCTETS = 6; // stays exact in a double
const MAX_ARCS = 32;

/**
 * One element's place, reused: `read` moves it. Walk siblings with `e.read(b, at, end)` and `at = e.to`; go inside with
 * `e.read(b, e.from, e.to)`. Callers bound their depth by how the protocol nests, never by recursion over the input.
 */
export class Element {
  /** The identifier octet; for a long tag, that octet × 256 + the number. */
  tag = 0;
  /** Content `[from, to)`. `to` is where the next element begins. */
  from = 0;
  to = 0;

  /** Moves to the element at `at`. False when it is not whole before `end`, or has no definite length. */
  read(b: Uint8Array, at: number, end: number): boolean {
    if (!this.open(b, at, end)) return false;
    return this.to <= end;
  }

  /** The same for an element whose content may be cut: `to` may then lie behind `end`. */
  open(b: Uint8Array, at: number, end: number): boolean {
    if (at >= end) return false;
    let i = at + 1;
    this.tag = b[at];
    if ((b[at] & LONG_TAG) === LONG_TAG) {
      if (i >= end || b[i] > 0x7f) return false;
      this.tag = (b[at] << 8) | b[i++];
    }
    if (i >= end) return false;
    let length = b[i++];
    if (length > 0x7f) {
      const octets = length & 0x7f;
      if (octets === 0 || octets > MAX_LENGTH_OCTETS || octets > end - i) return false;
      length = 0;
      for (const stop = i + octets; i < stop; i++) length = length * 256 + b[i];
    }
    this.from = i;
    this.to = i + length;
    return true;
  }

  /** Moves to the element at `at` and says whether it has this tag. */
  is(tag: number, b: Uint8Array, at: number, end: number): boolean {
    return this.read(b, at, end) && this.tag === tag;
  }

  /** Goes on among siblings from `at` to the first with this tag. Ends: each turn is at least two octets on. */
  find(tag: number, b: Uint8Array, at: number, end: number): boolean {
    for (let i = at; this.read(b, i, end); i = this.to) if (this.tag === tag) return true;
    return false;
  }
}

/** Octets of the whole element at `at`, its header included; 0 when the header is not all there, -1 when it is none. */
export function elementLength(b: Uint8Array, at: number, end: number): number {
  const i = at + ((b[at] & LONG_TAG) === LONG_TAG ? 2 : 1);
  if (i >= end) return 0;
  if (b[i] <= 0x7f) return i + 1 + b[i] - at;
  const octets = b[i] & 0x7f;
  if (octets === 0 || octets > MAX_LENGTH_OCTETS) return -1;
  if (i + 1 + octets > end) return 0;
  let length = 0;
  for (let n = 1; n <= octets; n++) length = length * 256 + b[i + n];
  return i + 1 + octets + length - at;
}

/** A signed number in content `[from, to)`; undefined when it has no octet, or more than fit exactly. */
export function integer(b: Uint8Array, from: number, to: number): number | undefined {
  if (to <= from || to - from > MAX_INTEGER_OCTETS) return undefined;
  let value = b[from] > 0x7f ? b[from] - 256 : b[from];
  for (let i = from + 1; i < to; i++) value = value * 256 + b[i];
  return value;
}

/** An object identifier's content as `1.3.6.1…`; undefined when it is malformed or longer than any in use. */
export function oidText(b: Uint8Array, from: number, to: number): string | undefined {
  let text = '';
  let arc = 0;
  let arcs = 0;
  for (let i = from; i < to; i++) {
    arc = arc * 128 + (b[i] & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) return undefined;
    if (b[i] > 0x7f) continue;
    if (++arcs > MAX_ARCS) return undefined;
    if (arcs === 1) {
      const first = Math.min(2, Math.floor(arc / 40));
      text = `${first}.${arc - first * 40}`;
    } else text += `.${arc}`;
    arc = 0;
  }
  // An identifier whose last arc goes on has lost its end.
  return to > from && b[to - 1] <= 0x7f ? text : undefined;
}
