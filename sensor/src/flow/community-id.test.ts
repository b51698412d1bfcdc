// Community ID against vectors that the specification's authors published (corelight/community-id-spec, pycommunityid).
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NOON } from '../../../test/support/packets/capture.ts';
import {
  ethernet,
  icmp,
  icmp6,
  ip,
  other,
  type Segment,
  tcp,
  udp,
} from '../../../test/support/packets/frame.ts';
import { be16, octets } from '../../../test/support/packets/octets.ts';
import { sense } from '../../../test/support/sense.ts';

type Vector = readonly [protocol: number, src: string, dest: string, from: number, to: number, id: string];

function segment(protocol: number, from: number, to: number): Segment {
  if (protocol === 6) return tcp({ from, to, flags: 'A' });
  if (protocol === 17) return udp({ from, to });
  if (protocol === 1) return icmp(from, to);
  if (protocol === 58) return icmp6(from, to);
  if (protocol === 132) return other(132, octets(be16(from), be16(to), new Uint8Array(8)));
  return other(protocol, new Uint8Array(8));
}

const idOf = (protocol: number, src: string, dest: string, from: number, to: number): string =>
  sense([{ time: NOON, bytes: ethernet(ip({ src, dest }, segment(protocol, from, to))) }]).of('flow')[0]
    .community_id;

const KNOWN: readonly Vector[] = [
  [6, '128.232.110.120', '66.35.250.204', 34855, 80, '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
  [6, '66.35.250.204', '128.232.110.120', 80, 34855, '1:LQU9qZlK+B5F3KDmev6m5PMibrg='],
  [6, '127.0.0.1', '10.0.0.1', 1234, 80, '1:mgRgpIZSu0KHDp/QrtcWZpkJpMU='],
  [6, '10.0.0.1', '10.0.0.2', 10, 20, '1:9j2Dzwrw7T9E+IZi4b4IVT66HBI='],
  [
    6,
    '2001:470:e5bf:dead:4957:2174:e82c:4887',
    '2607:f8b0:400c:c03::1a',
    63943,
    25,
    '1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=',
  ],
  [17, '192.168.1.52', '8.8.8.8', 54585, 53, '1:d/FP5EW3wiY1vCndhwleRRKHowQ='],
  [17, '8.8.8.8', '192.168.1.52', 53, 54585, '1:d/FP5EW3wiY1vCndhwleRRKHowQ='],
  [132, '192.168.170.8', '192.168.170.56', 7, 7, '1:MP2EtRCAUIZvTw6MxJHLV7N7JDs='],
  [132, '192.168.170.56', '192.168.170.8', 80, 7, '1:jQgCxbku+pNGw8WPbEc/TS/uTpQ='],
  // Echo and its reply are one conversation.
  [1, '192.168.0.89', '192.168.0.1', 8, 0, '1:X0snYXpgwiv9TZtqg64sgzUn6Dk='],
  [1, '192.168.0.1', '192.168.0.89', 0, 8, '1:X0snYXpgwiv9TZtqg64sgzUn6Dk='],
  // One-way messages keep their direction.
  [1, '192.168.0.89', '192.168.0.1', 20, 0, '1:3o2RFccXzUgjl7zDpqmY7yJi8rI='],
  [1, '10.0.0.1', '10.0.0.2', 11, 0, '1:YHxtAirCG//0OzkcVAukqKQN9xM='],
  [58, 'fe80::200:86ff:fe05:80da', 'fe80::260:97ff:fe07:69ea', 135, 0, '1:dGHyGvjMfljg6Bppwm3bg0LO8TY='],
  [58, 'fe80::260:97ff:fe07:69ea', 'fe80::200:86ff:fe05:80da', 136, 0, '1:dGHyGvjMfljg6Bppwm3bg0LO8TY='],
  [58, '3ffe:507:0:1:200:86ff:fe05:80da', '3ffe:501:0:1001::2', 128, 0, '1:+TW+HtLHvV1xnGhV1lv7XoJrqQg='],
  [
    58,
    '3ffe:501:410:0:2c0:dfff:fe47:33e',
    '3ffe:507:0:1:200:86ff:fe05:80da',
    1,
    4,
    '1:hLZd0XGWojozrvxqE0dWB1iM6R0=',
  ],
  // Protocols without ports.
  [46, '10.1.12.1', '10.1.12.2', 0, 0, '1:KHlLkgoJW7ifUTyTSgyVfkFHzKw='],
  [46, '10.1.12.2', '10.1.12.1', 0, 0, '1:KHlLkgoJW7ifUTyTSgyVfkFHzKw='],
];

test.each(KNOWN)('protocol %i, %s to %s, %i to %i', (protocol, src, dest, from, to, id) => {
  expect(idOf(protocol, src, dest, from, to)).toBe(id);
});

const folder = new URL('../../../../shared/corpora/vectors/', import.meta.url);
const shared = existsSync(folder);

describe.skipIf(!shared)('vectors of the shared corpora', () => {
  test('the baseline of community-id-spec', () => {
    const rows: {
      proto: number;
      saddr: string;
      daddr: string;
      sport?: number;
      dport?: number;
      communityid: string;
    }[] = JSON.parse(readFileSync(new URL('community-id-spec-baseline_deflt.json', folder), 'utf8'));
    const wrong = rows.filter(
      (r) => idOf(r.proto, r.saddr, r.daddr, r.sport ?? 0, r.dport ?? 0) !== r.communityid,
    );
    expect(rows.length).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });

  test('the tuples of pycommunityid', () => {
    const { vectors } = JSON.parse(readFileSync(new URL('community-id-tuples.json', folder), 'utf8')) as {
      vectors: {
        proto: number;
        src: string;
        dst: string;
        sport?: number;
        dport?: number;
        community_id: string;
      }[];
    };
    for (const v of vectors)
      expect(idOf(v.proto, v.src, v.dst, v.sport ?? 0, v.dport ?? 0), JSON.stringify(v)).toBe(v.community_id);
  });
});

test('the text is of the flow, whichever packet of it came first', () => {
  const there = ethernet(ip({ src: '10.0.0.2', dest: '10.0.0.1' }, udp({ from: 5, to: 6 })));
  const back = ethernet(ip({ src: '10.0.0.1', dest: '10.0.0.2' }, udp({ from: 6, to: 5 })));
  const ids = [
    [there, back],
    [back, there],
  ].map((pair) => sense(pair.map((bytes) => ({ time: NOON, bytes }))).of('flow'));
  expect(ids[0]).toHaveLength(1);
  expect(ids[0][0].community_id).toBe(ids[1][0].community_id);
});
