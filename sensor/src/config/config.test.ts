// Settings: every key by its law, wrong words with their line and the nearest right one, and a print that reads back.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Detector } from '../detectors/detector.ts';
import { detectors } from '../detectors/index.ts';
import { printConfig } from './print.ts';
import { readConfig } from './read.ts';
import { SETTINGS, type Setting, SOURCES, type SourceKind } from './settings.ts';

const NOTHING = { settings: {}, sources: [], detectors: {} };
const read = (text: string, given = {}) => readConfig({ name: 's.yaml', text }, { ...NOTHING, ...given });
const faults = (text: string): string[] => read(text).faults.map(({ message }) => message);

const settings = Object.entries(SETTINGS as Readonly<Record<string, Setting>>);
const PLACES = {
  interface: 'eth0',
  path: 'x.pcap',
  'address:port': '127.0.0.1:4789',
  'path or unix:path': 'eve.json',
} as const;

/** A value of the right type and another that is not. */
const VALUES: Readonly<Record<Setting['kind'], readonly [right: string, wrong: string]>> = {
  text: ['some', '[1]'],
  number: ['7', 'seven'],
  flag: ['true', 'perhaps'],
  list: ['[a, b]', '{a: 1}'],
};
const SPECIAL: Readonly<Record<string, string>> = {
  begin: 'start',
  profile: 'standard',
  memory: '512MiB',
  metrics: '127.0.0.1:1',
  workers: '1',
  from: '[10.0.0.0/8, "2001:db8::/32"]',
  snap_length: '128',
  scope_look: '[10.0.0.0/8, "from 2001:db8::/32"]',
  scope_never: '[to 10.1.0.0/16]',
};

test('an empty file is every default, and every default has a unit and a reason', () => {
  const { config, faults: wrong } = read('');
  expect(wrong).toEqual([]);
  for (const [word, { default: standard, unit, about }] of settings) {
    expect(config[word as keyof typeof config], word).toEqual(standard);
    expect(unit, word).not.toBe('');
    expect(about, word).toMatch(/^[A-Z].{20,}\.$/);
  }
});

describe.each(settings)('%s', (word, { kind }) => {
  const [right, wrong] = VALUES[kind];
  test('takes what is of its type', () => {
    const { config, faults: none } = read(`${word}: ${SPECIAL[word] ?? right}`);
    expect(none).toEqual([]);
    expect(config[word as keyof typeof config]).toBeDefined();
  });
  test('refuses what is not, and says where', () => {
    expect(faults(`# first line\n${word}: ${wrong}`)).toEqual([
      expect.stringMatching(new RegExp(`^s\\.yaml:2:\\d+: "${word}" `)),
    ]);
  });
  test('without a value is its default', () => {
    expect(faults(`${word}:`)).toEqual([]);
  });
  test('misspelt is refused with the right word', () => {
    expect(faults(`${word}x: 1`)).toEqual([
      `s.yaml:1:1: there is no setting "${word}x" (did you mean "${word}"?)`,
    ]);
  });
});

describe.each(Object.entries(SOURCES))('source %s', (kind, { place, settings: own }) => {
  const where = PLACES[place];
  test('has its defaults, and a name by its kind and number', () => {
    const { config, faults: none } = read(`sources:\n  - ${kind}: ${where}\n  - ${kind}: ${where}`);
    expect(none).toEqual([]);
    expect(config.sources.map(({ name }) => name)).toEqual([`${kind}-1`, `${kind}-2`]);
    expect(config.sources[0]).toMatchObject({
      kind,
      place: where,
      silent_seconds: own.silent_seconds.default,
    });
  });
  test.each(Object.entries(own as Readonly<Record<string, Setting>>))('%s', (word, setting) => {
    const [right, wrong] = VALUES[setting.kind];
    const source = (value: string) => `sources:\n  - ${kind}: ${where}\n    ${word}: ${value}`;
    expect(faults(source(SPECIAL[word] ?? right))).toEqual([]);
    expect(faults(source(wrong))).toEqual([expect.stringMatching(/^s\.yaml:3:\d+: /)]);
    expect(faults(source('').replace(word, `${word}x`))).toEqual([
      `s.yaml:3:5: "${kind}" has no setting "${word}x" (did you mean "${word}"?)`,
    ]);
  });
  test('must have its place', () => {
    expect(faults(`sources:\n  - ${kind}: ""`)).toEqual([expect.stringMatching(/^s\.yaml:2:\d+: /)]);
  });
});

