// A made-up federation: four bodies and the sensors they run, some of which do not see.
import type { Health } from 'yagura-sensor/wire';

export const iso = (ms: number): string => `${new Date(ms).toISOString().slice(0, -1)}000Z`;

export const BODIES = [
  {
    id: 'sakura',
    name: { en: 'City of Sakura', ja: '桜見本市' },
    kind: 'municipality',
    prefixes: ['10.20.0.0/16', '2001:db8:20::/48'],
  },
  {
    id: 'mizu',
    name: { en: 'Mizuho Water Works', ja: '瑞穂水道事業団' },
    kind: 'critical-infrastructure',
    prefixes: ['10.31.0.0/16'],
  },
  {
    id: 'kensetsu',
    name: { en: 'Ministry of Samples, Regional Bureau', ja: '見本省 地方整備局' },
    kind: 'ministry',
    prefixes: ['10.40.0.0/14', '192.0.2.0/24'],
  },
  {
    id: 'daigaku',
    name: { en: 'Mihon University Hospital', ja: '見本大学病院' },
    kind: 'hospital',
    prefixes: ['10.52.0.0/16'],
  },
] as const;

const health = (packets: number, dropped: number, spool: number): Health => ({
  time: iso(Date.now()),
  version: '0.1.0',
  packets,
  bytes: packets * 611,
  dropped_kernel: dropped,
  dropped_decoder: 12,
  flows_active: 1_200 + (packets % 9_000),
  rules: 148,
  spool_bytes: spool * 900,
  spool_records: spool,
  spool_shed: 0,
});

export function sensors(now: number) {
  const day = 86_400_000;
  const list = [
    {
      body: 0,
      name: 'sakura-1',
      status: 'live',
      ago: 3_000,
      health: health(184_220_311, 0, 0),
      drops: 0,
      blind: [],
      days: 81,
      skew: 0.1,
      refused: {},
    },
    {
      body: 0,
      name: 'sakura-2',
      status: 'live',
      ago: 6_000,
      health: health(90_112_054, 31_220, 14),
      drops: 0.000346,
      blind: [{ from: iso(now - 5_400_000), until: iso(now - 5_340_000), reason: 'dropped', count: 31_220 }],
      days: 81,
      skew: 0.2,
      refused: {},
    },
    {
      body: 1,
      name: 'mizu-edge',
      status: 'silent',
      ago: 47 * 60_000,
      health: health(8_220_004, 0, 0),
      drops: 0,
      blind: [
        { from: iso(now - 47 * 60_000), until: iso(now), reason: 'silent', count: 0 },
        { from: iso(now - 3 * day), until: iso(now - 3 * day + 720_000), reason: 'restart', count: 0 },
      ],
      days: 9,
      skew: 4.3,
      refused: { outside_scope: 18 },
    },
    {
      body: 2,
      name: 'bureau-tokyo',
      status: 'live',
      ago: 1_500,
      health: health(2_406_554_912, 0, 0),
      drops: 0,
      blind: [],
      days: 203,
      skew: 0,
      refused: {},
    },
    {
      body: 3,
      name: 'hospital-core',
      status: 'live',
      ago: 4_200,
      health: health(611_300_870, 0, 220),
      drops: 0,
      blind: [],
      days: 44,
      skew: -0.3,
      refused: { malformed: 2 },
    },
    {
      body: 3,
      name: 'hospital-lab',
      status: 'never',
      ago: null,
      health: null,
      drops: null,
      blind: [],
      days: 89,
      skew: null,
      refused: {},
    },
  ] as const;
  return list.map((one) => {
    const { id, name } = BODIES[one.body];
    return {
      id: `yagura://${id}/${one.name}`,
      name: one.name,
      body: { id, name },
      status: one.status,
      last_seen: one.ago === null ? null : iso(now - one.ago),
      health: one.health,
      drops_ratio: one.drops,
      blind: one.blind,
      certificate_until: iso(now + one.days * day),
      clock_skew_s: one.skew,
      refused: one.refused,
    };
  });
}
