// The spine as detectors and outputs see it: which flows opened, were answered, were refused; what was counted.
import { describe, expect, test } from 'vitest';
import { type Frame, NOON } from '../../test/support/packets/capture.ts';
import { Conversation, datagrams } from '../../test/support/packets/conversation.ts';
import { ethernet, icmp, icmp6, ip, tcp, udp, type Vlans } from '../../test/support/packets/frame.ts';
import { octets } from '../../test/support/packets/octets.ts';
import { batchOf } from '../../test/support/sense.ts';
import type { Watch } from './detectors/detector.ts';
import { FATES } from './layers/packet.ts';
import type { FlowView } from './protocols/event.ts';
import { protocols } from './protocols/index.ts';
import { Sensor } from './sensor.ts';
import type { Series } from './wire/series.ts';

interface Watched {
  /** `what source:port > destination:port`, in order. */
  readonly news: string[];
  readonly ticks: number[];
  readonly series: Series[];
  readonly sensor: Sensor;
}

function watch(frames: readonly Frame[], finish = true): Watched {
  const news: string[] = [];
  const ticks: number[] = [];
  const series: Series[] = [];
  const tell = (what: string) => (flow: FlowView) =>
    void news.push(`${what} ${flow.src_ip}:${flow.src_port} > ${flow.dest_ip}:${flow.dest_port}`);
  const watching: Watch = {
    opened: tell('opened'),
    answered: tell('answered'),
    refused: tell('refused'),
    tick: (now) => void ticks.push((now - NOON) / 1e6),
  };
  const sensor = new Sensor({
    protocols,
    detect: () => watching,
    outputs: [
      { name: 'list', record: (r) => void (r.kind === 'series' && series.push(r)), close: async () => {} },
    ],
    profile: 'strict',
    shares: { flows: 100, parsers: 4096, bufferBytes: 1 << 24 },
  });
  sensor.frames(batchOf(frames));
  if (finish) sensor.finish();
  return { news, ticks, series, sensor };
}

const A = '10.1.0.7';
const B = '198.51.100.9';
const A6 = '2001:db8::7';
const B6 = '2001:db8::9';
const frame = (packet: Uint8Array, vlans: Vlans = []): Frame => ({
  time: NOON,
  bytes: ethernet(packet, vlans),
});
const flow = `${A}:5 > ${B}:6`;

describe('news of flows', () => {
  test('opened and answered', () => {
    expect(watch(new Conversation({ clientPort: 5, serverPort: 6 }).handshake().frames).news).toEqual([
      `opened ${flow}`,
      `answered ${flow}`,
    ]);
    expect(
      watch(
        datagrams({ clientPort: 5, serverPort: 6 }, [
          ['client', 'a'],
          ['server', 'b'],
          ['server', 'c'],
        ]),
      ).news,
    ).toEqual([`opened ${flow}`, `answered ${flow}`]);
  });

  test('refused by a reset, once; a reset later is no refusal', () => {
    const refused = new Conversation({ clientPort: 5, serverPort: 6 })
      .packet('client', { flags: 'S' })
      .packet('server', { flags: 'RA' });
    expect(watch(refused.packet('server', { flags: 'RA' }).frames).news).toEqual([
      `opened ${flow}`,
      `refused ${flow}`,
    ]);
    const later = new Conversation({ clientPort: 5, serverPort: 6 }).handshake().reset('server');
    expect(watch(later.frames).news).toEqual([`opened ${flow}`, `answered ${flow}`]);
    const own = new Conversation({ clientPort: 5, serverPort: 6 })
      .packet('client', { flags: 'S' })
      .reset('client');
    expect(watch(own.frames).news).toEqual([`opened ${flow}`]);
  });

  const question = ip({ src: A, dest: B }, udp({ from: 5, to: 6 }, 'hello'));
  const syn = ip({ src: A, dest: B }, tcp({ from: 5, to: 6, flags: 'S' }));
  const question6 = ip({ src: A6, dest: B6 }, udp({ from: 5, to: 6 }, 'hello'));
  const unreachable = (quoted: Uint8Array, code = 3) =>
    quoted[0] >> 4 === 4
      ? ip({ src: '192.0.2.1', dest: A }, icmp(3, code, octets([0, 0, 0, 0], quoted)))
      : ip({ src: '2001:db8:ff::1', dest: A6 }, icmp6(1, code, octets([0, 0, 0, 0], quoted)));

  test.each([
    ['a datagram', question, question],
    ['a datagram, quoted with eight bytes of it', question, question.subarray(0, 28)],
    ['a SYN', syn, syn],
    ['a SYN, quoted with its ports alone', syn, syn.subarray(0, 28)],
    ['a datagram over IPv6', question6, question6],
  ])('refused by an ICMP error that quotes %s', (_, sent, quoted) => {
    const { news } = watch([frame(sent), frame(unreachable(quoted))]);
    expect(news.filter((n) => n.startsWith('refused'))).toHaveLength(1);
  });

  test.each([
    ['another port', ip({ src: A, dest: B }, udp({ from: 5, to: 7 }, 'hello'))],
    ['less than ports', question.subarray(0, 23)],
    ['nothing', new Uint8Array(0)],
    ['rubbish', octets([0x4f, 0xff], new Uint8Array(60).fill(0xff))],
  ])('not by one that quotes %s', (_, quoted) => {
    const error = ip({ src: '192.0.2.1', dest: A }, icmp(3, 3, octets([0, 0, 0, 0], quoted)));
    expect(watch([frame(question), frame(error)]).news.some((n) => n.startsWith('refused'))).toBe(false);
  });

  test('the quotation stands in the VLAN of its error', () => {
    const inside = [frame(question, [7]), frame(unreachable(question), [7])];
    expect(watch(inside).news.at(-1)).toBe(`refused ${flow}`);
    expect(
      watch([frame(question, [7]), frame(unreachable(question), [8])]).news.some((n) =>
        n.startsWith('refused'),
      ),
    ).toBe(false);
  });
});