test('knobs of every detector, and none besides', () => {
  for (const { name, knobs } of detectors as readonly Detector[])
    for (const word of Object.keys(knobs)) {
      const { config, faults: none } = read(`detectors:\n  ${name}:\n    ${word}: 3`);
      expect(none).toEqual([]);
      expect(config.detectors).toEqual({ [name]: { [word]: 3 } });
      expect(faults(`detectors:\n  ${name}:\n    ${word}x: 3`)).toEqual([
        expect.stringMatching(/^s\.yaml:3:5: .*did you mean/),
      ]);
      expect(faults(`detectors:\n  ${name}:\n    ${word}: x`)).toHaveLength(1);
    }
  expect(faults('detectors:\n  port-scam: {}')).toEqual([
    's.yaml:2:3: there is no detector "port-scam" (did you mean "port-scan"?)',
  ]);
});

test('everything that is wrong is said at once, in the order of the lines', () => {
  const text = 'profil: x\nworkers: 200\nmemory: 1MiB\nsources:\n  - captur: x\n  - 7\nrules: {}\n';
  expect(faults(text).map((what) => what.split(':')[1])).toEqual(['1', '2', '3', '5', '6', '7']);
});

test.each([
  ['a list', '- a'],
  ['no YAML', 'a: [1'],
  ['a word twice', 'events: a\nevents: b'],
  ['two kinds in one source', 'sources:\n  - capture: x\n    mirror: 127.0.0.1:1'],
  ['sources that are no list', 'sources: x'],
  ['two sources of one name', 'sources:\n  - capture: a\n    name: x\n  - capture: b\n    name: x'],
  ['too many sources', `sources:\n${'  - capture: x\n'.repeat(33)}`],
  ['a source of an address that is none', 'sources:\n  - mirror: localhost:4789'],
  ['an admitted sender that is none', 'sources:\n  - mirror: 127.0.0.1:1\n    from: [10.0.0.0/33]'],
])('%s is refused', (_, text) => {
  expect(faults(text)).not.toEqual([]);
});

test('the command line wins over the file, and adds sources', () => {
  const { config, faults: none } = read('profile: strict\nevents: a\nsources: [{capture: x}]', {
    settings: { profile: 'standard' },
    sources: [{ kind: 'afpacket' as SourceKind, place: 'eth0' }],
    detectors: { 'port-scan': { ports: 9 } },
  });
  expect(none).toEqual([]);
  expect(config).toMatchObject({
    profile: 'standard',
    events: 'a',
    detectors: { 'port-scan': { ports: 9 } },
  });
  expect(config.sources.map(({ name }) => name)).toEqual(['capture-1', 'afpacket-1']);
  expect(read('', { settings: { profile: 'stric' } }).faults[0].message).toContain('did you mean "strict"');
});

test('what is printed reads back as the same, and says every knob', () => {
  const text = [
    'sources:\n  - mirror: "[::1]:4789"\n    from: [10.0.0.0/8]\n    name: cloud\n  - capture: "-"',
    'rules: [a, "b c"]\nprofile: standard\nevents: "-"\nhash_key: key\ndetectors: {port-scan: {ports: 4}}',
  ].join('\n');
  const { config } = read(text);
  const printed = printConfig(config);
  const again = read(printed);
  expect(again.faults).toEqual([]);
  const { detectors: knobs, ...others } = again.config;
  expect(others).toEqual({ ...config, detectors: undefined, ...others });
  expect(knobs['port-scan']['ports']).toBe(4);
  expect(printConfig(again.config)).toBe(printed);
  for (const { name, knobs: own } of detectors as readonly Detector[])
    for (const word of [name, ...Object.keys(own)]) expect(printed).toContain(`${word}:`);
});

test('the example that is installed has no fault, and is all defaults but for what a site must say', () => {
  const name = new URL('../../../deploy/sensor.yaml', import.meta.url);
  const { config, faults: wrong } = readConfig(
    { name: 'sensor.yaml', text: readFileSync(name, 'utf8') },
    NOTHING,
  );
  expect(wrong).toEqual([]);
  expect(config.sources.map(({ kind }) => kind)).toContain('afpacket');
  const said = settings.filter(([word, { default: d }]) => config[word as keyof typeof config] !== d);
  expect(said.map(([word]) => word).sort()).toEqual(['events', 'metrics', 'rules', 'uplink']);
});

describe('scope', () => {
  test.each(['from', '10.0.0.0/33', 'both 10.0.0.0/8', 'example.com'])('refuses "%s"', (entry) => {
    expect(faults(`scope_look: ["${entry}"]`)).toEqual([
      `s.yaml:1:13: "scope_look" holds "${entry}": write it as 10.0.0.0/8, from 10.0.0.0/8 or to 10.0.0.0/8`,
    ]);
  });
  test('that leaves nothing to look at is told', () => {
    expect(faults('scope_look: [10.1.0.0/16]\nscope_never: [10.0.0.0/8]')).toEqual([
      '"scope_never" covers all of "scope_look": nothing would be looked at',
    ]);
    expect(faults('scope_look: [10.0.0.0/8]\nscope_never: [10.1.0.0/16]')).toEqual([]);
  });
});
