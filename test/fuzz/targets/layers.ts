// Headers and the decoder: all link types, tunnels in tunnels, fragments; nothing beyond the frame is looked at.
import { Defragmenter } from '../../../sensor/src/flow/defrag.ts';
import { decode } from '../../../sensor/src/layers/decode.ts';
import { headers } from '../../../sensor/src/layers/headers.ts';
import { descend, NOTHING_INSIDE } from '../../../sensor/src/layers/inner.ts';
import { FATE, FATES, MAX_DEPTH, Packet } from '../../../sensor/src/layers/packet.ts';
import { print } from '../../../sensor/src/layers/print.ts';
import { LINK } from '../../../sensor/src/sources/source.ts';
import { NOON } from '../../support/packets/capture.ts';
import { ethernet, fragments, ip } from '../../support/packets/frame.ts';
import { octets } from '../../support/packets/octets.ts';
import { STACKS, TUNNELS } from '../../support/packets/stacks.ts';
import { frames, gathered } from '../corpus.ts';
import { alike, type Guarded } from '../guard.ts';
import { mutate } from '../mutate.ts';
import type { Random } from '../random.ts';
import type { Registry, Target } from '../target.ts';

/** What the decoder may say of a frame; the tests ask that damage led to many of them. */
export const fatesSeen = new Set<string>();
/** Headers that passed their check, and were printed. */
export const printedHeaders = new Set<string>();

/** A link type that nobody reads. */
const UNKNOWN_LINK = 147;
const LINKS = [...Object.values(LINK), UNKNOWN_LINK];
const OUTER = { src: '192.0.2.1', dest: '192.0.2.2' };
const wrapped = TUNNELS.flatMap(([, tunnel]) => [
  ethernet(ip(OUTER, tunnel)),
  ethernet(ip({ src: '2001:db8::1', dest: '2001:db8::2' }, tunnel), [7]),
]);
/** Each tunnel's packet in pieces. */
const torn = TUNNELS.map(([, tunnel]) => fragments(OUTER, tunnel, 24).map((packet) => ethernet(packet)));

interface Seen {
  readonly link: number;
  readonly wire: number;
}

function decoded({ bytes, at, end }: Guarded, { link, wire }: Seen): unknown {
  const p = new Packet();
  Object.assign(p, { bytes, at, end, wire, link });
  const fate = FATES[decode(p)];
  fatesSeen.add(fate);
  if (p.payload < at || p.payloadEnd > end || p.payload > p.payloadEnd)
    throw new Error(`payload ${p.payload - at}–${p.payloadEnd - at}`);
  if (!(p.payloadLength >= p.payloadEnd - p.payload)) throw new Error(`payload of ${p.payloadLength} bytes`);
  const ends = [...p.source, ...p.destination, p.sourcePort, p.destinationPort];
  return [fate, p.version, p.protocol, ends, p.tcpFlags, p.payloadLength, p.fragmented, p.vlans];
}

function descended({ bytes, at, end }: Guarded, { link, wire }: Seen): unknown {
  const p = new Packet();
  Object.assign(p, { bytes, at, end, wire, link });
  const told: unknown[] = [decode(p)];
  for (let depth = 0; p.carries !== 0; depth++) {
    if (depth > MAX_DEPTH) throw new Error('deeper than the bound');
    const fate = descend(p);
    if (p.at < at || p.end > end || p.payload < at || p.payloadEnd > end) throw new Error('out of bounds');
    told.push(
      fate === NOTHING_INSIDE ? -1 : [fate, p.wire, p.tunnel, p.network, p.protocol, p.payloadLength],
    );
  }
  Object.assign(p, { bytes, at, end, wire, link });
  return [...told, print(p)];
}

const wireOf = (random: Random, length: number): number =>
  random.one([length, length, length + random.below(1500), 0, 0xffffffff]);

