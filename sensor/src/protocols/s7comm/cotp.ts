// TPKT and COTP (RFC 1006, ISO 8073 class 0): the frames in which controllers of Siemens speak.
import { u16 } from '../../bytes/read.ts';
import { hex } from '../../bytes/text.ts';
import { STREAM_DONE, STREAM_LOST, type Verdict } from '../protocol.ts';

export const TPKT = 4;
const VERSION = 3;
/** The shortest frame: TPKT, and COTP of two bytes behind its length. */
const MIN_LENGTH = 7;
const CONNECT = 0xe;
const CONFIRM = 0xd;
const DATA = 0xf;
const LAST = 0x80;
const PARAMETERS = 7; // behind length, type, two references and the class
const CALLING = 0xc1;
const CALLED = 0xc2;
/** Longest selector that is kept, bytes. */
const MAX_SELECTOR = 32;

export const isFrame = (b: Uint8Array, at: number): boolean =>
  b[at] === VERSION && b[at + 1] === 0 && u16(b, at + 2) >= MIN_LENGTH;

/** Hands over every whole frame. @returns bytes taken, or that these are none */
export function takeFrames(
  b: Uint8Array,
  at: number,
  end: number,
  frame: (from: number, to: number) => void,
): number {
  let next = at;
  // Ends: each turn takes a whole frame.
  while (end - next >= TPKT) {
    if (!isFrame(b, next)) return next === at ? STREAM_LOST : STREAM_DONE;
    const stop = next + u16(b, next + 2);
    if (end < stop) break;
    frame(next, stop);
    next = stop;
  }
  return next - at;
}

/** What a frame is; `user` is where a data frame's content begins, -1 of others. The frame is whole. */
export interface Frame {
  readonly type: number;
  readonly user: number;
  /** Content that goes on in the next frame ends there. */
  readonly isLast: boolean;
}
export function readFrame(b: Uint8Array, at: number, end: number): Frame | undefined {
  const header = b[at + TPKT];
  const user = at + TPKT + 1 + header;
  if (header < 2 || user > end) return undefined;
  const type = b[at + TPKT + 1] >> 4;
  return { type, user: type === DATA ? user : -1, isLast: (b[at + TPKT + 2] & LAST) !== 0 };
}

export const isConnect = (frame: Frame): boolean => frame.type === CONNECT;
export const isConfirm = (frame: Frame): boolean => frame.type === CONFIRM;

/** Selectors of both ends that a connect request names. */
export interface Selectors {
  calling: string;
  called: string;
  /** What the first byte of the called one asks for, and where the CPU is. */
  connection: number;
  rack: number;
  slot: number;
}

/** @returns undefined when the parameters are not in order, or name no called selector */
export function readSelectors(b: Uint8Array, at: number, end: number): Selectors | undefined {
  const stop = Math.min(end, at + TPKT + 1 + b[at + TPKT]);
  const found: Selectors = { calling: '', called: '', connection: -1, rack: -1, slot: -1 };
  let next = at + TPKT + PARAMETERS;
  // Ends: each turn takes at least two bytes.
  while (stop - next >= 2) {
    const [code, length] = [b[next], b[next + 1]];
    const value = next + 2;
    if (value + length > stop) return undefined;
    if (code === CALLING || code === CALLED) {
      const text = selector(b, value, value + Math.min(length, MAX_SELECTOR));
      if (code === CALLING) found.calling = text;
      else found.called = text;
    }
    if (code === CALLED && length === 2) {
      found.connection = b[value];
      found.rack = b[value + 1] >> 5;
      found.slot = b[value + 1] & 31;
    }
    next = value + length;
  }
  return next === stop && found.called !== '' ? found : undefined;
}

/** As text where it is text, else in hex. */
function selector(b: Uint8Array, at: number, end: number): string {
  let text = '';
  for (let i = at; i < end; i++) {
    if (b[i] < 0x20 || b[i] > 0x7e) return hex(b, at, end);
    text += String.fromCharCode(b[i]);
  }
  return text;
}

/** Frames looked at until the first with data; the rest is somebody else's. */
const MAX_OPENING = 4;

/**
 * Looks for the first data frame of a direction.
 * @param isOurs tells by the content of that frame
 */
export function probeFrames(
  b: Uint8Array,
  at: number,
  end: number,
  isOurs: (b: Uint8Array, at: number, end: number) => boolean,
): Verdict {
  let next = at;
  for (let i = 0; i < MAX_OPENING; i++) {
    if (end - next < TPKT) return end === next || b[next] === VERSION ? 'more' : 'no';
    if (!isFrame(b, next)) return 'no';
    const stop = next + u16(b, next + 2);
    if (end - next < TPKT + 2) return 'more';
    const type = b[next + TPKT + 1] >> 4;
    if (type !== CONNECT && type !== CONFIRM && type !== DATA) return 'no';
    if (end < stop) return type === DATA && !mayBe(b, next, end, isOurs) ? 'no' : 'more';
    const frame = readFrame(b, next, stop);
    if (frame === undefined) return 'no';
    if (frame.user >= 0) return isOurs(b, frame.user, stop) ? 'yes' : 'no';
    if (type === CONNECT && readSelectors(b, next, stop) === undefined) return 'no';
    next = stop;
  }
  return 'no';
}

/** A data frame that has not come whole: its content may begin here already. */
function mayBe(
  b: Uint8Array,
  at: number,
  end: number,
  isOurs: (b: Uint8Array, at: number, end: number) => boolean,
) {
  const user = at + TPKT + 1 + b[at + TPKT];
  return end - user < 8 || isOurs(b, user, end);
}
