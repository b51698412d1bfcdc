// Datagrams of exporters through the decoder: NetFlow, templates that come late or change, and how many of all.
import { describe, expect, test } from 'vitest';
import { listen, RECEIVED } from '../../../../test/support/exporting.ts';
import {
  be,
  ip6,
  ipfix,
  SENT,
  set,
  template,
  USUAL,
  usual,
  v5,
  v5Record,
  v9,
  v9Options,
} from '../../../../test/support/packets/exports.ts';
import { ExportDecoder } from './decoder.ts';

const TEMPLATE = set(0, template(256, USUAL));

describe('NetFlow 5', () => {
  test('a record with all its fields, its times out of the uptime', () => {
    const { take, told } = listen();
    take(v5([v5Record(1)]));
    expect(told).toEqual([
      {
        src: '10.0.0.1',
        dest: '192.0.2.1',
        ports: '40001-443',
        packets: 10,
        bytes: 1500,
        back: '0/0',
        sampling: 1,
        start: -4.75,
        end: -0.75,
        exporter: '198.51.100.1',
        vlan: [],
      },
    ]);
  });

  test('what was sampled stands for more', () => {
    const { take, told } = listen();
    take(v5([v5Record(1)], { sampling: 0x4000 | 100 }));
    expect(told[0]).toMatchObject({ packets: 1000, bytes: 150_000, sampling: 100 });
  });

  test('an uptime that began again at 0 after 49.7 days', () => {
    const { take, told } = listen();
    take(v5([v5Record(1, 2 ** 32 + 500)], { uptime: 500 }));
    expect(told[0]).toMatchObject({ start: -4.75, end: -0.75 });
  });

  test('numbers that were left out, and one that came late', () => {
    const { take, counters } = listen();
    const two = [v5Record(1), v5Record(2)];
    for (const sequence of [100, 102, 110, 104, 112]) take(v5(two, { sequence }));
    expect(counters).toMatchObject({ records: 10, gaps: 1, lost: 6, late: 1, restarts: 0 });
  });

  test('promises more records than came', () => {
    const { take, counters, told } = listen();
    take(v5([v5Record(1), v5Record(2)]).subarray(0, 24 + 48 + 47));
    expect(told).toEqual([]);
    expect(counters.faults).toMatchObject({ length_wrong: 1 });
  });
});

