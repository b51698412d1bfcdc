// Suricata's files among those that are loaded: rules, and the settings that lie beside them.
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { SensorError } from '../../errors.ts';
import type { Vocabulary } from '../fields.ts';
import type { Row } from '../row.ts';
import { SignatureLoader, type SignatureSet } from './set.ts';
import { readSettings, SETTING_FILES } from './settings.ts';

/** A file's name in errors, what stands in it, and where it lies. */
export interface SuricataText {
  readonly file: string;
  readonly text: string;
  readonly path?: string;
}

const NAMES: readonly string[] = SETTING_FILES;
const MAX_DATA = 256 * 1024 * 1024;

/** Rules, or settings that are read before them. Datasets are read when a rule names them. */
export const isSuricataName = (file: string): boolean =>
  file.endsWith('.rules') || NAMES.includes(basename(file));

const COMMENTED =
  /^[ \t]*#[ \t]*(?=(?:alert|drop|pass|reject(?:src|dst|both)?)[ \t]+\S+[ \t]+\S.*\)[ \t]*\r?$)/gm;

/** The same file with the rules that are commented out. */
export const uncommented = (text: string): string => text.replace(COMMENTED, '');

/** @param report takes what is wrong, an error a rule */
export function* loadingSignatures(
  texts: readonly SuricataText[],
  vocabulary: Vocabulary,
  row: (type: string) => Row,
  report: (work: () => void) => void,
): Generator<void, SignatureSet> {
  const rules = texts.filter(({ file }) => file.endsWith('.rules'));
  const others = texts.filter(({ file }) => !file.endsWith('.rules'));
  const folders = [...new Set(rules.flatMap(({ path }) => (path === undefined ? [] : [dirname(path)])))];
  const files = (name: string): string | undefined => dataFile(folders, name);
  let settings = readSettings([], files);
  if (rules.length > 0)
    report(() => {
      settings = readSettings(others, files);
    });
  const loader = new SignatureLoader(settings, vocabulary, row);
  for (const { file, text } of rules)
    yield* loader.read(file, text, (error: SensorError) =>
      report(() => {
        throw error;
      }),
    );
  return yield* loader.finish();
}

/** The same at once. */
export function loadSignatures(...given: Parameters<typeof loadingSignatures>): SignatureSet {
  const work = loadingSignatures(...given);
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

/** A file that a dataset is loaded from: by its name, beside the rules, or in a folder below them, and nowhere else. */
function dataFile(folders: readonly string[], name: string): string | undefined {
  if (name.startsWith('/') || name.split('/').includes('..')) return undefined;
  for (const folder of folders) {
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isFile() && found.size <= MAX_DATA) return readFileSync(path, 'utf8');
  }
  return undefined;
}
