// Every protocol of the registry against damaged and made-up bytes: never throws, never looks beyond its end, always ends.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '../../sensor/src/protocols/event.ts';
import { protocols } from '../../sensor/src/protocols/index.ts';
import type { Direction, Emit, Protocol } from '../../sensor/src/protocols/protocol.ts';
import { eveObject } from '../support/eve-object.ts';
import { gather, type Sample } from './corpus.ts';
import { alike, type Guarded } from './guard.ts';
import { mutate } from './mutate.ts';
import { Random, ROUNDS, SEED } from './random.ts';

/** Damaged messages of each kind and round. */
const DAMAGED = 1_500;
const MADE_UP = 300;

let samples: Sample[];
beforeAll(async () => {
  samples = await gather();
}, 60_000);

/** Everything a parser says, as text: every field of every event is read while the event lasts. */
function listener(protocol: Protocol): { said: string[]; emit: Emit } {
  const said: string[] = [];
  return {
    said,
    emit: {
      event: (message) => said.push(JSON.stringify(eveObject(protocol.fields, { message } as Event))),
      anomaly(name) {
        if (!Object.hasOwn(protocol.anomalies, name))
          throw new Error(`${protocol.name} declares no anomaly ${name}`);
        said.push(name);
      },
      upgrade() {},
      expect() {},
    },
  };
}

/** The bytes in pieces, what was not taken offered again, as a stream does. */
function stream(
  protocol: Protocol,
  { bytes, at, end }: Guarded,
  direction: Direction,
  sizes: readonly number[],
): string[] {
  const { said, emit } = listener(protocol);
  const parser = protocol.open!();
  const guard = bytes.subarray(end);
  let from = at;
  let to = at;
  for (let n = 0; to < end; n++) {
    to = Math.min(end, to + sizes[n % sizes.length]);
    // Behind the piece stands the guard, as if the rest had not come yet.
    const piece = new Uint8Array(to + guard.length);
    piece.set(bytes.subarray(0, to));
    piece.set(guard, to);
    const taken = parser.stream(piece, from, to, direction, emit);
    if (taken > to - from) throw new Error(`${protocol.name} took ${taken} of ${to - from} bytes`);
    said.push(String(taken));
    if (taken < 0) break;
    from += taken;
  }
  if (sizes.length > 1 && parser.gap(direction, sizes[0])) {
    const taken = parser.stream(bytes, at, end, direction, emit);
    if (taken > end - at) throw new Error(`${protocol.name} took ${taken} of ${end - at} bytes behind a gap`);
  }
  parser.end(emit);
  return said;
}

const datagram = (protocol: Protocol, { bytes, at, end }: Guarded, direction: Direction): string[] => {
  const { said, emit } = listener(protocol);
  const talk = protocol.openDatagrams?.();
  if (talk === undefined) protocol.datagram!(bytes, at, end, direction, emit);
  else {
    // Twice, and the other way: what is remembered of the first meets the second.
    for (const way of [direction, direction, 1 - direction] as Direction[])
      if (talk.datagram(bytes, at, end, way, emit) < 0) break;
    talk.end(emit);
  }
  return said;
};

describe.each(protocols as readonly Protocol[])('$name', (protocol) => {
  const transports = [(protocol.datagram ?? protocol.openDatagrams) && 'udp', protocol.open && 'tcp'].filter(
    (t) => t !== undefined,
  ) as ('tcp' | 'udp')[];

  test.each(transports)(
    'over %s',
    (transport) => {
      const random = new Random(SEED);
      const own = samples.filter((s) => s.protocol === protocol.name && s.transport === transport);
      expect(own.length, 'real messages to begin with').toBeGreaterThan(1);
      const all = samples.map(({ bytes }) => bytes);
      for (let n = 0; n < (DAMAGED + MADE_UP) * ROUNDS; n++) {
        const sample = random.one(own);
        const input =
          n % (DAMAGED + MADE_UP) < DAMAGED
            ? mutate(sample.bytes, random, all)
            : random.bytes(random.below(200));
        const direction = (random.below(8) === 0 ? 1 - sample.direction : sample.direction) as Direction;
        const sizes = random.one([
          [1 << 20],
          [1 + random.below(40), 1 + random.below(40)],
          [1, 1 + random.below(7)],
        ]);
        alike(
          `${protocol.name} over ${transport}, direction ${direction}, pieces of ${sizes}`,
          input,
          (guarded) => [
            protocol.probe(guarded.bytes, guarded.at, guarded.end, direction, transport),
            transport === 'udp'
              ? datagram(protocol, guarded, direction)
              : stream(protocol, guarded, direction, sizes),
          ],
        );
      }
    },
    60_000 * ROUNDS,
  );

  test('every short input', () => {
    for (let a = 0; a < 256; a++)
      for (const rest of [[], [3], [3, 1, 0, 4, 1], [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]])
        for (const transport of transports)
          alike(`${protocol.name} over ${transport}`, Uint8Array.from([a, ...rest]), (guarded) => [
            protocol.probe(guarded.bytes, guarded.at, guarded.end, 0, transport),
            transport === 'udp' ? datagram(protocol, guarded, 1) : stream(protocol, guarded, 1, [1]),
          ]);
  });
});
