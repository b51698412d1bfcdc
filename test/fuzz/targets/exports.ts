// What exporters send: damaged datagrams, several of one exporter after each other, since templates outlive theirs.
import { ExportedFlowView, readSample } from '../../../sensor/src/flow/exported.ts';
import { Packet } from '../../../sensor/src/layers/packet.ts';
import type { Event } from '../../../sensor/src/protocols/event.ts';
import { eventFields } from '../../../sensor/src/protocols/index.ts';
import { ExportDecoder } from '../../../sensor/src/sources/exports/decoder.ts';
import { eveObject } from '../../support/eve-object.ts';
import { Conversation } from '../../support/packets/conversation.ts';
import {
  be,
  counterSample,
  flowSample,
  ip4,
  ip6,
  ipfix,
  ipfixOptions,
  sampledHeader,
  set,
  sflow,
  sflowRecord,
  template,
  USUAL,
  usual,
  v5,
  v5Record,
  v9,
  v9Options,
} from '../../support/packets/exports.ts';
import { octets } from '../../support/packets/octets.ts';
import { alike, type Guarded } from '../guard.ts';
import { mutate } from '../mutate.ts';
import type { Registry, Target } from '../target.ts';

const BOUNDS = { exporters: 4, fields: 2000, waitingBytes: 8192 };
const MOST_PIECES = 4;
const RECEIVED = Date.UTC(2026, 0, 5, 12) * 1000;

const TIMED = [...USUAL, [22, 4], [21, 4], [34, 4], [56, 6], [61, 1], [32, 2]] as const;
const timed = (n: number): number[] =>
  [usual(n), be(1000, 4), be(2000, 4), be(10, 4), [2, 0, 0, 0, 0, n], [1], be(0x800, 2)].flat();
const LONG = [
  [27, 16],
  [28, 16],
  [82, 65_535],
  [2, 8],
  [1, 3],
  [154, 8],
  [5, 65_535, 9],
  [1, 4, 29_305],
] as const;
const long = (n: number): number[] =>
  [ip6('2001:db8::1'), ip6(`2001:db8::${n}`), [2, 65, 66], be(n, 8), be(n, 3), be(2 ** 31, 4), be(n, 4)]
    .concat([[255, 0, 3, 1, 2, 3], be(n, 4)])
    .flat();
const frame = new Conversation().handshake().send('client', 'x'.repeat(50)).frames[3].bytes;
const gateway = sflowRecord(
  1003,
  be(1, 4),
  ip4('10.0.0.9'),
  be(1, 4),
  be(2, 4),
  be(3, 4),
  be(1, 4),
  be(2, 4),
  be(1, 4),
  be(5, 4),
  be(6, 4),
);
const summary = sflowRecord(
  3,
  be(99, 4),
  be(6, 4),
  ip4('10.0.0.1'),
  ip4('10.0.0.2'),
  be(1, 4),
  be(2, 4),
  be(2, 4),
  be(0, 4),
);

/** Whole datagrams of each protocol. */
const SEEDS: Readonly<Record<string, readonly Uint8Array[]>> = {
  netflow5: [v5([v5Record(1)]), v5([v5Record(1), v5Record(2)], { sequence: 3, sampling: 100 })],
  netflow9: [
    v9([set(0, template(256, USUAL), template(257, TIMED))]),
    v9([set(256, usual(1), usual(2)), set(257, timed(3), [0])], { sequence: 1 }),
    v9([
      set(
        1,
        v9Options(
          258,
          [[1, 4]],
          [
            [48, 2],
            [50, 4],
          ],
        ),
      ),
      set(258, be(1, 4), be(3, 2), be(9, 4)),
    ]),
    v9([set(0, template(256, TIMED)), set(256, timed(4))], { uptime: 10 }),
  ],
  ipfix: [
    ipfix([set(2, template(256, USUAL), template(257, LONG))]),
    ipfix([set(256, usual(1)), set(257, long(3), long(4))], { sequence: 1 }),
    ipfix([
      set(
        3,
        ipfixOptions(
          258,
          [[302, 4]],
          [
            [305, 4],
            [306, 4],
            [160, 8],
          ],
        ),
      ),
      set(258, be(1, 4), be(1, 4), be(9, 4), be(5, 8)),
    ]),
    ipfix([set(2, [...be(256, 2), 0, 0], [...be(2, 2), 0, 0])]),
  ],
  sflow: [
    sflow([flowSample([sampledHeader(frame, 1400), gateway], 512), counterSample()]),
    sflow([flowSample([summary, sflowRecord(1001, be(3, 4), be(0, 4), be(4, 4), be(0, 4))], 9, true)]),
  ],
};

/** Everything that is said of the datagrams, which stand behind each other; each is read alone, behind a guard of its own. */
function told({ bytes, at }: Guarded, lengths: readonly number[]): unknown {
  const said: unknown[] = [];
  const view = new ExportedFlowView();
  const packet = new Packet();
  const fields = eventFields['flow'];
  const tell = (record: Parameters<ExportedFlowView['of']>[0]): void => {
    const flow = view.of(record);
    for (const count of [flow.pkts_toserver, flow.bytes_toserver, flow.pkts_toclient, flow.bytes_toclient])
      if (!Number.isSafeInteger(count)) throw new Error(`${count} is no count`);
    if (!(flow.start <= flow.last && flow.start >= 0)) throw new Error(`from ${flow.start} to ${flow.last}`);
    said.push(eveObject(fields, { type: 'flow', time: 0, flow, message: flow, fields } as Event));
  };
  let piece: Uint8Array = bytes;
  const decoder = new ExportDecoder(
    {
      flow: tell,
      frame(sample) {
        if (sample.start[0] < at || sample.start[0] + sample.captured[0] > piece.length - at)
          throw new Error('a frame that is not inside');
        if (!readSample(sample, packet)) return false;
        tell(sample.about);
        return true;
      },
    },
    undefined,
    BOUNDS,
  );
  let from = at;
  for (const length of lengths) {
    piece = new Uint8Array(length + 2 * at);
    piece.set(bytes.subarray(0, at));
    piece.set(bytes.subarray(from, from + length), at);
    piece.set(bytes.subarray(0, at), at + length);
    from += length;
    decoder.take(piece, at, at + length, '198.51.100.1', RECEIVED);
  }
  return [said, decoder.counters];
}

function target(name: string, seeds: readonly Uint8Array[]): Target {
  return {
    name,
    make(random) {
      const pieces = Array.from({ length: 1 + random.below(MOST_PIECES) }, () => {
        const seed = random.one(seeds);
        return random.below(3) === 0 ? seed : mutate(seed, random, seeds);
      });
      return {
        pieces,
        attempt(chosen) {
          const lengths = chosen.map(({ length }) => length);
          alike(`${name}, datagrams of ${lengths} bytes`, octets(...chosen), (guarded) =>
            told(guarded, lengths),
          );
        },
      };
    },
  };
}

export const exports: Registry = {
  name: 'exports',
  targets: async () => Object.entries(SEEDS).map(([name, seeds]) => target(name, seeds)),
};
