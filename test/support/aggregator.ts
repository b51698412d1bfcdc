// An aggregator for tests: in this process, embedded, on free loopback ports, with one body under a valid authority.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Vocabulary } from '../../aggregator/src/alerts/flight.ts';
import { newLog } from '../../aggregator/src/api/listener.ts';
import { type Aggregator, startAggregator } from '../../aggregator/src/app.ts';
import { configure, type Given } from '../../aggregator/src/config.ts';
import { Operator } from '../../aggregator/src/operator.ts';
import { Person } from './person.ts';
import { TestSensor } from './sensor.ts';

export const BODY = {
  id: 'city',
  name: { en: 'City of Tests', ja: '試験市' },
  kind: 'municipality',
} as const;
export const PREFIXES = ['10.1.0.0/16', '2001:db8:1::/48'];

/** Words that test alerts use as evidence. */
export const VOCABULARY: Vocabulary = new Map([
  ['dns.queries.rrname', 'name'],
  ['http.url', 'content'],
  ['tls.sni', 'name'],
  ['flow.pkts_toserver', 'flow'],
]);

export interface TestAggregator extends Aggregator {
  readonly state: string;
  readonly operator: Operator;
  /** Issues a token and enrols a sensor with it. */
  sensor(name?: string, body?: string): Promise<TestSensor>;
  /** Logs a person in. */
  person(name?: string): Promise<Person>;
  /** Stops it and removes its state. */
  dispose(): Promise<void>;
}

/** @param authority false: the body has none */
export async function testAggregator(given: Given = {}, { authority = true } = {}): Promise<TestAggregator> {
  const state = mkdtempSync(join(tmpdir(), 'yagura-aggregator-'));
  const free = { web: '127.0.0.1:0', ingest: '127.0.0.1:0', metrics: '127.0.0.1:0', 'log-level': 'silent' };
  const config = configure({ ...free, state, ...given });
  const aggregator = await startAggregator(config, VOCABULARY, newLog('silent', process.stderr)).catch(
    (error) => {
      rmSync(state, { recursive: true, force: true });
      throw error;
    },
  );
  const operator = new Operator(aggregator.parts.records, 'tester');
  await operator.addBody(BODY);
  const legal = { article: 'Article 1', instrument: 'Order 1', from: '2020-01-01', until: '2090-01-01' };
  if (authority) await operator.addAuthority({ body: BODY.id, prefixes: PREFIXES, ...legal });
  const { ca } = aggregator.parts;
  return {
    ...aggregator,
    state,
    operator,
    async sensor(name = 'sensor-1', body = BODY.id) {
      const token = await operator.issueToken(body, name, ca.fingerprint);
      return TestSensor.enrol(aggregator.addresses.ingest, token, ca.certificate);
    },
    async person(name = 'hanako') {
      return Person.logIn(aggregator.addresses.web, await operator.issueLoginLink(name));
    },
    async dispose() {
      await aggregator.stop();
      rmSync(state, { recursive: true, force: true });
    },
  };
}
