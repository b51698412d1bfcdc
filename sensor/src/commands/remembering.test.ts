// A baseline outlives the program: what was learnt before a restart, and before knobs changed, is not new afterwards.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { at, flow, remember, rulesOf } from '../../../test/support/stage.ts';
import { type Knobs, type Started, startDetectors } from '../detectors/index.ts';
import { Remembering } from './remembering.ts';

const root = mkdtempSync(join(tmpdir(), 'yagura-remembering-'));
afterAll(() => rmSync(root, { recursive: true }));
const DAY = 86_400;
const RULES = rulesOf({});

const opens = (detectors: Started, t: number, dest_ip: string): void =>
  detectors.answered(flow({ src_ip: '10.1.0.30', dest_ip, dest_port: 445, start: at(t), last: at(t) }));

function begin(state: string | undefined, knobs: Knobs = {}, before?: Started) {
  const lines: string[] = [];
  const remembering = new Remembering(state, (line) => lines.push(line));
  const { raised, sink } = remember();
  const detectors = startDetectors(RULES, knobs, sink, before, remembering.memory);
  return { lines, remembering, raised, detectors };
}

/** Eight days in which one host uses another by SMB. */
function learn(detectors: Started): void {
  opens(detectors, 0, '10.1.0.31');
  for (let t = 0; t <= 8 * DAY; t += 600) detectors.tick(at(t));
}

test('after a restart the known is known, and the new is told', async () => {
  const state = join(root, 'restart');
  const first = begin(state);
  learn(first.detectors);
  await first.remembering.end(first.detectors);
  expect(readdirSync(join(state, 'learnt'))).toContain('lateral-movement');

  const second = begin(state);
  opens(second.detectors, 9 * DAY, '10.1.0.31');
  expect(second.raised).toEqual([]);
  opens(second.detectors, 9 * DAY, '10.1.0.32');
  expect(second.raised.map(({ id }) => id)).toEqual(['behaviour.lateral-movement.edge']);

  const without = begin(undefined);
  opens(without.detectors, 9 * DAY, '10.1.0.32');
  await without.remembering.end(without.detectors);
  expect([...without.raised, ...first.lines, ...second.lines, ...without.lines]).toEqual([]);
});

test('a knob that changes does not cost what was learnt', () => {
  const first = begin(undefined);
  learn(first.detectors);
  const second = begin(undefined, { 'lateral-movement': { hosts: 2 } }, first.detectors);
  opens(second.detectors, 9 * DAY, '10.1.0.31');
  opens(second.detectors, 9 * DAY, '10.1.0.32');
  expect(second.raised.map(({ id }) => id)).toEqual(['behaviour.lateral-movement.edge']);
});

test('it is written every five minutes, and a disk that takes nothing is said once', async () => {
  const state = join(root, 'every');
  const { remembering, detectors, lines } = begin(state);
  remembering.tick(1_000, detectors);
  remembering.tick(300_999, detectors);
  await sleep(20);
  expect(() => readdirSync(join(state, 'learnt'))).toThrow();
  remembering.tick(301_000, detectors);
  await expect.poll(() => readdirSync(join(state, 'learnt')).length).toBeGreaterThan(3);

  const file = join(root, 'file');
  writeFileSync(file, '');
  const broken = begin(file);
  await broken.remembering.end(broken.detectors);
  await broken.remembering.end(broken.detectors);
  expect(broken.lines).toEqual([expect.stringMatching(/^what detectors have learnt is not kept: E/)]);
  expect(lines).toEqual([]);
});
