// TCP reassembly: whatever the network does to segments, the parser sees the bytes in order, or hears of the hole.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Buffers } from './buffers.ts';
import { type Direction, type Emit, STREAM_DONE, STREAM_LOST, type StreamParser } from './parser.ts';
import { type StreamCounters, TcpStream } from './stream.ts';

/** Takes everything, or as many bytes at a time as told, and remembers it. */
class Listener implements StreamParser {
  readonly heard: [number[], number[]] = [[], []];
  readonly gaps: [Direction, number][] = [];
  ended = 0;
  readonly #appetite: (offered: number) => number;
  readonly #goesOn: boolean;

  constructor(appetite: (offered: number) => number = (n) => n, goesOn = true) {
    this.#appetite = appetite;
    this.#goesOn = goesOn;
  }

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction): number {
    const taken = this.#appetite(end - at);
    if (taken > 0) this.heard[direction].push(...bytes.subarray(at, at + taken));
    return taken;
  }

  gap(direction: Direction, count: number): boolean {
    this.gaps.push([direction, count]);
    return this.#goesOn;
  }

  end(): void {
    this.ended++;
  }
}

const counters = (): StreamCounters => ({
  retransmitted: 0,
  outOfOrder: 0,
  gaps: 0,
  gapBytes: 0,
  givenUp: 0,
});
const emit: Emit = { event() {}, anomaly() {}, upgrade() {}, expect() {} };
const GUARD = 7;

/** Sends bytes from the middle of a larger buffer, as a source does. */
function send(
  stream: TcpStream,
  direction: Direction,
  sequence: number,
  bytes: readonly number[],
  missing = 0,
): void {
  const buffer = new Uint8Array(bytes.length + 2 * GUARD).fill(0xee);
  buffer.set(bytes, GUARD);
  stream.segment(direction, sequence | 0, buffer, GUARD, GUARD + bytes.length, missing, emit);
}

function open(listener: Listener, first = 1000) {
  const tally = counters();
  const stream = new TcpStream(listener, tally, new Buffers(1 << 24));
  stream.synchronise(0, first);
  return { stream, tally };
}

const data = (n: number): number[] => Array.from({ length: n }, (_, i) => (i * 31 + (i >> 8)) & 255);

describe('one stream out of any segments', () => {
  const anyStream = fc.record({
    length: fc.integer({ min: 1, max: 400 }),
    cuts: fc.array(fc.nat(399), { maxLength: 20 }),
    // Retransmissions, aligned with nothing.
    extra: fc.array(fc.tuple(fc.nat(399), fc.integer({ min: 1, max: 80 })), { maxLength: 12 }),
    // Near the top the sequence numbers wrap.
    first: fc.constantFrom(1, 1000, 0x7fffff80, 0xffffff80, 0xffffffff),
    seed: fc.integer(),
  });

  const shuffled = <T>(list: readonly T[], seed: number): T[] => {
    const mixed = [...list];
    let state = seed | 1;
    for (let i = mixed.length - 1; i > 0; i--) {
      state = (Math.imul(state, 0x5bd1e995) ^ (state >>> 15)) | 0;
      const j = (state >>> 1) % (i + 1);
      [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
    }
    return mixed;
  };

  test('every permutation with every overlap gives the same bytes', () => {
    fc.assert(
      fc.property(anyStream, ({ length, cuts, extra, first, seed }) => {
        const bytes = data(length);
        const edges = [...new Set([0, length, ...cuts.map((c) => c % length)])].sort((a, b) => a - b);
        const pieces = edges.slice(1).map((end, i): [number, number] => [edges[i], end]);
        const again = extra.map(([at, n]): [number, number] => [
          at % length,
          Math.min(length, (at % length) + n),
        ]);
        const listener = new Listener();
        const { stream, tally } = open(listener, first);
        for (const [at, end] of shuffled([...pieces, ...again], seed))
          send(stream, 0, first + at, bytes.slice(at, end));
        expect(listener.heard[0]).toEqual(bytes);
        expect(listener.gaps).toEqual([]);
        expect(tally.gaps).toBe(0);
      }),
      { numRuns: 400 },
    );
  });

  test('a parser that leaves bytes untaken is offered them again with what follows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 30 }), (sizes) => {
        const bytes = data(sizes.reduce((a, b) => a + b, 0));
        const listener = new Listener((offered) => offered - (offered % 8));
        const { stream } = open(listener);
        let at = 0;
        for (const size of sizes) {
          send(stream, 0, 1000 + at, bytes.slice(at, at + size));
          at += size;
        }
        expect(listener.heard[0]).toEqual(bytes.slice(0, bytes.length - (bytes.length % 8)));
      }),
      { numRuns: 200 },
    );
  });
});

test('the first copy of a byte counts', () => {
  const listener = new Listener();
  const { stream, tally } = open(listener);
  send(stream, 0, 1000, [1, 2, 3]);
  send(stream, 0, 1000, [9, 9, 9]);
  send(stream, 0, 1002, [9, 4, 5]);
  expect(listener.heard[0]).toEqual([1, 2, 3, 4, 5]);
  expect(tally.retransmitted).toBe(1);
});

test('the two directions do not mix', () => {
  const listener = new Listener();
  const { stream } = open(listener);
  send(stream, 0, 1000, [1]);
  send(stream, 1, 77, [8]);
  send(stream, 1, 78, [9]);
  send(stream, 0, 1001, [2]);
  expect(listener.heard).toEqual([
    [1, 2],
    [8, 9],
  ]);
});