describe('NetFlow 9', () => {
  test('a template, then data in the same datagram and in later ones', () => {
    const { take, told, counters } = listen();
    take(v9([TEMPLATE, set(256, usual(1), usual(2), [0, 0])]));
    take(v9([set(256, usual(3))], { sequence: 1 }));
    expect(told.map(({ src }) => src)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
    expect(counters).toMatchObject({ records: 3, templates: 1, gaps: 0, refused: 0 });
  });

  test('data that came before its template is read when that comes, with the times of then', () => {
    const { take, told, counters } = listen();
    const timed = template(300, [...USUAL, [22, 4], [21, 4]]);
    take(v9([set(300, usual(1), be(599_000, 4), be(600_000, 4))], { seconds: SENT - 60 }));
    expect(told).toEqual([]);
    take(v9([set(0, timed)], { uptime: 660_000, sequence: 1 }));
    expect(told).toMatchObject([{ src: '10.0.0.1', start: -61, end: -60 }]);
    expect(counters).toMatchObject({ waited: 1, templatesMissing: 0 });
  });

  test('what waits is bounded, and what was given up is counted', () => {
    const { take, told, counters } = listen();
    for (let n = 0; n < 200; n++) take(v9([set(256, new Uint8Array(1000))], { sequence: n }));
    expect(counters.templatesMissing).toBeGreaterThan(130);
    take(v9([TEMPLATE], { sequence: 200 }));
    expect(counters.waited + counters.templatesMissing).toBe(200);
    expect(told.length).toBe(counters.waited * Math.floor(1000 / 21));
  });

  test('a template that becomes another in mid-stream', () => {
    const { take, told, counters } = listen();
    take(v9([TEMPLATE, set(256, usual(1))]));
    const other = template(256, [
      [27, 16],
      [28, 16],
      [2, 8],
    ]);
    take(v9([set(0, other), set(256, ip6('2001:db8::1'), ip6('2001:db8::2'), be(77, 8))], { sequence: 1 }));
    expect(told[1]).toMatchObject({ src: '2001:db8::1', dest: '2001:db8::2', packets: 77 });
    expect(counters).toMatchObject({ templates: 1, changed: 1 });
  });

  test('an exporter that began anew has no templates any more, and no gap', () => {
    const { take, told, counters } = listen();
    take(v9([TEMPLATE, set(256, usual(1))], { sequence: 5000, uptime: 90_000_000 }));
    take(v9([set(256, usual(2))], { sequence: 0, uptime: 20_000 }));
    expect(told).toHaveLength(1);
    take(v9([TEMPLATE], { sequence: 1, uptime: 21_000 }));
    expect(told.map(({ src }) => src)).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(counters).toMatchObject({ restarts: 1, gaps: 0 });
  });

  test('sources of one exporter, and exporters with one source, do not share templates', () => {
    const { take, told } = listen();
    take(v9([TEMPLATE]));
    take(v9([set(256, usual(1))], { source: 8 }));
    take(v9([set(256, usual(2))]), '198.51.100.2');
    expect(told).toEqual([]);
    take(v9([set(256, usual(3))], { sequence: 1 }));
    expect(told).toHaveLength(1);
  });

  test('a rate that options tell, of all and of one sampler', () => {
    const { take, told, counters } = listen();
    const general = v9Options(
      257,
      [[1, 4]],
      [
        [34, 4],
        [35, 1],
      ],
    );
    const sampler = v9Options(
      258,
      [[1, 4]],
      [
        [48, 2],
        [49, 1],
        [50, 4],
      ],
    );
    take(v9([set(1, general, sampler)]));
    take(
      v9([set(257, be(0, 4), be(50, 4), [1]), set(258, be(0, 4), be(3, 2), [2], be(1000, 4))], {
        sequence: 1,
      }),
    );
    take(v9([set(0, template(259, [...USUAL, [48, 2]]), template(256, USUAL))], { sequence: 2 }));
    take(v9([set(259, usual(1), be(3, 2)), set(256, usual(2))], { sequence: 3 }));
    expect(told).toMatchObject([
      { packets: 10_000, sampling: 1000 },
      { packets: 500, sampling: 50 },
    ]);
    expect(counters).toMatchObject({ options: 2, records: 2 });
  });

  test('records about something else are no flows', () => {
    const { take, told, counters } = listen();
    take(
      v9([
        set(
          0,
          template(256, [
            [10, 4],
            [82, 8],
          ]),
        ),
        set(256, be(4, 4), be(0, 8)),
      ]),
    );
    expect(told).toEqual([]);
    expect(counters).toMatchObject({ others: 1, records: 0 });
  });
});

describe('many exporters', () => {
  const name = (n: number): string => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;

  test('10,000 with templates stay; one more, and the one that was silent longest goes', {
    timeout: 60_000,
  }, () => {
    const { take, told, counters, decoder } = listen();
    const hello = v9([TEMPLATE]);
    for (let n = 0; n < 10_000; n++) take(hello, name(n));
    take(v9([set(256, usual(1))], { sequence: 1 }), name(0));
    expect(told).toHaveLength(1);
    take(hello, name(10_000));
    expect([decoder.exporters.size, counters.forgotten]).toEqual([10_000, 1]);
    take(v9([set(256, usual(2))], { sequence: 2 }), name(0));
    take(v9([set(256, usual(3))], { sequence: 1 }), name(1));
    expect(told.map(({ exporter }) => exporter)).toEqual([name(0), name(0)]);
  });

  test('templates and waiting sets of all together are bounded, whoever has them', () => {
    const bounds = { exporters: 1000, fields: 70, waitingBytes: 10_000 };
    const { take, counters, decoder } = listen(bounds);
    for (let n = 0; n < 50; n++) take(v9([TEMPLATE]), name(n));
    expect([decoder.exporters.size, counters.forgotten]).toEqual([10, 40]);
    for (let n = 0; n < 50; n++) take(v9([set(999, new Uint8Array(1000))]), name(n));
    expect(decoder.exporters.size).toBeLessThanOrEqual(18);
    const fields = Array.from({ length: 80 }, () => [1, 4] as const);
    take(v9([set(0, template(300, fields))]), name(7));
    expect(counters.faults.template_refused).toBe(1);
  });
});

describe('what is no export', () => {
  test.each([
    ['nothing', new Uint8Array(0), 'datagram_short'],
    ['another version', Uint8Array.of(0, 7, 0, 1, 0, 0, 0, 0, 0, 0), 'version_unknown'],
    ['a set longer than its datagram', v9([Uint8Array.of(1, 0, 0, 99, 0)]), 'set_bad'],
    ['a set shorter than its header', v9([Uint8Array.of(1, 0, 0, 3, 0)]), 'set_bad'],
    ['a template without bytes', v9([set(0, template(256, [[8, 0]]))]), 'template_bad'],
    ['a template below 256', v9([set(0, template(255, USUAL))]), 'template_bad'],
    ['a template cut off', v9([set(0, template(256, USUAL).slice(0, -2))]), 'template_bad'],
    ['an IPFIX length beyond the end', ipfix([]).with(3, 17), 'length_wrong'],
  ] as const)('%s', (_, bytes, fault) => {
    const { take, told, counters } = listen();
    take(bytes);
    expect(told).toEqual([]);
    expect(counters.faults[fault]).toBe(1);
    expect(counters).toMatchObject({ datagrams: 1, refused: 1 });
  });

  test('a kind that is not collected here', () => {
    const decoder = new ExportDecoder({ flow: () => {}, frame: () => true }, ['sflow']);
    const bytes = v5([v5Record(1)]);
    decoder.take(bytes, 0, bytes.length, 'x', RECEIVED);
    expect(decoder.counters.faults.kind_refused).toBe(1);
  });
});

test('a record is read into one object: nothing is made for it', () => {
  let records = 0;
  const decoder = new ExportDecoder({ flow: () => records++, frame: () => true });
  const many = Array.from({ length: 2000 }, (_, n) => usual(n & 255));
  const bytes = v9([set(256, ...many)]);
  const first = v9([TEMPLATE]);
  decoder.take(first, 0, first.length, 'x', RECEIVED);
  const read = (): void => {
    for (let n = 0; n < 50; n++) decoder.take(bytes, 0, bytes.length, 'x', RECEIVED);
  };
  // First so often that it is compiled.
  for (let n = 0; n < 5; n++) read();
  records = 0;
  let least = Number.POSITIVE_INFINITY;
  // Others make objects meanwhile, or they are collected: the quietest of several runs counts.
  for (let n = 0; n < 8; n++) {
    const before = process.memoryUsage().heapUsed;
    read();
    const grown = process.memoryUsage().heapUsed - before;
    if (grown >= 0) least = Math.min(least, grown);
  }
  expect(records).toBe(8 * 50 * 2000);
  // One number that is handed on takes 16 bytes; an object for a record would take hundreds.
  expect(least / (50 * 2000)).toBeLessThan(24);
});
