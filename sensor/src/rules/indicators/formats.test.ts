// Every format of indicator lists: what is taken, with whose words, what is left out and why, and what wrong files say.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAddress } from '../prefix.ts';
import { buildLists, listFormats } from './index.ts';
import { linesOf } from './intake.ts';
import { type IndicatorKind, KIND, kindNumber } from './kinds.ts';
import { IndicatorSet } from './set.ts';
import { addValue, endpointOf, mailsIn, refanged, urlOf } from './value.ts';

const NOW = Date.UTC(2026, 5, 1) / 1000;

function read(files: Record<string, string | object>) {
  const built = buildLists(
    Object.entries(files).map(([file, held]) => ({
      file,
      text: typeof held === 'string' ? held : JSON.stringify(held),
    })),
  );
  const set = new IndicatorSet(built.memory);
  const row = (kind: IndicatorKind, value: string, now: number): number => {
    const number = kindNumber(kind);
    switch (KIND[kind].by) {
      case 'suffix':
        return set.suffix(number, value, now);
      case 'url':
        return set.url(value.slice(0, value.indexOf('/')), value.slice(value.indexOf('/')), now);
      case 'text':
        return set.text(number, value, now);
      case 'endpoint': {
        const { words, port } = endpointOf(value)!;
        return set.endpoint(words, 0, words.length, port, now);
      }
      case 'prefix': {
        const words = parseAddress(value)!;
        return set.prefix(words, 0, words.length, now);
      }
    }
  };
  return {
    ...built,
    set,
    said: (kind: IndicatorKind, value: string, now = NOW) => {
      const found = row(kind, value, now);
      return found < 0 ? undefined : set.labels.said(found, now);
    },
    left: () => built.reports.flatMap(({ leftOut }) => leftOut.map(({ reason, count }) => [reason, count])),
    wrong: () => [
      ...built.reports.flatMap(({ problems }) => problems),
      ...built.failures.map(({ what }) => what),
    ],
  };
}

test('the registry names each format once', () => {
  const names = listFormats.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { about } of listFormats) expect(about).toMatch(/^[A-Z].*\.$/);
});

describe('values', () => {
  test.each([
    ['hxxp://evil[.]example/a', 'http://evil.example/a'],
    ['hxxps[:]//evil(.)example', 'https://evil.example'],
    ['a[at]evil[dot]example', 'a@evil.example'],
    ['203[.]0[.]113[.]5', '203.0.113.5'],
    ['plain.example', 'plain.example'],
  ])('%s is made whole', (text, wanted) => expect(refanged(text)).toBe(wanted));

  test.each([
    ['http://Evil.Example', 'evil.example/'],
    ['https://evil.example:443/a?b#c', 'evil.example/a?b'],
    ['http://user:pw@evil.example:8080/A', 'evil.example:8080/A'],
    ['//bücher.example/x', 'xn--bcher-kva.example/x'],
    ['http://192.0.2.1/x', '192.0.2.1/x'],
    ['http://[2001:db8::1]:81/x', '[2001:db8::1]:81/x'],
  ])('%s', (text, wanted) => expect(urlOf(text)).toBe(wanted));
  test.each([
    'evil.example/a',
    'http://',
    'http://a b.example/',
    'http://999.1.1.1/',
    'http://evil.example/ x',
  ])('%s is no URL', (text) => expect(urlOf(text)).toBeUndefined());

  test('mail addresses are found wherever they stand in a text', () => {
    expect(mailsIn('"A" <A@a.example>, b@b.example;<c@c.example>')).toEqual([
      'a@a.example',
      'b@b.example',
      'c@c.example',
    ]);
    expect(mailsIn('@'.repeat(10_000)).length).toBeLessThan(50);
  });

  test('whatever stands in a list, it is added or said what is wrong', () => {
    const built = buildLists([]);
    expect(built.reports).toEqual([]);
    for (const kind of Object.keys(KIND) as IndicatorKind[])
      for (const text of ['', ' ', '\u0000', '@', ':', '/', '[', '١.٢.٣.٤', 'x'.repeat(5_000)]) {
        const set = { addName() {}, addText() {}, addPrefix() {}, addEndpoint() {}, addUrl() {} } as never;
        const wrong = addValue(set, kind, text, 0);
        expect(wrong === undefined || wrong.length < 120).toBe(true);
      }
  });
});

