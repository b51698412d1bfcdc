// Drawn as a house, every arrow between rooms points to the left, none crosses to the neighbours' yard, none closes a circle.
import { describe, expect, test } from 'vitest';
import { codeOf, importsOf, sources } from './tree.ts';

/** A room is a folder, or one file that stands beside the folders. */
interface Room {
  readonly name: string;
  /** Packages from outside that this room needs; `node:` is open to all. */
  readonly packages?: readonly string[];
}

/** Left to right: each may import itself and what stands before it. `errors.ts` is the ground that all stand on. */
const SENSOR: readonly Room[] = [
  { name: 'errors.ts' },
  { name: 'wire', packages: ['typebox'] },
  { name: 'bytes' },
  { name: 'sources', packages: ['koffi'] },
  { name: 'layers' },
  { name: 'flow' },
  { name: 'protocols' },
  { name: 'rules', packages: ['yaml'] },
  { name: 'foreign' },
  { name: 'detectors' },
  { name: 'outputs', packages: ['typebox'] },
  { name: 'counters.ts' },
  { name: 'sight' },
  { name: 'memory.ts' },
  { name: 'heap.ts' },
  { name: 'sensor-options.ts' },
  { name: 'sensor.ts' },
  { name: 'crew' },
  { name: 'metrics.ts', packages: ['prom-client'] },
  { name: 'monitor.ts', packages: ['prom-client'] },
  { name: 'enrolment.ts', packages: ['@peculiar/x509', 'reflect-metadata', 'typebox'] },
  { name: 'options.ts' },
  { name: 'notify.ts', packages: ['koffi'] },
  { name: 'privilege.ts', packages: ['koffi'] },
  { name: 'config', packages: ['yaml'] },
  { name: 'commands' },
  { name: 'cli.ts' },
  { name: 'main.ts' },
];

const AGGREGATOR: readonly Room[] = [
  { name: 'errors.ts' },
  { name: 'time.ts' },
  { name: 'config.ts' },
  { name: 'authority', packages: ['@peculiar/x509', 'reflect-metadata', 'yagura-sensor/wire'] },
  { name: 'alerts', packages: ['yagura-sensor/wire'] },
  { name: 'vocabulary.ts', packages: ['yagura-sensor/rules'] },
  { name: 'ledger' },
  { name: 'stores', packages: ['yagura-sensor/wire'] },
  { name: 'state.ts' },
  { name: 'operator.ts', packages: ['yagura-sensor/wire'] },
  { name: 'metrics.ts', packages: ['prom-client'] },
  {
    name: 'api',
    packages: [
      'fastify',
      '@fastify/cookie',
      '@fastify/static',
      '@fastify/swagger',
      'typebox',
      'yagura-sensor/wire',
    ],
  },
  { name: 'app.ts', packages: ['fastify'] },
  { name: 'commands', packages: ['yagura-sensor/wire'] },
  { name: 'cli.ts' },
  { name: 'main.ts' },
];

/** Everything that the console uses. Of ours it takes the wire's types, which vanish when it is built. */
const CONSOLE_PACKAGES = [
  '@tanstack/react-query',
  '@tanstack/react-virtual',
  'i18next',
  'react',
  'react-dom',
  'react-i18next',
  'uplot',
  'wouter',
  // Written by the build from the sensor's fields: name and privacy class of each.
  'virtual:field-classes',
];
const WIRE_TYPES = /^import type \{[^}]*\} from 'yagura-sensor\/wire';$/gm;

const packageOf = (specifier: string): string =>
  specifier.startsWith('yagura-')
    ? specifier
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');

