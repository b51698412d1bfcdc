// Messages of IPFIX: fields of any length, times in all forms, both directions, what is taken back.
import { describe, expect, test } from 'vitest';
import { listen, RECEIVED } from '../../../../test/support/exporting.ts';
import {
  be,
  ipfix,
  ipfixOptions,
  SENT,
  set,
  template,
  USUAL,
  usual,
} from '../../../../test/support/packets/exports.ts';
import { ExportedFlowView } from '../../flow/exported.ts';
import { ExportDecoder } from './decoder.ts';
import { SLOT } from './record.ts';

const IPFIX_TEMPLATE = set(2, template(256, USUAL));

describe('IPFIX', () => {
  test('fields of variable length and of enterprises are passed over', () => {
    const { take, told } = listen();
    const fields = [
      [82, 65_535],
      ...USUAL.slice(0, 4),
      [5, 65_535, 9],
      [12_235, 4, 9],
      ...USUAL.slice(4),
    ] as const;
    const one = (n: number, name: number[]) => [
      ...name,
      ...usual(n).slice(0, 12),
      ...[255, ...be(300, 2), ...new Array<number>(300).fill(0x41)],
      ...be(0xdead, 4),
      ...usual(n).slice(12),
    ];
    take(ipfix([set(2, template(256, fields)), set(256, one(1, [3, 1, 2, 3]), one(2, [0]))]));
    expect(told).toMatchObject([
      { src: '10.0.0.1', ports: '40001-443', packets: 10 },
      { src: '10.0.0.2', ports: '40002-443', bytes: 1500 },
    ]);
  });

  test.each([
    ['seconds', 150, 4, be(SENT - 3, 4), -3],
    ['milliseconds', 152, 8, be(SENT * 1000 - 1234, 8), -1.234],
    ['microseconds', 154, 8, [...be(SENT + 2_208_988_800 - 1, 4), ...be(2 ** 31, 4)], -0.5],
    ['nanoseconds', 156, 8, [...be(SENT + 2_208_988_800 - 1, 4), ...be(2 ** 30, 4)], -0.75],
    ['microseconds before the export', 158, 4, be(250_000, 4), -0.25],
  ] as const)('a start in %s', (_, id, length, value, start) => {
    const { take, told } = listen();
    take(ipfix([set(2, template(256, [...USUAL, [id, length]])), set(256, usual(1), value)]));
    expect(told).toMatchObject([{ start }]);
  });

  test('a duration, and an uptime from a start that options tell', () => {
    const { take, told } = listen();
    take(ipfix([set(2, template(256, [...USUAL, [152, 8], [161, 4]]))]));
    take(ipfix([set(256, usual(1), be(SENT * 1000 - 9000, 8), be(2500, 4))]));
    expect(told[0]).toMatchObject({ start: -9, end: -6.5 });
    take(
      ipfix(
        [set(3, ipfixOptions(257, [[144, 4]], [[160, 8]])), set(257, be(1, 4), be((SENT - 100) * 1000, 8))],
        { sequence: 1 },
      ),
    );
    take(
      ipfix(
        [
          set(2, template(258, [...USUAL, [22, 4], [21, 4]])),
          set(258, usual(2), be(40_000, 4), be(50_000, 4)),
        ],
        { sequence: 2 },
      ),
    );
    expect(told[1]).toMatchObject({ start: -60, end: -50 });
  });

  test('both directions in one record (RFC 5103, and as Cisco says it)', () => {
    const { take, told } = listen();
    const fields = [...USUAL, [1, 4, 29_305], [2, 4, 29_305]] as const;
    take(ipfix([set(2, template(256, fields)), set(256, usual(1), be(9000, 4), be(20, 4))]));
    const cisco = [...USUAL.slice(0, 5), [231, 4], [232, 4], [298, 4], [299, 4]] as const;
    take(
      ipfix(
        [
          set(2, template(257, cisco)),
          set(257, usual(2).slice(0, 13), ...[100, 200, 1, 2].map((n) => be(n, 4))),
        ],
        {
          sequence: 1,
        },
      ),
    );
    expect(told).toMatchObject([
      { packets: 10, bytes: 1500, back: '20/9000' },
      { packets: 1, bytes: 100, back: '2/200' },
    ]);
  });

  test('a template is taken back, one alone and all of them', () => {
    const { take, told, counters } = listen();
    take(ipfix([set(2, template(256, USUAL), template(257, USUAL), template(258, USUAL))]));
    take(ipfix([set(2, [...be(256, 2), 0, 0])]));
    take(ipfix([set(256, usual(1))]));
    expect(told).toEqual([]);
    take(ipfix([set(257, usual(2))]));
    expect(told).toHaveLength(1);
    take(ipfix([set(2, [...be(2, 2), 0, 0])], { sequence: 1 }));
    expect(counters.withdrawn).toBe(3);
  });

  test('records are numbered, and those that could not be counted make no gap', () => {
    const { take, counters } = listen();
    take(ipfix([IPFIX_TEMPLATE, set(256, usual(1), usual(2))], { sequence: 10 }));
    take(ipfix([set(256, usual(3))], { sequence: 12 }));
    take(ipfix([set(256, usual(4))], { sequence: 20 }));
    expect(counters).toMatchObject({ gaps: 1, lost: 7 });
    take(ipfix([set(999, usual(5), usual(6))], { sequence: 21 }));
    take(ipfix([set(256, usual(7))], { sequence: 23 }));
    expect(counters).toMatchObject({ gaps: 1, lost: 7 });
  });

  test('a rate as RFC 5477 has it: one of so many, so many left out', () => {
    const { take, told } = listen();
    take(
      ipfix([
        set(
          3,
          ipfixOptions(
            300,
            [[302, 4]],
            [
              [304, 2],
              [305, 4],
              [306, 4],
            ],
          ),
        ),
      ]),
    );
    take(ipfix([set(300, be(9, 4), be(1, 2), be(1, 4), be(99, 4))]));
    take(ipfix([set(2, template(301, [...USUAL, [302, 4]])), set(301, usual(1), be(9, 4))], { sequence: 1 }));
    expect(told).toMatchObject([{ packets: 1000, sampling: 100 }]);
  });

  test('VLANs, hardware addresses and the reason of the end', () => {
    const seen: unknown[] = [];
    const decoder = new ExportDecoder({
      flow: (r) => {
        const view = new ExportedFlowView().of(r);
        seen.push(view.vlan, r.value(SLOT.sourceMac)?.toString(16), view.reason, view.community_id);
      },
      frame: () => true,
    });
    const fields = [...USUAL, [243, 2], [245, 2], [56, 6], [136, 1]] as const;
    const bytes = ipfix([
      set(2, template(256, fields)),
      set(256, usual(1), be(100, 2), be(200, 2), [2, 0, 0, 0, 0, 7], [1]),
    ]);
    decoder.take(bytes, 0, bytes.length, '', RECEIVED);
    expect(seen).toEqual([[100, 200], '20000000007', 'timeout', expect.stringMatching(/^1:.{28}$/)]);
  });
});