describe('plain lists', () => {
  const { said, wrong } = read({
    'a.txt': [
      'hxxp://evil[.]example/gate.php',
      'https://other.example:8443/a?b=1',
      '203.0.113.5:4444',
      '[2001:db8::1]:53',
      'Who@Mail.Example',
      '@mail-domain.example',
      'hassh:0123456789abcdef0123456789abcdef',
      'cert-sha1:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD',
      'cert-serial:00A1',
      'user-agent:Evil Agent/1.0',
    ].join('\n'),
  });
  test('nothing is refused', () => expect(wrong()).toEqual([]));
  test.each([
    ['url', 'evil.example/gate.php'],
    ['url', 'evil.example/gate.php?id=7'],
    ['url', 'other.example:8443/a?b=1'],
    ['endpoint', '203.0.113.5:4444'],
    ['endpoint', '[2001:db8::1]:53'],
    ['email', 'who@mail.example'],
    ['email-domain', 'sub.mail-domain.example'],
    ['hassh', '0123456789ABCDEF0123456789abcdef'],
    ['cert-sha1', 'aabbccddeeff00112233445566778899aabbccdd'],
    ['cert-serial', 'a1'],
    ['user-agent', 'evil agent/1.0'],
  ] as const)('%s %s is found', (kind, value) => expect(said(kind, value)?.label.list).toBe('a'));
  test.each([
    ['url', 'evil.example/GATE.php'],
    ['url', 'evil.example/'],
    ['url', 'sub.evil.example/gate.php'],
    ['url', 'other.example:8443/a'],
    ['url', 'other.example/a?b=1'],
    ['endpoint', '203.0.113.5:4445'],
    ['email', 'ho@mail.example'],
    ['domain', 'mail-domain.example'],
    ['hasshserver', '0123456789abcdef0123456789abcdef'],
  ] as const)('%s %s is not', (kind, value) => expect(said(kind, value)).toBeUndefined());
});

describe('CSV', () => {
  test('columns in any order, quotes, types said and guessed', () => {
    const { said, wrong, left } = read({
      'feed.csv': [
        '# a feed',
        'type;value;source;confidence;severity;tlp;valid_until;description;tags',
        'domain;"evil[.]example";Feed A;95;critical;TLP:AMBER+STRICT;2026-12-31;"says ""bad""\nin two lines";attack.t1071.001',
        ';192.0.2.0/25;;;;;;;',
        'md5;0123456789abcdef0123456789abcdef;;;;;;;',
        'ip;192.0.2.300;;;;;;;',
        'ja3;0123456789abcdef0123456789abcdef;;high;;;;;',
        'domian;x.example;;;;;;;',
      ].join('\r\n'),
    });
    expect(said('domain', 'www.evil.example')?.label).toMatchObject({
      ...{ list: 'Feed A', severity: 'critical', confidence: 95, tlp: 'amber+strict' },
      ...{
        until: Date.UTC(2026, 11, 31) / 1000,
        description: 'says "bad" in two lines',
        tags: ['attack.t1071.001'],
      },
    });
    expect(said('domain', 'www.evil.example', Date.UTC(2027, 0, 1) / 1000)).toBeUndefined();
    expect(said('address', '192.0.2.5')?.label.list).toBe('feed');
    expect(said('ja3', '0123456789abcdef0123456789abcdef')?.label.confidence).toBe(85);
    expect(left()).toEqual([['file hashes: the sensor reads no files', 1]]);
    expect(wrong()).toEqual([
      'feed.csv:7:1: "192.0.2.300" is no address or CIDR prefix',
      'feed.csv:9:1: unknown type "domian" (did you mean "domain"?)',
    ]);
  });
  test('a first row that names no value', () =>
    expect(read({ 'x.csv': 'evil.example,domain\n' }).wrong()[0]).toContain(
      'x.csv:1:1: the first row must name',
    ));
});

test('Zeek Intel', () => {
  const { said, wrong, left } = read({
    'intel.dat': [
      '#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc',
      'evil.example\tIntel::DOMAIN\tsource1\tbad place',
      '192.0.2.0/24\tIntel::SUBNET\tsource1\t-',
      'bad.example/path\tIntel::URL\tsource1\t-',
      'evil@mail.example\tIntel::EMAIL\tsource1\t-',
      'aabbccddeeff00112233445566778899aabbccdd\tIntel::CERT_HASH\tsource1\t-',
      '0123456789abcdef0123456789abcdef\tIntel::FILE_HASH\tsource1\t-',
      'root\tIntel::USER_NAME\tsource1\t-',
      'short\tIntel::DOMAIN',
    ].join('\n'),
  });
  expect(said('domain', 'a.evil.example')?.label).toMatchObject({
    list: 'source1',
    description: 'bad place',
  });
  expect(said('address', '192.0.2.200')).toBeDefined();
  expect(said('url', 'bad.example/path')).toBeDefined();
  expect(said('email', 'evil@mail.example')).toBeDefined();
  expect(said('cert-sha1', 'aabbccddeeff00112233445566778899aabbccdd')).toBeDefined();
  expect(said('user', 'root')).toBeDefined();
  expect(left()).toEqual([['file hashes: the sensor reads no files', 1]]);
  expect(wrong()).toEqual(['intel.dat:9:1: 2 columns, where #fields names 4 (they are split by tabs)']);
});