function wrongArrows(program: 'sensor' | 'aggregator', rooms: readonly Room[]): string[] {
  const home = `${program}/src/`;
  const order = new Map(rooms.map(({ name }, place) => [name, place]));
  const roomOf = (file: string): string => file.slice(home.length).split('/')[0];
  const wrong: string[] = [];
  for (const file of sources.filter((source) => source.startsWith(home))) {
    const room = roomOf(file);
    const place = order.get(room);
    if (place === undefined) {
      wrong.push(`${file}: the table has no room "${room}"`);
      continue;
    }
    for (const target of importsOf(file)) {
      if (target.startsWith('node:') || target === `${program}/package.json`) continue;
      if (target.startsWith(home)) {
        const to = order.get(roomOf(target)) ?? Number.POSITIVE_INFINITY;
        if (to > place)
          wrong.push(`${file} → ${target}: "${roomOf(target)}" stands to the right of "${room}"`);
      } else if (!(rooms[place].packages ?? []).includes(packageOf(target)))
        wrong.push(`${file} → ${target}: not for the room "${room}"`);
    }
  }
  return wrong;
}

describe('import directions', () => {
  test('the sensor imports from right to left, and nothing of ours outside itself', () => {
    expect(wrongArrows('sensor', SENSOR)).toEqual([]);
  });

  test('the aggregator imports from right to left, and of the sensor only the wire and the rules', () => {
    expect(wrongArrows('aggregator', AGGREGATOR)).toEqual([]);
  });

  test('the console imports nothing of the programs but the types of the wire', () => {
    const home = 'aggregator/console/src/';
    const wrong: string[] = [];
    for (const file of sources.filter((source) => source.startsWith(home))) {
      const others = importsOf(file).filter(
        (t) => !t.startsWith(home) && !CONSOLE_PACKAGES.includes(packageOf(t)),
      );
      const types = codeOf(file).match(WIRE_TYPES)?.length ?? 0;
      if (others.length > types || others.some((target) => target !== 'yagura-sensor/wire'))
        wrong.push(`${file} → ${others.join(', ')}`);
    }
    expect(wrong).toEqual([]);
  });

  test('what starts the programs imports neither: it runs them; only what builds them has packages for it', () => {
    const wrong = sources
      .filter((file) => file.startsWith('deploy/') && !file.startsWith('deploy/build/'))
      .flatMap((file) => importsOf(file).map((target) => [file, target] as const))
      .filter(([, target]) => !target.startsWith('deploy/') && !target.startsWith('node:'));
    expect(wrong).toEqual([]);
    const inBuild = sources.filter((file) => file.startsWith('deploy/build/')).flatMap(importsOf);
    expect(inBuild.filter((target) => /^(sensor|aggregator|yagura-)/.test(target))).toEqual([]);
  });

  test('the table has no room that is gone', () => {
    const gone = (program: string, rooms: readonly Room[]): string[] =>
      rooms
        .map(({ name }) => `${program}/src/${name}`)
        .filter((room) => !sources.some((file) => file === room || file.startsWith(`${room}/`)));
    expect([...gone('sensor', SENSOR), ...gone('aggregator', AGGREGATOR)]).toEqual([]);
  });
});

test('no file reaches itself through its imports', () => {
  const known = new Set(sources);
  const state = new Map<string, 'open' | 'done'>();
  const circles: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      circles.push([...way.slice(way.indexOf(file)), file].join(' → '));
      return;
    }
    state.set(file, 'open');
    for (const target of importsOf(file)) if (known.has(target)) visit(target, [...way, file]);
    state.set(file, 'done');
  };
  for (const file of sources) visit(file, []);
  expect(circles).toEqual([]);
});

test('the search for imports sees every form', () => {
  // Two of each way of writing stand in the sources; a pattern that misses one would make the tests above blind.
  expect(importsOf('sensor/src/cli.ts')).toEqual(
    expect.arrayContaining(['sensor/src/commands/command.ts', 'sensor/src/commands/read.ts']),
  );
  expect(importsOf('sensor/src/outputs/eve.ts')).toContain('sensor/src/outputs/eve-writer.ts');
  expect(importsOf('aggregator/src/stores/series/index.ts')).toEqual([
    'aggregator/src/stores/series/series.ts',
    'aggregator/src/stores/series/sqlite.ts',
  ]);
  expect(sources.length).toBeGreaterThan(150);
});
