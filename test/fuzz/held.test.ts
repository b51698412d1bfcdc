// What parsers keep of conversations that never end: bounded, however much was said.
import { describe, expect, test } from 'vitest';
import { collector } from '../../sensor/src/heap.ts';
import { protocols as all } from '../../sensor/src/protocols/index.ts';
import type { Direction, Protocol } from '../../sensor/src/protocols/protocol.ts';
import { gathered } from './corpus.ts';
import { mutate } from './mutate.ts';
import { Random, ROUNDS, SEED } from './random.ts';

/** Flows that stay open, and what each says. */
const FLOWS = 40;
const MESSAGES = 150;
/** A parser, its message and what waits for an answer: ordinary ones keep 5 to 20 KiB, LDAP and HTTP with everything unanswered 150. */
const MOST_BYTES = 256 * 1024;

const samples = await gathered();
const others = samples.map(({ bytes }) => bytes);
const collect = collector();
const silent = { event() {}, anomaly() {}, upgrade() {}, expect() {} };

function heldBytes(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The others understand each datagram by itself, and keep nothing. */
const remembering = (all as readonly Protocol[]).filter(
  ({ open, openDatagrams }) => open !== undefined || openDatagrams !== undefined,
);

describe.each(remembering)('$name', (protocol) => {
  test('keeps little', () => {
    const random = new Random(SEED);
    const own = samples.filter((sample) => sample.protocol === protocol.name);
    const before = heldBytes();
    const open: object[] = [];
    for (let flow = 0; flow < FLOWS * ROUNDS; flow++) {
      const stream = protocol.open?.();
      const talk = protocol.openDatagrams?.();
      for (let n = 0; n < MESSAGES; n++) {
        const { bytes, transport, direction } = random.one(own);
        const said = random.below(4) === 0 ? mutate(bytes, random, others) : bytes;
        const way = (random.below(16) === 0 ? 1 - direction : direction) as Direction;
        // Whoever gives up would be let go of; here it goes on listening.
        if (transport === 'tcp') stream?.stream(said, 0, said.length, way, silent);
        else talk?.datagram(said, 0, said.length, way, silent);
      }
      open.push([stream, talk]);
    }
    expect((heldBytes() - before) / open.length).toBeLessThan(MOST_BYTES);
    open.length = 0;
  });
});
