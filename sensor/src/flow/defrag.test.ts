// Fragments: put together in any order, held to bounds of number, memory and time, and told when they are odd.
import { describe, expect, test } from 'vitest';
import { NOON } from '../../../test/support/packets/capture.ts';
import { ethernet, fragments, type IpHeader, ip, other, udp } from '../../../test/support/packets/frame.ts';
import { octets } from '../../../test/support/packets/octets.ts';
import { decode } from '../layers/decode.ts';
import { ODDITY_NAMES } from '../layers/oddities.ts';
import { FATES, Packet } from '../layers/packet.ts';
import { Defragmenter } from './defrag.ts';

const V4 = { src: '10.1.0.7', dest: '10.1.0.53' };
const V6 = { src: '2001:db8::7', dest: '2001:db8::53' };
const TEXT = Array.from({ length: 200 }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');
const long = udp({ from: 1234, to: 5353 }, TEXT);

class Stand {
  readonly givenUp: string[] = [];
  readonly defrag = new Defragmenter((fate) => {
    const { whole } = this.defrag;
    this.givenUp.push(`${FATES[fate]} ${whole.sourcePort}>${whole.destinationPort} ${whole.payloadLength}`);
  });
  readonly odd: string[] = [];

  /** @returns the payload of the packet that became whole */
  take(frame: Uint8Array, time = NOON, wire = frame.length): string | undefined {
    const p = new Packet();
    Object.assign(p, {
      bytes: octets([1, 2, 3], frame, [4, 5]),
      at: 3,
      end: 3 + frame.length,
      wire,
      link: 1,
      time,
    });
    decode(p);
    expect(p.fragmented).toBe(true);
    const fate = this.defrag.take(p);
    for (let i = 0; i < p.oddities; i++) this.odd.push(ODDITY_NAMES[p.oddity[i]].replace('decoder.', ''));
    if (fate < 0) return undefined;
    const { whole } = this.defrag;
    expect(FATES[fate]).toBe('decoded');
    return Buffer.from(whole.bytes.subarray(whole.payload, whole.payloadEnd)).toString('latin1');
  }
}

/** Bytes `[at, at + data.length)` of a packet whose last byte is `total` or not said. */
const piece = (at: number, data: string, last = false, header: IpHeader = V4, id = 1): Uint8Array => {
  const whole = octets(new Uint8Array(at), data, new Uint8Array(last ? 0 : 8));
  return ethernet(ip({ ...header, fragment: { at, end: at + data.length, id } }, other(17, whole)));
};
const HEAD = String.fromCharCode(0, 1, 0, 2, 0, 48, 0, 0);

describe.each([V4, V6])('packets from $src', (header) => {
  const frames = fragments(header, long, 48).map((packet) => ethernet(packet));

  test('in order, backwards, and every one twice', () => {
    for (const order of [
      frames,
      frames.toReversed(),
      frames.flatMap((f) => [f, f]),
      [...frames.slice(1), frames[0]],
    ]) {
      const stand = new Stand();
      const wholes = order.map((frame) => stand.take(frame)).filter((text) => text !== undefined);
      expect(wholes[0]).toBe(TEXT);
      expect(stand.odd).toEqual([]);
      expect(stand.defrag.whole.destinationPort).toBe(5353);
      expect(stand.defrag.whole.fragmented).toBe(false);
    }
  });

  test('it counts as one packet: what stood in front of it, its header and all its data', () => {
    const stand = new Stand();
    for (const frame of frames) stand.take(frame);
    expect(stand.defrag.whole.wire).toBe(14 + (header === V4 ? 20 : 40) + 8 + TEXT.length);
    expect(stand.defrag.whole.payloadLength).toBe(TEXT.length);
  });

  test('other packets between them, another identification, another VLAN', () => {
    const stand = new Stand();
    const twin = fragments({ ...header, src: header.dest, dest: header.src }, long, 48).map((p) =>
      ethernet(p),
    );
    const tagged = fragments(header, long, 48).map((p) => ethernet(p, [7]));
    const wholes = frames.flatMap((frame, i) => [
      stand.take(frame),
      stand.take(twin[i]),
      stand.take(tagged[i]),
    ]);
    expect(wholes.filter((text) => text === TEXT)).toHaveLength(3);
    expect(stand.defrag.waiting).toBe(0);
  });

  test('what a snap length cut is known to be missing', () => {
    const stand = new Stand();
    for (const frame of frames) stand.take(frame.subarray(0, frame.length - 8), NOON, frame.length);
    const { whole } = stand.defrag;
    expect([whole.payloadLength, whole.payloadEnd - whole.payload]).toEqual([TEXT.length, 48 - 8 - 8]);
  });

  test('a minute after the first one, what there is is told: its ports, not what it says', () => {
    const stand = new Stand();
    stand.take(frames[0]);
    stand.take(frames[1], NOON + 50e6);
    stand.defrag.advance(NOON + 59e6);
    expect(stand.givenUp).toEqual([]);
    stand.defrag.advance(NOON + 60e6);
    expect(stand.givenUp).toEqual(['decoded 1234>5353 88']);
    expect(stand.defrag.counters).toMatchObject({ fragments: 2, timedOut: 1, reassembled: 0 });
    expect(stand.defrag.waiting).toBe(0);
  });

  test('without the first fragment there is nothing to tell', () => {
    const stand = new Stand();
    stand.take(frames[1]);
    stand.defrag.finish();
    expect([stand.givenUp, stand.defrag.waiting]).toEqual([[], 0]);
  });
});

describe('overlaps: BSD, which is Suricata’s default', () => {
  const overlap = (...pieces: Uint8Array[]) => {
    const stand = new Stand();
    let whole: string | undefined;
    for (const one of pieces) whole = stand.take(one) ?? whole;
    return { whole, odd: stand.odd };
  };
  const rest = piece(40, 'zzzzzzzz', true);

  test('a fragment that begins no later keeps its bytes', () => {
    const { whole, odd } = overlap(
      piece(0, HEAD + 'aaaaaaaa' + 'aaaaaaaa'),
      piece(16, 'bbbbbbbb' + 'bbbbbbbb' + 'bbbbbbbb'),
      rest,
    );
    expect(whole).toBe('a'.repeat(16) + 'b'.repeat(16) + 'z'.repeat(8));
    expect(odd).toEqual(['ipv4.frag_overlap']);
  });

  test('a fragment that begins earlier takes bytes from those behind it', () => {
    const { whole } = overlap(piece(24, 'bbbbbbbb' + 'bbbbbbbb'), piece(0, HEAD + 'a'.repeat(24)), rest);
    expect(whole).toBe('a'.repeat(24) + 'b'.repeat(8) + 'z'.repeat(8));
  });

  test('a fragment over several takes all that they have behind its beginning', () => {
    const { whole } = overlap(
      piece(16, 'bbbbbbbb'),
      piece(32, 'cccccccc'),
      piece(0, HEAD + 'a'.repeat(32)),
      rest,
    );
    expect(whole).toBe('a'.repeat(32) + 'z'.repeat(8));
  });

  test('teardrop: a fragment inside of another', () => {
    const { whole, odd } = overlap(piece(0, HEAD + 'a'.repeat(32)), piece(16, 'bbbbbbbb'), rest);
    expect(whole).toBe('a'.repeat(32) + 'z'.repeat(8));
    expect(odd).toEqual(['ipv4.frag_overlap']);
  });

  test('IPv6 says so under its own name', () =>
    expect(overlap(piece(0, HEAD + 'a'.repeat(32), false, V6), piece(16, 'bbbbbbbb', false, V6)).odd).toEqual(
      ['ipv6.frag_overlap'],
    ));
});

test.each<[string, Uint8Array[], string[]]>([
  ['bytes behind the last one', [piece(40, 'zzzzzzzz', true), piece(48, 'yyyyyyyy')], ['ipv4.frag_ignored']],
  [
    'a second last one elsewhere',
    [piece(40, 'zzzzzzzz', true), piece(80, 'zzzzzzzz', true)],
    ['ipv4.frag_ignored'],
  ],
  [
    'beyond the largest packet (ping of death)',
    [piece(65_528, 'z'.repeat(64), true)],
    ['ipv4.frag_pkt_too_large'],
  ],
  ['beyond the largest packet, IPv6', [piece(65_528, 'z'.repeat(64), true, V6)], ['ipv6.frag_pkt_too_large']],
  ['no multiple of eight, not the last', [piece(0, 'z'.repeat(13))], ['ipv4.frag_ignored']],
  [
    'no multiple of eight, not the last, IPv6',
    [piece(0, 'z'.repeat(13), false, V6)],
    ['ipv6.frag_invalid_length'],
  ],
])('%s', (_, frames, odd) => {
  const stand = new Stand();
  for (const frame of frames) stand.take(frame);
  expect(stand.odd).toEqual(odd);
});

test('a packet in more pieces than any network makes', () => {
  const stand = new Stand();
  for (let i = 0; i < 1100; i++) stand.take(piece(16 * i, 'z'.repeat(8)));
  expect(new Set(stand.odd)).toEqual(new Set(['ipv4.frag_ignored']));
  expect(stand.odd.length).toBe(1100 - 1024);
});

test('a flood: the oldest make room, in number and in bytes', () => {
  const stand = new Stand();
  for (let id = 0; id < 5000; id++) stand.take(piece(0, HEAD + 'a'.repeat(8), false, V4, id), NOON + id);
  expect(stand.defrag.waiting).toBeLessThanOrEqual(2048);
  expect(stand.defrag.counters.shed).toBe(5000 - stand.defrag.waiting);
  expect(stand.givenUp.length).toBe(stand.defrag.counters.shed);
  for (let id = 0; id < 5000; id++) stand.take(piece(60_000, 'a'.repeat(8), false, V6, id), NOON + id);
  expect(stand.defrag.waiting).toBeLessThanOrEqual(130);
});
