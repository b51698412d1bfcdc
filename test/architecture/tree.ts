// The repository as the architecture tests see it: its files, their texts, and which of them import which.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** Folders that hold what was installed, built or run, not what was written. */
const NOT_WRITTEN = new Set(['node_modules', 'dist', '.git', 'coverage', 'state']);

function below(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return NOT_WRITTEN.has(entry.name) ? [] : below(path);
    return entry.isFile() ? [path] : [];
  });
}

/** Every written file, as a path from the root with `/`. */
export const files: readonly string[] = below('.').sort();

export const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const isTest = (file: string): boolean => /\.test\.tsx?$/.test(file);

/** TypeScript of the programs themselves: no tests, no declarations. */
export const sources: readonly string[] = files.filter(
  (file) => /^(sensor|aggregator|deploy)\/.*\.tsx?$/.test(file) && !isTest(file) && !file.endsWith('.d.ts'),
);

/** Code without comments, so that prose is not taken for code. Strings stay: a `//` in one is seldom a comment. */
export const codeOf = (file: string): string =>
  textOf(file)
    .replaceAll(/\/\*[\s\S]*?\*\//g, ' ')
    .replaceAll(/(^|[^:'"`\\])\/\/.*$/gm, '$1');

const IMPORT =
  /^\s*(?:import|export)\s[^'";]*?\bfrom\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

/** What a file imports, types too: a path from the root for ours, the specifier as written for others. */
export function importsOf(file: string): string[] {
  const found: string[] = [];
  for (const [, from, bare, dynamic] of codeOf(file).matchAll(IMPORT)) {
    const specifier = from ?? bare ?? dynamic;
    found.push(specifier.startsWith('.') ? posix.join(dirname(file), specifier) : specifier);
  }
  return found;
}
