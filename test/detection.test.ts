// Every attack recording raises the alerts it should, by name; every benign recording raises none. Printed as a table.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startDetectors } from '../sensor/src/detectors/index.ts';
import { protocols } from '../sensor/src/protocols/index.ts';
import { loadRules } from '../sensor/src/rules/index.ts';
import { Sensor } from '../sensor/src/sensor.ts';
import { openCapture } from '../sensor/src/sources/index.ts';
import type { Alert } from '../sensor/src/wire/alert.ts';

const ROOT = join(import.meta.dirname, '..');
const CAPTURES = join(ROOT, 'test/captures');
const rules = loadRules(join(ROOT, 'rules'));

/** What no rule file can say: the alerts of built-in behaviours and of the example indicators. */
const BEHAVIOURS: Readonly<Record<string, readonly string[]>> = {
  'nmap-syn': ['Port scan: many ports of one host'],
  'nmap-connect': ['Port scan: many ports of one host'],
  'nmap-udp': ['Port scan: many ports of one host'],
  'nmap-version': ['Port scan: many ports of one host'],
  'nmap-sweep': ['Port scan: one port of many hosts'],
  'ssh-bruteforce': ['Password guessing: many alike connections to a log-in service'],
  'dns-tunnel': ['DNS tunnel: many long names below one domain'],
  'tls-beacon': ['Beacon: even calls to one place outside'],
  'bulk-upload': ['Upload: large volume to one place outside'],
  'indicator-hits': [
    'Example dropper: cdn.update-check.example',
    'Example phishing kit: mail-verify.example',
    'Example threat: 203.0.113.66',
  ],
};

const claims = [...rules.rules, ...rules.correlations].map(({ identity, captures }) => ({
  name: identity.name,
  ...captures,
}));
const expected = (capture: string): string[] => [
  ...(BEHAVIOURS[capture] ?? []),
  ...claims.filter(({ fires }) => fires.includes(capture)).map(({ name }) => name),
];

interface Note {
  readonly kind: 'attack' | 'benign';
  readonly attacker?: readonly string[];
  readonly victims?: readonly string[];
}

const captures = readdirSync(CAPTURES)
  .filter((name) => name.endsWith('.pcap.zst'))
  .map((name) => name.replace('.pcap.zst', ''));
const noteOf = (capture: string): Note => parse(readFileSync(join(CAPTURES, `${capture}.yaml`), 'utf8'));

async function alertsOf(capture: string): Promise<Alert[]> {
  const alerts: Alert[] = [];
  const keep = {
    name: 'keep',
    record: (record: { kind: string }) => void (record.kind === 'alert' && alerts.push(record as Alert)),
    close: async () => {},
  };
  const detect = (sink: Parameters<typeof startDetectors>[2]) => startDetectors(rules, {}, sink);
  const sensor = new Sensor({
    protocols,
    detect,
    outputs: [keep],
    profile: 'strict',
    shares: { flows: 65_536, parsers: 4096, bufferBytes: 1 << 24 },
  });
  for await (const batch of openCapture(join(CAPTURES, `${capture}.pcap.zst`)).batches())
    sensor.frames(batch);
  sensor.finish();
  return alerts;
}

const table: string[] = [];
const raised = new Map<string, Set<string>>();
afterAll(() => console.log(['', ...table].join('\n')));

test('every rule loads', () => {
  expect(rules.problems.map(String)).toEqual([]);
  expect(rules.rules.length + rules.correlations.length).toBeGreaterThanOrEqual(240);
});

describe('recordings', () => {
  test.each(captures)('%s', async (capture) => {
    const note = noteOf(capture);
    const alerts = await alertsOf(capture);
    const counts = new Map<string, number>();
    for (const { rule } of alerts) counts.set(rule.name, (counts.get(rule.name) ?? 0) + 1);
    raised.set(capture, new Set(counts.keys()));
    const wanted = expected(capture);
    const missing = wanted.filter((name) => !counts.has(name));
    table.push(
      `${note.kind.padEnd(7)} ${capture.padEnd(20)} ${alerts.length} alerts${missing.length > 0 ? ', MISSING ' + missing.join('; ') : ''}`,
    );
    for (const [name, count] of counts) table.push(`${' '.repeat(29)}${String(count).padStart(3)} × ${name}`);
    expect(missing).toEqual([]);
    if (note.kind === 'benign') expect([...counts.keys()]).toEqual([]);
    else expect(wanted.length).toBeGreaterThan(0);
    // One attack is a few alerts, whatever its number of packets.
    expect(Math.max(0, ...counts.values())).toBeLessThanOrEqual(16);
    const involved = new Set([...(note.attacker ?? []), ...(note.victims ?? [])]);
    for (const name of wanted) {
      const told = alerts.filter(({ rule }) => rule.name === name);
      expect(told.some(({ src_ip, dest_ip }) => involved.has(src_ip) || involved.has(dest_ip))).toBe(true);
    }
  });
});

describe('rules', () => {
  const loud = claims.filter(({ fires, silent }) => fires.length + silent.length > 0);
  test('name recordings that exist', () => {
    const named = new Set(loud.flatMap(({ fires, silent }) => [...fires, ...silent]));
    expect([...named].filter((name) => !existsSync(join(CAPTURES, `${name}.pcap.zst`)))).toEqual([]);
  });
  test('two hundred and more fire on a recording', () => {
    expect(loud.filter(({ fires }) => fires.length > 0).length).toBeGreaterThanOrEqual(200);
  });
  test('each names a recording that raises it and one on which it must be silent', () => {
    const counted = new Set(
      rules.correlations.flatMap(({ inputs }) => inputs.map(({ rule }) => rule.identity.name)),
    );
    const alone = claims.filter(({ name }) => !counted.has(name));
    expect(alone.filter(({ fires, silent }) => fires.length === 0 || silent.length === 0)).toEqual([]);
  });
  test.each(loud.map((claim) => [claim.name, claim.silent] as const))(
    '%s is silent where it must be',
    (name, silent) => {
      expect(silent.filter((capture) => raised.get(capture)?.has(name))).toEqual([]);
    },
  );
});
