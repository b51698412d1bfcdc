// On what alerts and buckets rest: of the last minute, of the bucket's own span, and nothing counted twice or left out.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Frame, NOON } from '../../../test/support/packets/capture.ts';
import { ethernet, ip, udp } from '../../../test/support/packets/frame.ts';
import { batchOf, newSensor } from '../../../test/support/sense.ts';
import type { AlertSink } from '../detectors/detector.ts';
import type { Alert } from '../wire/alert.ts';
import type { WireRecord } from '../wire/batch.ts';
import { type Coverage, seenShare } from '../wire/coverage.ts';
import type { Series } from '../wire/series.ts';

const good = (second: number, from = 1000): Frame => ({
  time: NOON + second * 1e6,
  bytes: ethernet(ip({ src: '10.1.0.7', dest: '192.0.2.1' }, udp({ from, to: 9999 }, [1]))),
});
/** Its header ends in the middle. */
const broken = (second: number): Frame => ({
  time: NOON + second * 1e6,
  bytes: good(0).bytes.slice(0, 20),
  wire: 60,
});

function stand() {
  const records: WireRecord[] = [];
  let sink: AlertSink | undefined;
  const { sensor } = newSensor({
    maxFlows: 4096,
    scope: { look: [], never: ['203.0.113.0/24'] },
    record: (record) => records.push(record),
    detect(its) {
      sink = its;
      // One alert with every new flow.
      return {
        opened: (flow) =>
          sink?.raise(
            {
              rule: { id: 'x', name: 'x', kind: 'behaviour', severity: 'low', confidence: 1, tags: [] },
              reason: { en: 'x', ja: 'x' },
              matched: [],
            },
            flow,
          ),
      };
    },
  });
  const of = <K extends WireRecord['kind']>(kind: K) =>
    records.filter((record): record is Extract<WireRecord, { kind: K }> => record.kind === kind);
  return {
    sensor,
    take: (...frames: Frame[]) => sensor.frames(batchOf(frames)),
    alerts: (): Alert[] => of('alert'),
    series: (): Series[] => of('series'),
  };
}
const NONE: Coverage = { seen: 0, dropped_kernel: 0, dropped_decoder: 0, shed: 0, sampled: 0 };

test('an alert rests on what came up to it, its own packet too', () => {
  const { take, alerts } = stand();
  take(good(0), broken(0.1), good(0.2, 2000), good(0.3, 2000));
  expect(alerts().map(({ coverage }) => coverage)).toEqual([
    { ...NONE, seen: 1 },
    { ...NONE, seen: 2, dropped_decoder: 1 },
  ]);
});

test('a minute later what was before is of no more weight', () => {
  const { sensor, take, alerts } = stand();
  take(...Array.from({ length: 10 }, (_, i) => good(i / 100)));
  sensor.lost = 90;
  take(good(30, 2000));
  expect(alerts().at(-1)?.coverage).toEqual({ ...NONE, seen: 11, dropped_kernel: 90 });
  take(good(60, 3000));
  expect(alerts().at(-1)?.coverage).toEqual({ ...NONE, seen: 12, dropped_kernel: 90 });
  for (let second = 61; second < 120; second++) take(good(second));
  take(good(120, 4000));
  expect(alerts().at(-1)?.coverage).toEqual({ ...NONE, seen: 61 });
});

test('a bucket tells of its own span; one of which nothing was seen tells so', () => {
  const { sensor, take, series } = stand();
  take(good(1), good(2), broken(3));
  sensor.lost = 7;
  take(good(11));
  sensor.lost = 30;
  sensor.advance(NOON + 25e6);
  sensor.lost = 31;
  sensor.advance(NOON + 35e6);
  sensor.advance(NOON + 45e6);
  sensor.finish();
  expect(series().map(({ packets, coverage }) => [packets, coverage])).toEqual([
    [3, { ...NONE, seen: 2, dropped_decoder: 1, dropped_kernel: 7 }],
    [1, { ...NONE, seen: 1, dropped_kernel: 23 }],
    [0, { ...NONE, dropped_kernel: 1 }],
    // The flow's end.
    [0, NONE],
  ]);
});

test('what may not be looked at is not missed, and what was given up is', () => {
  const { sensor, take, series } = stand();
  const hidden = {
    time: NOON,
    bytes: ethernet(ip({ src: '10.1.0.7', dest: '203.0.113.1' }, udp({ from: 1, to: 2 }))),
  };
  take(good(0), hidden, hidden);
  sensor.overload.feel('test', 0.65, 0);
  take(good(1, 5000), good(1, 5001), good(2));
  sensor.finish();
  expect(series().map(({ packets, coverage }) => [packets, coverage])).toEqual([
    [6, { ...NONE, seen: 2, shed: 2 }],
  ]);
});

test('over all buckets the counts are those of the sensor, whatever the batches', () => {
  const step = fc.record({ seconds: fc.constantFrom(0, 0.5, 3, 11, 70), kind: fc.nat(3), lost: fc.nat(5) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { sensor, take, series } = stand();
      let second = 0;
      let frames = 0;
      for (const { seconds, kind, lost } of steps) {
        second += seconds;
        sensor.lost += lost;
        const batch = kind === 0 ? [broken(second)] : Array.from({ length: kind }, () => good(second));
        frames += batch.length;
        take(...batch);
      }
      sensor.finish();
      const sum = (name: keyof Coverage): number =>
        series().reduce((all, { coverage }) => all + (coverage?.[name] ?? 0), 0);
      expect(sum('seen') + sum('dropped_decoder') + sum('shed')).toBe(frames);
      expect(sum('dropped_kernel')).toBe(steps.length === 0 ? 0 : sensor.lost);
    }),
    { numRuns: 100 },
  );
});

test.each<[Partial<Coverage>, number | undefined]>([
  [{}, undefined],
  [{ seen: 5 }, 1],
  [{ seen: 3, dropped_kernel: 1 }, 0.75],
  [{ dropped_kernel: 1 }, 0],
  [{ seen: 10, sampled: 10 }, 1],
])('%j: %s of it was seen', (coverage, share) => {
  expect(seenShare({ ...NONE, ...coverage })).toBe(share);
});
