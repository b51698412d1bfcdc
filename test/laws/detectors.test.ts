// Laws of every detector: it is registered, explains itself, tells what it must, stays silent where it must, and stays small.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Detector, Learnt, Watch } from '../../sensor/src/detectors/detector.ts';
import { detectors, settle, startDetectors } from '../../sensor/src/detectors/index.ts';
import { alertRecord } from '../../sensor/src/outputs/alert-record.ts';
import { Gate } from '../../sensor/src/outputs/gate.ts';
import { eventFields } from '../../sensor/src/protocols/index.ts';
import { decodeRecord, encodeRecord } from '../../sensor/src/wire/codec.ts';
import { at, event, flow, remember, rulesOf } from '../support/stage.ts';
import { CASE_RULES, cases } from './detectors.cases.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const FOLDER = join(import.meta.dirname, '../../sensor/src/detectors');
const all: readonly Detector[] = detectors;
const rules = rulesOf(CASE_RULES);
const defaults = settle({});

/** One detector, every hook there. */
function run(detector: Detector, before?: Learnt) {
  const { raised, sink } = remember();
  const watch = detector.start(defaults[detector.name], sink, rules, before);
  const none = () => {};
  const whole: Required<Watch> = {
    opened: (f) => watch.opened?.(f) ?? none(),
    answered: (f) => watch.answered?.(f) ?? none(),
    refused: (f) => watch.refused?.(f) ?? none(),
    event: (e) => watch.event?.(e) ?? none(),
    tick: (t) => watch.tick?.(t) ?? none(),
    relieve: () => watch.relieve?.() ?? none(),
  };
  return { raised, watch: whole, learning: 'learnt' in watch ? watch : undefined };
}

test('every file that defines a detector is in the list', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const named = files.flatMap((name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    return /^export const \w+: Detector = \{\n\s+name: '([^']+)'/m.exec(text)?.[1] ?? [];
  });
  expect(named.toSorted()).toEqual(all.map(({ name }) => name).toSorted());
});

