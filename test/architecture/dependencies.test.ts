// What is installed is used, and README says of each package what it is for and under which licence it comes.
import { describe, expect, test } from 'vitest';
import { files, importsOf, textOf } from './tree.ts';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly license?: string;
}
const manifestOf = (path: string): Manifest => JSON.parse(textOf(path));

const MANIFESTS = [
  'package.json',
  'sensor/package.json',
  'aggregator/package.json',
  'aggregator/console/package.json',
];
const declared = MANIFESTS.flatMap((manifest) => {
  const { dependencies, devDependencies } = manifestOf(manifest);
  return Object.entries({ ...dependencies, ...devDependencies }).map(([name, version]) => ({
    manifest,
    name,
    version,
  }));
});

/** Packages that no import names. */
const NOT_IMPORTED: Readonly<Record<string, string>> = {
  node: 'the program that runs everything',
  typescript: 'the command tsc',
  '@biomejs/biome': 'the command biome',
  '@types/node': 'types',
  '@types/react': 'types',
  '@types/react-dom': 'types',
};

/** Rows of README's table: package → licence. */
const table = new Map<string, string>();
const rows = textOf('README.md')
  .split('\n## Dependencies\n')[1]
  .split('\n## ')[0]
  .matchAll(/^\|(.*)\|$/gm);
for (const [, row] of rows) {
  const [, choice = '', licence] = row.split(' | ').map((cell) => cell.trim());
  for (const [, name] of choice.matchAll(/`([^`]+)`/g)) table.set(name, licence);
}

describe('dependencies', () => {
  test('README names each, and no other', () => {
    expect([...table.keys()].sort()).toEqual([...new Set(declared.map(({ name }) => name))].sort());
  });

  test('README has the licence that each package states', async () => {
    for (const [name, licence] of table) {
      const stated = manifestOf(`node_modules/${name}/package.json`).license;
      expect(stated?.replaceAll(/[()]/g, '').replace(' OR ', ' or '), name).toBe(licence);
    }
  });

  test('each has one exact version', () => {
    expect(declared.filter(({ version }) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  test.each(MANIFESTS)('%s: each is imported below it', (manifest) => {
    const home = manifest.replace('package.json', '');
    const code = files.filter((file) => file.startsWith(home) && /\.tsx?$/.test(file));
    const imported = new Set(code.flatMap(importsOf));
    const unused = declared
      .filter((dependency) => dependency.manifest === manifest && !(dependency.name in NOT_IMPORTED))
      .filter(
        ({ name }) => ![...imported].some((target) => target === name || target.startsWith(`${name}/`)),
      );
    expect(unused).toEqual([]);
  });
});

test('every script and every file that README and CONTRIBUTING name exists', () => {
  const { scripts = {} } = manifestOf('package.json');
  for (const document of ['README.md', 'CONTRIBUTING.md']) {
    const text = textOf(document);
    for (const [, name] of text.matchAll(/\bnpm run ([a-z-]+)/g))
      expect(Object.keys(scripts), document).toContain(name);
    for (const [, path] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
      expect(
        files.some((file) => file === path || file.startsWith(path)),
        `${document}: ${path}`,
      ).toBe(true);
  }
  for (const [name, command] of Object.entries(scripts))
    for (const [, path] of command.matchAll(/\bnode (\S+\.ts)/g))
      expect(files, `npm run ${name}`).toContain(path);
});