test('without a SYN the stream starts at the first segment', () => {
  const listener = new Listener();
  const stream = new TcpStream(listener, counters(), new Buffers(1 << 24));
  send(stream, 0, 5_000, [1, 2]);
  send(stream, 0, 5_002, [3]);
  expect(listener.heard[0]).toEqual([1, 2, 3]);
});

test('a keep-alive byte before the stream changes nothing', () => {
  const listener = new Listener();
  const { stream } = open(listener);
  send(stream, 0, 1000, [1]);
  send(stream, 0, 1000, [0]);
  send(stream, 0, 1001, [2]);
  expect(listener.heard[0]).toEqual([1, 2]);
});

describe('holes', () => {
  test('an acknowledgement beyond a hole says that it will not be filled', () => {
    const listener = new Listener();
    const { stream, tally } = open(listener);
    send(stream, 0, 1000, [1]);
    send(stream, 0, 1011, [2]);
    expect(listener.gaps).toEqual([]);
    stream.acknowledged(0, 1012, emit);
    expect(listener.gaps).toEqual([[0, 10]]);
    expect(listener.heard[0]).toEqual([1, 2]);
    expect(tally).toMatchObject({ gaps: 1, gapBytes: 10 });
  });

  test('an acknowledgement before it says nothing', () => {
    const listener = new Listener();
    const { stream } = open(listener);
    send(stream, 0, 1011, [2]);
    stream.acknowledged(0, 1005, emit);
    expect(listener.gaps).toEqual([]);
    send(stream, 0, 1000, data(11));
    expect(listener.heard[0]).toEqual([...data(11), 2]);
  });

  test('bytes cut off by the snap length are a hole, and the next segment fits behind it', () => {
    const listener = new Listener();
    const { stream } = open(listener);
    send(stream, 0, 1000, [1, 2], 98);
    send(stream, 0, 1100, [3]);
    expect(listener.gaps).toEqual([[0, 98]]);
    expect(listener.heard[0]).toEqual([1, 2, 3]);
  });

  test('a cut segment that comes again in part moves the stream no further than its end', () => {
    const listener = new Listener();
    const { stream } = open(listener);
    send(stream, 0, 1000, data(50));
    send(stream, 0, 1000, data(20), 80);
    send(stream, 0, 1100, [3]);
    expect(listener.gaps).toEqual([[0, 50]]);
    expect(listener.heard[0]).toEqual([...data(50), 3]);
  });

  test('what was held before a hole is not joined to what comes behind it', () => {
    const offered: number[] = [];
    const listener = new Listener((n) => {
      offered.push(n);
      return 0;
    });
    const { stream } = open(listener);
    send(stream, 0, 1000, data(5));
    send(stream, 0, 1100, data(3));
    stream.acknowledged(0, 1103, emit);
    expect(offered).toEqual([5, 3]);
  });

  test('a parser that gives up after a hole hears no more of that direction', () => {
    const listener = new Listener((n) => n, false);
    const { stream } = open(listener);
    send(stream, 0, 1010, [1]);
    stream.acknowledged(0, 1011, emit);
    send(stream, 0, 1011, [2]);
    send(stream, 1, 1, [3]);
    expect(listener.heard).toEqual([[], [3]]);
    expect(stream.done).toBe(false);
  });

  test('at the end of the flow waiting segments are handed over', () => {
    const listener = new Listener();
    const { stream } = open(listener);
    send(stream, 0, 1010, [1]);
    send(stream, 0, 1020, [2]);
    stream.end(emit);
    expect(listener.heard[0]).toEqual([1, 2]);
    expect(listener.gaps).toEqual([
      [0, 10],
      [0, 9],
    ]);
    expect(listener.ended).toBe(1);
  });
});

describe('bounds', () => {
  test('at most 64 segments wait; the hole before them is then declared lost', () => {
    const listener = new Listener();
    const { stream } = open(listener);
    for (let i = 0; i < 64; i++) send(stream, 0, 2000 + i * 2, [i]);
    expect(listener.gaps).toEqual([]);
    send(stream, 0, 2000 + 64 * 2, [64]);
    expect(listener.gaps).toEqual([[0, 1000]]);
  });

  test('at most 256 KiB wait', () => {
    const listener = new Listener();
    const { stream } = open(listener);
    const piece = new Array<number>(60_000).fill(1);
    for (let i = 0; i < 4; i++) send(stream, 0, 2000 + i * 60_000, piece);
    expect(listener.gaps).toEqual([]);
    send(stream, 0, 2000 + 4 * 60_000, piece);
    expect(listener.gaps).toEqual([[0, 1000]]);
    expect(listener.heard[0].length).toBe(300_000);
  });

  test('a parser that takes nothing of 64 KiB loses the direction', () => {
    const listener = new Listener(() => 0);
    const { stream, tally } = open(listener);
    const piece = new Array<number>(16_384).fill(1);
    for (let i = 0; i < 4; i++) send(stream, 0, 1000 + i * 16_384, piece);
    expect(tally.givenUp).toBe(0);
    send(stream, 0, 1000 + 4 * 16_384, [1]);
    expect(tally.givenUp).toBe(1);
  });
});

test('STREAM_DONE ends one direction, STREAM_LOST both', () => {
  const done = open(new Listener(() => STREAM_DONE)).stream;
  send(done, 0, 1000, [1]);
  expect(done.done).toBe(false);
  send(done, 1, 1, [1]);
  expect(done.done).toBe(true);
  const lost = open(new Listener(() => STREAM_LOST)).stream;
  send(lost, 0, 1000, [1]);
  expect(lost.done).toBe(true);
});