describe.each(all.map((detector) => [detector.name, detector] as const))('%s', (name, detector) => {
  test('explains itself and each of its knobs', () => {
    expect(detector.about).toMatch(/^[A-Z].*\.$/);
    for (const knob of Object.values(detector.knobs)) {
      expect(knob.about.length).toBeGreaterThan(20);
      expect(knob.unit).not.toBe('');
      expect(Number.isFinite(knob.default)).toBe(true);
    }
    const head = readFileSync(join(FOLDER, `${name}.ts`), 'utf8').slice(0, 2_500);
    for (const part of ['What:', 'Why it matters:', 'Method:', 'False positives:', 'ATT&CK:'])
      expect(head).toContain(part);
  });

  test('each rule that it raises alerts as has a tactic and a technique of ATT&CK', () => {
    for (const { id, kind, tags } of detector.raises) {
      expect(id).toMatch(/^behaviour\.[a-z0-9-]+(\.[a-z0-9-]+)?$/);
      expect(kind).toBe('behaviour');
      expect(tags.some((tag) => /^attack\.t\d{4}(\.\d{3})?$/.test(tag))).toBe(true);
      expect(tags.some((tag) => /^attack\.[a-z-]+$/.test(tag))).toBe(true);
    }
  });

  const own = cases.filter((c) => c.detector === name);
  test('has a case that it tells and one on which it is silent', () => {
    expect(own.some(({ raises }) => raises.length > 0)).toBe(true);
    expect(own.some(({ raises }) => raises.length === 0)).toBe(true);
  });
  test.each(own.map((c) => [c.name, c] as const))('%s', (_, { play, raises }) => {
    const { raised, watch } = run(detector);
    play(watch);
    expect(raised.map(({ id }) => id)).toEqual(raises);
    for (const { finding } of raised) {
      if (finding.rule.kind === 'behaviour') expect(detector.raises).toContainEqual(finding.rule);
      expect(finding.reason.en).toMatch(/\.$/);
      expect(finding.reason.ja).toMatch(/。$/);
      expect(finding.matched.length).toBeGreaterThan(0);
    }
  });

  if (detector.learns !== undefined)
    test('goes on with what it had learnt, bounded and without a name', () => {
      for (const { play } of own) {
        const { watch, learning } = run(detector);
        play(watch);
        const learnt = learning?.learnt();
        const bytes = serialize(learnt);
        expect(bytes.length).toBeLessThan(4_000_000);
        expect(bytes.toString('latin1')).not.toMatch(/\d+\.\d+\.\d+\.\d+|example/);
        const { learning: next } = run(detector, deserialize(bytes));
        expect(next?.learnt()).toEqual(learnt);
      }
    });

  test('its alerts fit the wire, and name only fields that exist', () => {
    const gate = new Gate({ profile: 'strict' });
    for (const { play } of own) {
      const { watch, raised } = run(detector);
      play(watch);
      for (const { finding } of raised) {
        const about = event('flow', {}, at(0), flow());
        const record = alertRecord(finding, { ...about, fields: eventFields['flow'] }, gate);
        expect(decodeRecord(encodeRecord(record))).toMatchObject({ ok: true });
        const known = new Set(
          Object.values(eventFields).flatMap((list) => list.map((f) => f.name.replaceAll('[]', ''))),
        );
        for (const field of finding.matched) expect(known).toContain(field);
      }
    }
  });

  test('never throws, whatever a flow or an event holds', () => {
    const { watch } = run(detector);
    const number = fc.oneof(fc.constant(0), fc.nat(), fc.double({ noNaN: true, min: 0, max: 1e15 }));
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('', '.', '..', '::', 'a'.repeat(5_000), '\u0000', '10.0.0.1'),
    );
    const anyFlow = fc.record({
      src_ip: text,
      dest_ip: text,
      src_port: number,
      dest_port: fc.constantFrom(0, 22, 53, 443, 65_535),
      protocol: fc.constantFrom(1, 6, 17, 58, 255),
      payload_toserver: number,
      payload_toclient: number,
      start: number,
      last: number,
      icmp_type: fc.constantFrom(undefined, 0, 8, 128),
    });
    const type = fc.constantFrom('dns', 'tls', 'http', 'flow', 'anomaly');
    const values = fc.dictionary(
      fc.constantFrom(
        'dns.type',
        'dns.queries.rrname',
        'tls.sni',
        'http.hostname',
        'http.url',
        'dns.answers.rdata',
      ),
      fc.oneof(text, fc.array(fc.oneof(text, fc.constant(undefined)))),
    );
    fc.assert(
      fc.property(anyFlow, type, values, number, (given, kind, held, time) => {
        const about = flow(given);
        watch.opened(about);
        watch.event(event(kind, held, time, about));
        watch.answered(about);
        watch.refused(about);
        watch.tick(time);
      }),
      { numRuns: 300 },
    );
  });

  test('stays small under a flood of new sources, names and ports', () => {
    const { watch } = run(detector);
    const flood = (from: number, to: number) => {
      for (let i = from; i < to; i++) {
        const t = i / 1_000;
        const address = `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
        const about = flow({
          src_ip: address,
          dest_ip: `198.51.100.${i % 200}`,
          dest_port: i % 65_536,
          start: at(t),
          last: at(t),
          payload_toserver: 10,
          payload_toclient: 10,
        });
        watch.opened(about);
        if (i % 3 === 0) watch.refused(about);
        watch.event(event('tls', { 'tls.sni': `n${i}.example` }, at(t), about));
        watch.event(
          event(
            'dns',
            { 'dns.type': 'request', 'dns.queries.rrname': [`${'x'.repeat(40)}${i}.d${i}.example`] },
            at(t),
            about,
          ),
        );
        watch.event(event('flow', {}, at(t), about));
        if (i % 500 === 0) watch.tick(at(t));
      }
    };
    // What the first flood filled, the second one can only replace.
    const heap = () => {
      collect();
      return process.memoryUsage().heapUsed / 1e6;
    };
    flood(0, 30_000);
    const before = heap();
    flood(30_000, 60_000);
    expect(heap() - before).toBeLessThan(40);
  }, 60_000);
});

describe('knobs', () => {
  test.each([
    [{ 'port-scna': {} }, 'there is no detector "port-scna" (did you mean "port-scan"?)'],
    [{ 'port-scan': { port: 3 } }, 'detector "port-scan" has no knob "port" (did you mean "ports"?)'],
    [{ 'port-scan': { ports: -1 } }, 'port-scan.ports must be a number of 0 or more (distinct ports)'],
    [{ 'port-scan': { ports: Number.NaN } }, 'must be a number'],
  ])('%j is refused', (knobs, message) => expect(() => settle(knobs)).toThrow(message));
  test('a knob changes what is told', () => {
    const { raised, sink } = remember();
    const watch = startDetectors(rules, { 'port-scan': { ports: 3 } }, sink);
    for (let i = 0; i < 3; i++) {
      const about = flow({ dest_port: 1 + i, start: at(i), last: at(i) });
      watch.opened(about);
      watch.refused(about);
    }
    expect(raised.map(({ id }) => id)).toEqual(['behaviour.port-scan.vertical']);
  });
});