describe('MISP', () => {
  const attribute = (type: string, value: string, more: object = {}) => ({
    type,
    value,
    to_ids: true,
    ...more,
  });
  const event = {
    Event: {
      info: 'Campaign of June',
      threat_level_id: '1',
      Orgc: { name: 'CSIRT' },
      Tag: [{ name: 'tlp:amber' }, { name: 'misp:confidence-level="usually-confident"' }],
      Galaxy: [
        {
          GalaxyCluster: [
            { type: 'mitre-attack-pattern', meta: { external_id: ['x'] }, value: 'Web - T1071.001' },
          ],
        },
      ],
      Attribute: [
        attribute('domain|ip', 'evil.example|192.0.2.9', { comment: 'first stage' }),
        attribute('ip-dst|port', '192.0.2.10|4444', { Tag: [{ name: 'tlp:red' }] }),
        attribute('domain', 'off.example', { to_ids: false }),
        attribute('domain', 'gone.example', { deleted: true }),
        attribute('sha256', 'a'.repeat(64)),
        attribute('domain', 'not a domain'),
        attribute('hostname', 'www.google.com'),
        attribute('ip-dst', '8.8.8.8'),
      ],
      Object: [{ name: 'url', Attribute: [attribute('url', 'http://evil.example/x')] }],
    },
  };
  const warned = {
    'a.json': { name: 'Popular sites', type: 'hostname', list: ['google.com'] },
    'b.json': { name: 'Resolvers', type: 'cidr', list: ['8.8.8.0/24'] },
  };
  const { said, left, wrong } = read({ 'event.json': { response: [event] }, ...warned });
  test('an attribute has the words of its event and its own', () => {
    expect(said('domain', 'evil.example')?.label).toMatchObject({
      ...{ list: 'CSIRT', name: 'Campaign of June', severity: 'high', confidence: 75, tlp: 'amber' },
      ...{ description: 'first stage', tags: ['attack.t1071.001'] },
    });
    expect(said('address', '192.0.2.9')).toBeDefined();
    expect(said('endpoint', '192.0.2.10:4444')?.label.tlp).toBe('red');
    expect(said('url', 'evil.example/x')).toBeDefined();
  });
  test('and the report says so', () => {
    const report = read({ 'event.json': { response: [event] }, ...warned }).reports.find(
      ({ file }) => file === 'event.json',
    );
    expect(linesOf(report!)).toEqual([
      'event.json (misp): 4 indicators, 5 left out, 1 refused',
      expect.stringMatching(/^ {2}1 × .* \(at \/response\/0\/Event\/Attribute\/\d\)$/),
      ...Array.from({ length: 4 }, () => expect.stringMatching(/^ {2}1 × /)),
    ]);
  });
  test('what is not meant for detection, unseen or well known is left out and counted', () => {
    expect(said('domain', 'off.example')).toBeUndefined();
    expect(said('domain', 'www.google.com')).toBeUndefined();
    expect(said('address', '8.8.8.8')).toBeUndefined();
    expect(
      left()
        .filter(([, count]) => count === 1)
        .map(([reason]) => reason),
    ).toEqual(
      expect.arrayContaining([
        'not marked for detection (to_ids)',
        'deleted',
        'file hashes: the sensor reads no files',
        'on the warning list "Popular sites"',
        'on the warning list "Resolvers"',
      ]),
    );
    expect(wrong()).toEqual([
      'event.json#/response/0/Event/Attribute/5: "not a domain" is no domain of two labels or more',
    ]);
  });
});

