// What may be here: the closed schema under each privacy profile and authority, and what the authority's dates say.
import { expect, test } from 'vitest';
import type { Profile } from 'yagura-sensor/wire';
import { anAlert, aSeries } from '../../../test/support/sensor.ts';
import { Scope } from '../authority/scope.ts';
import { fromRfc3339 } from '../time.ts';
import { admit } from './admit.ts';
import { newFlight, type Vocabulary } from './flight.ts';

const vocabulary: Vocabulary = new Map([
  ['dest_port', 'flow'],
  ['tls.version', 'protocol'],
  ['dns.rrname', 'name'],
  ['ssh.user', 'identifier'],
  ['http.url', 'content'],
]);
const evidence = {
  dest_port: 1,
  'tls.version': 'v',
  'dns.rrname': 'n',
  'ssh.user': 'u',
  'http.url': '/',
  'other.word': 'x',
};

/** What `admit` makes of one record. */
function judged(
  record: object,
  profile: Profile = 'strict',
  discloses: readonly ('identifier' | 'content')[] = [],
) {
  const authority = {
    ...{ id: 'auth', body: 'city', article: '1', instrument: '1', prefixes: ['10.1.0.0/16'], discloses },
    valid_from: fromRfc3339('2026-01-01T00:00:00Z'),
    valid_until: fromRfc3339('2026-12-01T00:00:00Z'),
  };
  const header = { v: 1, sensor: 'yagura://city/a', epoch: '0', first_seq: 0, count: 1, profile } as const;
  const flight = newFlight([
    {
      ...{ sensor: header.sensor, body: 'city', heard_before: null, header, refused: [], received: 0 },
      arrivals: [{ index: 0, id: 'i', record: record as never }],
      warrant: { authority, scope: new Scope(authority.prefixes), vocabulary },
    },
  ]);
  admit(flight);
  return flight;
}
const names = (profile: Profile, discloses: readonly ('identifier' | 'content')[]) => {
  const flight = judged(anAlert({ evidence }), profile, discloses);
  expect(flight.outcomes[0].stripped).toBe(
    Object.keys(evidence).length - Object.keys(flight.admitted[0].alert.evidence).length + 1,
  );
  return Object.keys(flight.admitted[0].alert.evidence);
};

test.each<[Profile, readonly ('identifier' | 'content')[], string[]]>([
  ['strict', ['identifier', 'content'], []],
  ['standard', ['identifier', 'content'], []],
  ['lawful-order', [], []],
  ['lawful-order', ['identifier'], ['ssh.user']],
  ['lawful-order', ['identifier', 'content'], ['ssh.user', 'http.url']],
])('%s under an authority that discloses %j lets in %j beyond the usual', (profile, discloses, more) => {
  expect(names(profile, discloses)).toEqual(['dest_port', 'tls.version', 'dns.rrname', ...more]);
});

test("a detector's own facts are let in when they are short", () => {
  const facts = {
    'yagura.score': 0.5,
    'yagura.word': 'w',
    'yagura.long': 'x'.repeat(200),
    'yagura.list': ['a'],
    'yagura.a.b': 1,
  };
  expect(Object.keys(judged(anAlert({ evidence: facts })).admitted[0].alert.evidence)).toEqual([
    'yagura.score',
    'yagura.word',
  ]);
});

test('names of fields that nobody knows are no way around the schema', () => {
  const { alert } = judged(
    anAlert({ matched: ['secret.word', 'http.url'], withheld: ['other.secret', 'ssh.user'] }),
  ).admitted[0];
  expect([alert.matched, alert.withheld]).toEqual([['http.url'], ['ssh.user']]);
});

test.each([
  ['a series before the first day', aSeries(0, { bucket: '2025-12-31T23:59:50.000000Z' }), 'outside_dates'],
  ['an alert in the first moment', anAlert({ time: '2026-01-01T00:00:00.000000Z' }), undefined],
  ['an alert in the first moment after', anAlert({ time: '2026-12-01T00:00:00.000000Z' }), 'outside_dates'],
  ['an address of another body', anAlert({ src_ip: '10.2.0.1' }), 'outside_scope'],
  [
    'too many event types',
    aSeries(0, { events: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`e${n}`, 1])) }),
    'malformed',
  ],
  [
    'blindness that ends before it begins',
    {
      kind: 'blind',
      from: '2026-04-01T00:00:01.000000Z',
      until: '2026-04-01T00:00:00.000000Z',
      reason: 'dropped',
      count: 1,
    },
    'malformed',
  ],
])('%s: %s', (_, record, code) => {
  expect(judged(record).outcomes[0].refused[0]?.code).toBe(code);
});