describe('time and counts', () => {
  const at = (seconds: number): Frame => ({
    ...frame(ip({ src: A, dest: B }, udp({ from: 5, to: 6 }, 'x'))),
    time: NOON + seconds * 1e6,
  });

  test('ticks come once a second of packet time, and never backwards', () => {
    expect(watch([at(0), at(0.5), at(1.2), at(1.1), at(5), at(4), at(5.5)]).ticks).toEqual([0, 1.2, 5]);
  });

  test('series hold every packet, byte and flow once, in whole buckets', () => {
    const frames = [at(0), at(3), at(9.999999), at(10), at(3600)];
    const { series } = watch(frames);
    const sum = (key: 'packets' | 'bytes' | 'flows') => series.reduce((total, s) => total + s[key], 0);
    expect([sum('packets'), sum('bytes'), sum('flows')]).toEqual([5, 300, 2]);
    expect(series.find((s) => s.bucket.startsWith('2026-01-05T12:00:00'))).toMatchObject({
      seconds: 10,
      packets: 3,
    });
    expect(new Set(series.map((s) => s.bucket)).size).toBe(series.length);
    for (const { bucket, seconds } of series) expect((Date.parse(bucket) / 1000) % seconds).toBe(0);
  });

  test('every packet has one fate', () => {
    const cut = { ...at(0), bytes: at(0).bytes.subarray(0, 30), wire: 60 };
    const arp = { time: NOON, bytes: octets(new Uint8Array(12), [8, 6], new Uint8Array(46)) };
    const { counters } = watch([at(0), cut, arp, { time: NOON, bytes: new Uint8Array(3) }]).sensor;
    const fates = Object.fromEntries(
      FATES.map((name, i) => [name, counters.fates[i]]).filter(([, n]) => n !== 0),
    );
    expect(fates).toEqual({ decoded: 1, ipv4_bad: 1, not_ip: 1, frame_short: 1 });
    expect(counters).toMatchObject({ packets: 4, bytes: 60 + 60 + 60 + 3 });
  });

  test('a shift moves packets in time', () => {
    const { sensor } = watch([], false);
    sensor.shift = 5e6;
    sensor.frames(batchOf([at(0)]));
    expect(sensor.now).toBe(NOON + 5e6);
  });
});

test('what ends while no packet comes is counted where it ended', () => {
  const frames = datagrams({ clientPort: 5 }, [['client', octets('none of ours')]]);
  const { sensor, series } = watch(frames, false);
  const ended = (): number => sensor.counters.events['flow'] ?? 0;
  let last = 0;
  // Ends: flows that nobody speaks on do.
  for (let second = 1; second < 900 && last === 0; second++) {
    sensor.advance(NOON + second * 1e6);
    if (ended() > 0) last = second;
  }
  for (let more = 1; more <= 30; more++) sensor.advance(NOON + (last + more) * 1e6);
  const buckets = series.filter(({ events }) => events['flow'] !== undefined);
  expect(buckets.map(({ events }) => events['flow'])).toEqual([1]);
  // The flow ended in the second before it was seen to be counted, at most.
  const at = Date.parse(buckets[0].bucket) * 1000;
  expect(at).toBeLessThanOrEqual(NOON + (last - 1) * 1e6);
  expect(at + buckets[0].seconds * 1e6).toBeGreaterThan(NOON + (last - 1) * 1e6);
});