describe('STIX', () => {
  const indicator = {
    ...{
      type: 'indicator',
      id: 'indicator--1',
      pattern_type: 'stix',
      pattern: "[domain-name:value = 'evil.example']",
    },
    ...{ valid_from: '2026-05-01T00:00:00Z', valid_until: '2026-07-01T00:00:00.5Z' },
  };
  test.each([
    ['a bundle', { type: 'bundle', id: 'bundle--1', objects: [indicator] }],
    ['what a TAXII server answers', { more: false, objects: [indicator] }],
    ['a single object', indicator],
    ['a list of objects', [{ type: 'identity', id: 'identity--1' }, indicator]],
  ])('%s', (_, json) => {
    const { said, wrong } = read({ 'x.json': json });
    expect(wrong()).toEqual([]);
    expect(said('domain', 'evil.example')?.label).toMatchObject({
      list: 'x',
      severity: 'high',
      confidence: 80,
    });
    expect(said('domain', 'evil.example', Date.UTC(2026, 3, 30) / 1000)).toBeUndefined();
    expect(said('domain', 'evil.example', Date.UTC(2026, 6, 2) / 1000)).toBeUndefined();
  });
  test.each([
    ['5e57c739-391a-4eb3-b6be-7d15ca92d5ed', {}, 'red'],
    ['939a9414-2ddd-4d32-a0cd-375ea402b003', {}, 'amber+strict'],
    ['0', { definition_type: 'tlp', definition: { tlp: 'white' } }, 'clear'],
    [
      '0',
      { extensions: { 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d': { tlp_2_0: 'green' } } },
      'green',
    ],
  ])('the marking %s %j', (number, more, wanted) => {
    const id = `marking-definition--${number}`;
    const objects = [
      { type: 'marking-definition', id, ...more },
      { ...indicator, object_marking_refs: [id] },
    ];
    expect(read({ 'x.json': { objects } }).said('domain', 'evil.example')?.label.tlp).toBe(wanted);
  });
});

test('several lists name one value: the first speaks, with the gravest of all, as long as each holds', () => {
  const { said } = read({
    'a.csv': 'value,severity,confidence,tlp,valid_until\nevil.example,low,90,green,2026-07-01\n',
    'b.csv': 'value,severity,confidence,tlp\nevil.example,critical,40,amber\n',
    'c.txt': 'evil.example\nevil.example\n',
  });
  expect(said('domain', 'evil.example')).toMatchObject({
    label: { list: 'a', severity: 'critical', confidence: 90, tlp: 'amber' },
    sources: 3,
  });
  expect(said('domain', 'evil.example', Date.UTC(2026, 7, 1) / 1000)).toMatchObject({
    label: { list: 'b', severity: 'critical', confidence: 80 },
    sources: 2,
  });
});

test.each([
  ['{"a": tru', '1:7'],
  ['{"type":"bundle",\n "objects":[{},}', '2:16'],
  ['[1, 2', '1:6'],
  ['{"a" 1}', '1:6'],
  ['[] []', '1:4'],
  ['"a\nb"', '1:1'],
  ['{"a":1,}', '1:8'],
])('%j is refused by its place', (text, where) =>
  expect(read({ 'x.json': text }).wrong()).toEqual([`x.json:${where}: it is no JSON from here on`]),
);

test('JSON that is none of these says so and is in nobody’s way', () =>
  expect(read({ 'layer.json': { domain: 'enterprise-attack' } }).left()).toEqual([
    ['in none of the formats of indicators', 1],
  ]));

const INTEL = join(import.meta.dirname, '../../../../../shared/corpora/intel');
describe.skipIf(!existsSync(INTEL))('published material (skipped where it is not at hand)', () => {
  test.each(
    readdirSync(existsSync(INTEL) ? INTEL : '.', { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.json') && existsSync(INTEL) && !name.includes('patterns')),
  )('%s is read without a wrong entry', (name) => {
    const { wrong } = read({ [name]: readFileSync(join(INTEL, name), 'utf8') });
    expect(wrong()).toEqual([]);
  });
  test('MISP attributes and STIX indicators of it are found', () => {
    const file = (name: string) => ({ [name]: readFileSync(join(INTEL, name), 'utf8') });
    expect(read(file('misp/test_attributes_collection_1.json')).said('domain', 'circl.lu')).toBeDefined();
    expect(read(file('misp/test_events_collection_1.json')).said('domain', 'circl.lu')).toBeDefined();
    expect(
      read(file('misp/test_objects_collection_1.json')).said('email', 'donald.duck@disney.com'),
    ).toBeDefined();
    const now = Date.UTC(2027, 0, 1) / 1000;
    const stix = read(file('stix/test_attributes_collection_stix21.json'));
    expect(stix.said('domain', 'www.circl.lu', now)).toBeDefined();
    expect(stix.set.memory.patterns.length).toBe(1);
  });
});
