// A stream cut into lines: pieces, lines that are too long, bytes passed over, holes.
import { expect, test } from 'vitest';
import { latin1 } from '../bytes/text.ts';
import type { Direction } from '../flow/parser.ts';
import { GO_ON, HAND_OVER, HOLD, LineStream, type LineVerdict, MAX_LINE } from './line-stream.ts';

const emit = { event() {}, anomaly() {}, upgrade() {}, expect() {} };

/** Understands: `pass n`, `hold`, `over`. */
class Listening extends LineStream {
  readonly lines: string[] = [];
  holding = true;

  protected line(b: Uint8Array, at: number, end: number, direction: Direction): LineVerdict {
    const text = latin1(b, at, end);
    if (text === 'hold' && this.holding) return HOLD;
    this.lines.push(text);
    if (text.startsWith('pass ')) this.passing[direction] = Number(text.slice(5));
    return text === 'over' ? HAND_OVER : GO_ON;
  }
}

const say = (stream: LineStream, text: string): number => {
  const bytes = Buffer.from(text, 'latin1');
  return stream.stream(bytes, 0, bytes.length, 0, emit);
};

test('lines end with LF, with or without CR; the rest waits', () => {
  const stream = new Listening();
  expect(say(stream, 'one\r\ntwo\n\r\nthr')).toBe(11);
  expect(stream.lines).toEqual(['one', 'two', '']);
});

test('of a line that is too long nothing is read, and the next one is', () => {
  const stream = new Listening();
  const long = 'x'.repeat(MAX_LINE + 1);
  expect(say(stream, long)).toBe(long.length);
  expect(say(stream, 'still\nshort\n')).toBe(12);
  expect(say(stream, `${long}\nnext\n`)).toBe(long.length + 6);
  expect(stream.lines).toEqual(['short', 'next']);
});

test('what is passed over is no line', () => {
  const stream = new Listening();
  say(stream, 'pass 8\na\nb\n');
  say(stream, 'c\nd\nafter\n');
  expect(stream.lines).toEqual(['pass 8', 'after']);
});

test('a line is held until it may be taken; another parser reads behind one that hands over', () => {
  const stream = new Listening();
  expect(say(stream, 'one\nhold\nmore\n')).toBe(4);
  stream.holding = false;
  expect(say(stream, 'hold\nover\nbinary\n')).toBe(10);
  expect(stream.lines).toEqual(['one', 'hold', 'over']);
});

test('a hole in what is passed over does not matter; one in a line costs that line', () => {
  const stream = new Listening();
  say(stream, 'pass 100\nabc');
  expect(stream.gap(0, 90)).toBe(true);
  say(stream, '1234567after\n');
  stream.gap(0, 5);
  say(stream, 'rest of a line\nwhole\n');
  expect(stream.lines).toEqual(['pass 100', 'after', 'whole']);
});
