// Every protocol over each of its transports: damaged and made-up messages, in pieces, with gaps, and large ones.
import type { Event } from '../../../sensor/src/protocols/event.ts';
import { protocols as all } from '../../../sensor/src/protocols/index.ts';
import type { Direction, Emit, Protocol } from '../../../sensor/src/protocols/protocol.ts';
import { eveObject } from '../../support/eve-object.ts';
import { gathered, type Sample } from '../corpus.ts';
import { alike, type Guarded } from '../guard.ts';
import { mutate } from '../mutate.ts';
import type { Random } from '../random.ts';
import type { Registry, Target } from '../target.ts';

export type Transport = 'tcp' | 'udp';
/** Above what a stream keeps for its parser: work that is not linear shows here. */
const SWOLLEN = 80 * 1024;

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
  const piece = Uint8Array.from(bytes);
  let from = at;
  let to = at;
  for (let n = 0; to < end; n++) {
    const before = to;
    to = Math.min(end, to + sizes[n % sizes.length]);
    // Behind the piece stands the guard, as if the rest had not come yet.
    piece.set(bytes.subarray(before, to), before);
    piece.set(guard.subarray(0, piece.length - to), to);
    const taken = parser.stream(piece, from, to, direction, emit);
    if (taken > to - from) throw new Error(`${protocol.name} took ${taken} of ${to - from} bytes`);
    said.push(String(taken));
    if (taken < 0) break;
    from += taken;
    // A stream does not keep more for its parser.
    if (to - from > 64 * 1024) break;
  }
  if (sizes.length > 1 && parser.gap?.(direction, sizes[0])) {
    const taken = parser.stream(bytes, at, end, direction, emit);
    if (taken > end - at) throw new Error(`${protocol.name} took ${taken} of ${end - at} bytes behind a gap`);
  }
  parser.end?.(emit);
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
    talk.end?.(emit);
  }
  return said;
};

/** Tries one input over one transport. @param sizes of the pieces that a stream comes in */
export function tryOn(
  protocol: Protocol,
  transport: Transport,
  input: Uint8Array,
  direction: Direction,
  sizes: readonly number[],
): void {
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

/** A message, or a part of it, many times over. */
function swell(bytes: Uint8Array, random: Random, most: number): Uint8Array {
  if (bytes.length === 0) return bytes;
  const from = random.below(bytes.length);
  const part = bytes.subarray(from, from + 1 + random.below(bytes.length - from));
  const large = new Uint8Array(most);
  large.set(bytes.subarray(0, most));
  for (let at = Math.min(bytes.length, most); at < most; at += part.length)
    large.set(part.subarray(0, most - at), at);
  return large;
}

const sizesOf = (random: Random): readonly number[] =>
  random.one([[1 << 20], [1 + random.below(40), 1 + random.below(40)], [1, 1 + random.below(7)]]);

function target(protocol: Protocol, transport: Transport, samples: readonly Sample[]): Target {
  const own = samples.filter((s) => s.protocol === protocol.name && s.transport === transport);
  if (own.length < 2) throw new Error(`${protocol.name} over ${transport} has no messages to begin with`);
  const others = samples.map(({ bytes }) => bytes);
  return {
    name: `${protocol.name}/${transport}`,
    make(random) {
      const sample = random.one(own);
      const kind = random.below(200);
      const isLarge = kind === 0;
      const input = isLarge
        ? swell(mutate(sample.bytes, random, others), random, transport === 'udp' ? 65_507 : SWOLLEN)
        : kind < 30
          ? random.bytes(random.below(200))
          : mutate(sample.bytes, random, others);
      const direction = (random.below(8) === 0 ? 1 - sample.direction : sample.direction) as Direction;
      const sizes = isLarge ? [1460] : sizesOf(random);
      return {
        pieces: [input],
        attempt: ([bytes]) => tryOn(protocol, transport, bytes, direction, sizes),
      };
    },
  };
}

export const transportsOf = (protocol: Protocol): Transport[] =>
  [(protocol.datagram ?? protocol.openDatagrams) && 'udp', protocol.open && 'tcp'].filter(
    (transport) => transport !== undefined,
  ) as Transport[];

export const protocols: Registry = {
  name: 'protocols',
  async targets() {
    const samples = await gathered();
    return (all as readonly Protocol[]).flatMap((protocol) =>
      transportsOf(protocol).map((transport) => target(protocol, transport, samples)),
    );
  },
};