const decoder: Target = {
  name: 'decoder',
  make(random) {
    const input =
      random.below(8) === 7 ? random.bytes(random.below(120)) : mutate(random.one(frames), random, frames);
    const seen = {
      link: random.below(3) === 0 ? random.one(LINKS) : LINK.ethernet,
      wire: wireOf(random, input.length),
    };
    const what = `decode of link ${seen.link}, ${seen.wire} bytes on the wire`;
    return { pieces: [input], attempt: ([bytes]) => alike(what, bytes, (guarded) => decoded(guarded, seen)) };
  },
};

const stacks = [
  ...wrapped.map((bytes) => ({ link: LINK.ethernet as number, bytes })),
  ...STACKS.map(([, link, bytes]) => ({ link, bytes })),
];
const stackBytes = stacks.map(({ bytes }) => bytes);

const tunnels: Target = {
  name: 'tunnels',
  make(random) {
    const { link, bytes } = random.one(stacks);
    const input = mutate(bytes, random, stackBytes);
    const seen = { link, wire: wireOf(random, input.length) };
    const what = `frame of link ${link}, ${seen.wire} bytes on the wire`;
    return {
      pieces: [input],
      attempt: ([bytes]) => alike(what, bytes, (guarded) => descended(guarded, seen)),
    };
  },
};

/** What the defragmenter says of pieces that stand behind each other; each is read alone, behind a guard of its own. */
function joined({ bytes, at }: Guarded, lengths: readonly number[]): unknown {
  const told: unknown[] = [];
  const defrag = new Defragmenter((fate) => told.push(['given up', fate]));
  let from = at;
  for (const [n, length] of lengths.entries()) {
    const alone = new Uint8Array(length + 2 * at);
    alone.set(bytes.subarray(0, at));
    alone.set(bytes.subarray(from, from + length), at);
    alone.set(bytes.subarray(0, at), at + length);
    from += length;
    const p = new Packet();
    const time = NOON + n * 1000;
    Object.assign(p, { bytes: alone, at, end: at + length, wire: length, link: LINK.ethernet, time });
    const fate = decode(p);
    if (!p.fragmented || (fate !== FATE.decoded && fate !== FATE.fragment)) continue;
    const whole = defrag.take(p);
    told.push(whole < 0 ? -1 : [whole, defrag.whole.wire, defrag.whole.payloadLength]);
  }
  defrag.finish();
  if (defrag.waiting !== 0) throw new Error('still waits for fragments');
  return [told, defrag.counters];
}

/** Pieces of several packets, damaged, in any order. */
const defragmenter: Target = {
  name: 'fragments',
  make(random) {
    const pieces = Array.from({ length: 2 + random.below(12) }, () => {
      const piece = random.one(random.one(torn));
      return random.below(3) === 0 ? mutate(piece, random, stackBytes) : piece;
    });
    return {
      pieces,
      attempt(chosen) {
        const lengths = chosen.map(({ length }) => length);
        alike(`fragments of ${lengths} bytes`, octets(...chosen), (guarded) => joined(guarded, lengths));
      },
    };
  },
};

const header = ([name, { check, print }]: [string, (typeof headers)[keyof typeof headers]]): Target => ({
  name,
  make(random) {
    const bytes = random.below(4) === 3 ? random.bytes(random.below(40)) : random.one(stackBytes);
    // Behind Ethernet, IPv4 and UDP, or anywhere.
    const from = random.one([0, 14, 34, 42, random.below(bytes.length + 1)]);
    const input = bytes.slice(from).slice(0, random.below(120));
    const printed = ({ bytes, at, end }: Guarded): string => {
      if (!check(bytes, at, end)) return 'no';
      printedHeaders.add(name);
      return print(bytes, at, end);
    };
    return { pieces: [input], attempt: ([bytes]) => alike(`print of ${name}`, bytes, printed) };
  },
});

export const layers: Registry = {
  name: 'layers',
  async targets() {
    await gathered();
    frames.push(...wrapped, ...torn.flat());
    return [decoder, tunnels, defragmenter, ...Object.entries(headers).map(header)];
  },
};
