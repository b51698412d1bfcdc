// However many workers share a capture, the detecting thread says what one thread alone says: the same alerts in the same
// order with the same evidence, and the same counts for each span of time. Workers run one after the other here.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CrewSight } from '../sensor/src/crew/crew-sight.ts';
import { Detection } from '../sensor/src/crew/detection.ts';
import { Inlet } from '../sensor/src/crew/inlet.ts';
import { Merge } from '../sensor/src/crew/merge.ts';
import { Bell, newBell } from '../sensor/src/crew/outlet.ts';
import { readCaptures } from '../sensor/src/crew/read-captures.ts';
import { newRing } from '../sensor/src/crew/ring.ts';
import { SeriesSum } from '../sensor/src/crew/series-sum.ts';
import { newSignals } from '../sensor/src/crew/signals.ts';
import { type Member, Workplace } from '../sensor/src/crew/work.ts';
import { startDetectors } from '../sensor/src/detectors/index.ts';
import { protocols } from '../sensor/src/protocols/index.ts';
import { loadRules } from '../sensor/src/rules/index.ts';
import { Sensor } from '../sensor/src/sensor.ts';
import { openCapture } from '../sensor/src/sources/index.ts';
import type { WireRecord } from '../sensor/src/wire/batch.ts';

const ROOT = join(import.meta.dirname, '..');
const CAPTURES = join(ROOT, 'test/captures');
const RULES = [join(ROOT, 'rules')];
const shares = {
  flows: 65_536,
  parsers: 4096,
  bufferBytes: 1 << 24,
  fragmentBytes: 1 << 22,
  heapBytes: 1 << 30,
};
/** Everything of a recording waits in it: nobody reads meanwhile. */
const WHOLE_CAPTURE = 1 << 26;
const rules = loadRules(RULES);
const workerRules = Array.from({ length: 3 }, () => loadRules(RULES));

function post(rests?: CrewSight) {
  const records: WireRecord[] = [];
  const keep = {
    name: 'keep',
    record: (record: WireRecord) => void records.push(record),
    close: async () => {},
  };
  let started!: ReturnType<typeof startDetectors>;
  const sensor = new Sensor({
    protocols,
    detect: (sink) => (started = startDetectors(rules, {}, sink)),
    outputs: [keep],
    profile: 'strict',
    shares,
    ...(rests !== undefined && { rests }),
  });
  return { records, sensor, detectors: started };
}

async function alone(paths: readonly string[]): Promise<WireRecord[]> {
  const { records, sensor } = post();
  for (const path of paths) for await (const batch of openCapture(path).batches()) sensor.frames(batch);
  sensor.finish();
  return records;
}

async function together(paths: readonly string[], workers: number): Promise<WireRecord[]> {
  const sight = new CrewSight(true);
  const { records, sensor, detectors } = post(sight);
  const bell = newBell();
  const signals = newSignals(workers);
  const inlets: Inlet[] = [];
  for (let number = 0; number < workers; number++) {
    const ring = newRing(WHOLE_CAPTURE);
    inlets.push(new Inlet(ring, number + 1));
    const captures = paths.map((path) => ({ path, shift: 0 }));
    const member: Member = {
      ...{ workers, number, firstFlow: number + 1, shares, ring, bell, signals },
      turnstile: new SharedArrayBuffer(4),
      ...{ gate: { profile: 'strict' }, scope: undefined, events: undefined, format: 'eve', rules: RULES },
      from: { captures },
    };
    const { said, shed } = await readCaptures(new Workplace(member, false, workerRules[number]), captures);
    expect(said).toEqual([]);
    expect(shed).toEqual({ lookedAt: 0, matched: 0 });
  }
  const series = new SeriesSum((record) => records.push(record));
  const crew = { merge: new Merge(inlets, Number.POSITIVE_INFINITY), bell: new Bell(bell) };
  await new Detection({ crew, detectors, sensor, series, sight }).run();
  series.flush();
  return records;
}

const names = readdirSync(CAPTURES)
  .filter((name) => name.endsWith('.pcap.zst'))
  .map((name) => name.replace('.pcap.zst', ''));
const pathOf = (name: string): string => join(CAPTURES, `${name}.pcap.zst`);

test.each(names)(
  '%s',
  async (name) => {
    const one = await alone([pathOf(name)]);
    expect(one.length).toBeGreaterThan(0);
    for (const workers of [1, 2, 3]) expect(await together([pathOf(name)], workers)).toEqual(one);
  },
  120_000,
);

test('recordings whose times go back, one behind the other', async () => {
  const paths = ['indicator-hits', 'nmap-sweep', 'dns-tunnel', 'nmap-syn', 'indicator-hits'].map(pathOf);
  const one = await alone(paths);
  expect(one.filter(({ kind }) => kind === 'alert').length).toBeGreaterThan(20);
  expect(await together(paths, 3)).toEqual(one);
}, 120_000);
