// How alerts join a group, when a closed group opens anew, and how soon a person should look.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SEVERITIES } from 'yagura-sensor/wire';
import { anAlert } from '../../../test/support/sensor.ts';
import { fromRfc3339 } from '../time.ts';
import type { KeptAlert } from './alert.ts';
import { fingerprintKey } from './fingerprint.ts';
import { join, PORTS_KEPT } from './group.ts';
import { priority } from './priority.ts';

function kept(
  n: number,
  more: Partial<Parameters<typeof anAlert>[0]> = {},
  sensor = 'yagura://city/a',
): KeptAlert {
  const alert = anAlert(more, n);
  const received = '2026-04-01T11:00:00.000000Z';
  return {
    alert: { id: String(n), group: 'g', body: 'city', sensor, received, direction: 'outbound', ...alert },
    time: fromRfc3339(alert.time),
    received: fromRfc3339(received) + n,
  };
}
const rule = (severity: (typeof SEVERITIES)[number]) => ({ ...anAlert().rule, severity });

describe('joining', () => {
  test('counts, first and last seen do not depend on the order', () => {
    const group = join(join(undefined, [kept(5)]), [kept(9), kept(1)]);
    expect(group.count).toBe(3);
    expect(group.first_seen).toBe(kept(1).time);
    expect(group.last_seen).toBe(kept(9).time);
    expect(group.version).toBe(2);
  });

  test('the highest severity stays', () => {
    const group = join(join(undefined, [kept(1, { rule: rule('critical') })]), [
      kept(2, { rule: rule('low') }),
    ]);
    expect(group.severity).toBe('critical');
    expect(group.rule.severity).toBe('low');
  });

  test('it rests on the least that any of its alerts rested on, whatever the order', () => {
    const all = { seen: 100, dropped_kernel: 0, dropped_decoder: 0, shed: 0, sampled: 0 };
    const none = { ...all, seen: 0 };
    const some = { ...all, seen: 99, shed: 1 };
    const sampled = { ...all, sampled: 50 };
    const of = (...coverages: (typeof all | undefined)[]) =>
      coverages.reduce<ReturnType<typeof join> | undefined>(
        (group, coverage, n) => join(group, [kept(n, coverage === undefined ? {} : { coverage })]),
        undefined,
      )?.coverage;
    expect(of(undefined)).toBeNull();
    expect([of(undefined, all), of(all, undefined)]).toEqual([all, all]);
    expect([of(all, some), of(some, all), of(some, sampled)]).toEqual([some, some, some]);
    expect([of(all, sampled), of(sampled, all), of(none, sampled)]).toEqual([sampled, sampled, sampled]);
  });

  test('what the rule says comes from the newest alert, not from the last to arrive', () => {
    const newest = { ...anAlert().rule, name: 'Newest' };
    const group = join(join(undefined, [kept(9, { rule: newest })]), [kept(1)]);
    expect(group.rule.name).toBe('Newest');
  });

  test('sensors and ports are remembered once each, and within bounds', () => {
    const scan = Array.from({ length: 500 }, (_, i) => kept(1, { dest_port: i }));
    const group = join(join(undefined, [kept(1), kept(2)]), [...scan, kept(3, {}, 'yagura://city/b')]);
    expect(group.dest_ports).toHaveLength(PORTS_KEPT);
    expect(group.sensors).toEqual(['yagura://city/a', 'yagura://city/b']);
  });

  test.each([
    ['new', 'new'],
    ['in_progress', 'in_progress'],
    ['resolved', 'new'],
    ['archived', 'new'],
  ] as const)('a group that is %s becomes %s when it is hit again', (before, after) => {
    expect(join({ ...join(undefined, [kept(1)]), state: before }, [kept(2)]).state).toBe(after);
  });
});

describe('fingerprint', () => {
  test('no two lists of fields read alike', () => {
    const shifted = fingerprintKey('ab', anAlert({ rule: { ...rule('low'), id: 'c' } }));
    expect(fingerprintKey('a', anAlert({ rule: { ...rule('low'), id: 'bc' } }))).not.toBe(shifted);
  });

  test('time, ports and evidence do not matter; addresses and rule do', () => {
    const key = (more = {}, n = 0) => fingerprintKey('city', anAlert(more, n));
    expect(key({ src_port: 1, dest_port: 2, evidence: {} }, 7)).toBe(key());
    expect(key({ src_ip: '10.1.2.4' })).not.toBe(key());
    expect(key({ dest_ip: '10.1.2.4' })).not.toBe(key());
    expect(key({ rule: { ...rule('low'), id: 'other' } })).not.toBe(key());
  });
});

describe('priority', () => {
  const facts = fc.record({
    severity: fc.constantFrom(...SEVERITIES),
    confidence: fc.integer({ min: 0, max: 100 }),
    count: fc.integer({ min: 1, max: 1e9 }),
    sensors: fc.integer({ min: 1, max: 64 }),
    ports: fc.integer({ min: 0, max: 64 }),
  });

  test('lies between 0 and 100 and never falls when anything rises', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom('confidence', 'count', 'sensors', 'ports'), (f, name) => {
        const value = priority(f);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(100);
        expect(priority({ ...f, [name]: f[name] + 1 })).toBeGreaterThanOrEqual(value);
      }),
    );
  });

  test('a more severe group of middling size outranks any lesser one', () => {
    fc.assert(
      fc.property(facts, (f) => {
        const rank = SEVERITIES.indexOf(f.severity);
        if (rank === 0) return;
        const lesser = {
          severity: SEVERITIES[rank - 1],
          confidence: 100,
          count: 1e9,
          sensors: 64,
          ports: 64,
        };
        expect(priority({ ...f, confidence: 60, count: 100 })).toBeGreaterThanOrEqual(priority(lesser));
      }),
    );
  });
});
