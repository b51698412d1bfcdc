// What kills are tried on: both programs as processes, a sensor enrolled, rules that raise one alert for each question.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
import { Operator } from '../../aggregator/src/operator.ts';
import { openState } from '../../aggregator/src/state.ts';
import { enrol } from '../../sensor/src/enrolment.ts';
import { Person } from '../support/person.ts';
import { endAll, type Program, start } from '../support/program.ts';

export const KILLS = 20;
const SEVERITIES = ['critical', 'high', 'low'] as const;

/** Raises exactly one alert when it is asked for; the severities take turns. */
export const nameOf = (number: number): string =>
  `n${number}.${SEVERITIES[number % SEVERITIES.length]}.example`;

const ruleOf = (severity: string, number: number): string => `title: Question for ${severity}
id: 00000000-0000-4000-8000-00000000000${number}
status: test
description: Every question for a name under ${severity}.example.
logsource: { category: dns }
detection:
  name: { query|endswith: '.${severity}.example' }
  condition: name
level: ${severity}
`;

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A port that is free now: the aggregator must come back on the same one after a kill. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class Stand {
  readonly folder = mkdtempSync(join(tmpdir(), 'yagura-kill-'));
  readonly #state = join(this.folder, 'aggregator');
  readonly rules = join(this.folder, 'rules');
  /** State folder of the sensor. */
  readonly sensor = join(this.folder, 'sensor');
  #ingest = '';

  /** Adds a body, its authority and an enrolled sensor. @returns the aggregator, running */
  async prepare(): Promise<Program> {
    this.#ingest = `127.0.0.1:${await freePort()}`;
    const state = await openState(this.#state);
    const operator = new Operator(state.records, 'test');
    await operator.addBody({ id: 'city', name: { en: 'City', ja: '市' }, kind: 'municipality' });
    await operator.addAuthority({
      body: 'city',
      article: 'Article 1',
      instrument: 'Test',
      prefixes: ['10.1.0.0/16'],
      from: '2020-01-01',
      until: '2100-01-01',
    });
    const token = await operator.issueToken('city', 'gate', state.ca.fingerprint);
    await state.records.close();
    mkdirSync(this.rules);
    for (const [number, severity] of SEVERITIES.entries())
      writeFileSync(join(this.rules, `${severity}.yml`), ruleOf(severity, number));
    const aggregator = await this.startAggregator();
    await enrol({ aggregators: [`https://${this.#ingest}`], token, state: this.sensor });
    return aggregator;
  }

  /** Resolves when it takes batches. */
  async startAggregator(): Promise<Program> {
    const aggregator = start(
      ...(['aggregator', 'run', '--state', this.#state, '--ingest', this.#ingest] as const),
      ...['--web', '127.0.0.1:0', '--metrics', '127.0.0.1:0', '--log-level', 'error'],
    );
    await aggregator.says(/^metrics .*$/m);
    return aggregator;
  }

  /** Logs a person in. @param aggregator one that was started here */
  async person(aggregator: Program): Promise<Person> {
    const [, web] = await aggregator.says(/^console and API\s+(\S+)$/m);
    const state = await openState(this.#state);
    const link = await new Operator(state.records, 'test').issueLoginLink('hanako');
    await state.records.close();
    return Person.logIn(web, link);
  }

  startSensor(captures: readonly string[], ...more: string[]): Program {
    return start(
      ...(['sensor', 'read', ...captures, '--rules', this.rules] as const),
      // One rule holds for all of them, and none may be held back.
      ...['--alerts-per-minute', '1000000'],
      ...['--uplink', this.sensor, '--drain-seconds', '60', ...more],
    );
  }

  /** Names asked for, of every alert kept; alerts that the groups count; packets that the traffic series count. */
  arrived(): { names: string[]; grouped: number; packets: number } {
    const database = new DatabaseSync(join(this.#state, 'yagura.db'), { readOnly: true });
    try {
      const alerts = database.prepare('SELECT record FROM alerts').all() as { record: string }[];
      const groups = database.prepare('SELECT record FROM groups').all() as { record: string }[];
      const series = database.prepare(
        "SELECT coalesce(sum(value), 0) AS packets FROM series WHERE metric = 'packets' AND step = 10",
      );
      return {
        names: alerts.map(({ record }) => /n\d+\.[a-z]+\.example/.exec(record)![0]),
        grouped: groups.reduce((sum, { record }) => sum + (JSON.parse(record) as { count: number }).count, 0),
        packets: (series.get() as { packets: number }).packets,
      };
    } finally {
      database.close();
    }
  }

  /** Every alert kept, as it is kept. */
  alerts(): string[] {
    const database = new DatabaseSync(join(this.#state, 'yagura.db'), { readOnly: true });
    try {
      const rows = database.prepare('SELECT record FROM alerts').all() as { record: string }[];
      return rows.map(({ record }) => record);
    } finally {
      database.close();
    }
  }

  /** When the sensor did not see, as the aggregator has it; ms since 1970. */
  blinds(): { from: number; until: number; reason: string }[] {
    const database = new DatabaseSync(join(this.#state, 'yagura.db'), { readOnly: true });
    try {
      const rows = database.prepare('SELECT start, until, reason FROM blinds ORDER BY start').all();
      return (rows as { start: number; until: number; reason: string }[]).map(({ start, until, reason }) => ({
        from: start / 1000,
        until: until / 1000,
        reason,
      }));
    } finally {
      database.close();
    }
  }

  expectEachOnce(names: readonly string[]): void {
    const { names: got, grouped, packets } = this.arrived();
    expect(got.length, 'alerts kept').toBe(names.length);
    expect(new Set(got)).toEqual(new Set(names));
    expect(grouped, 'alerts counted in groups').toBe(names.length);
    expect(packets, 'packets counted in series').toBe(names.length);
  }

  async end(): Promise<void> {
    await endAll();
    rmSync(this.folder, { recursive: true });
  }
}
