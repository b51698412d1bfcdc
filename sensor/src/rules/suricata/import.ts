// Suricata's rules alone, out of files and folders: what of them works here.
import { SensorError } from '../../errors.ts';
import type { Vocabulary } from '../fields.ts';
import { sourcesAt } from '../load.ts';
import { Row } from '../row.ts';
import { isSuricataName, loadSignatures, type SuricataText, uncommented } from './load.ts';
import type { SignatureSet } from './set.ts';

export interface Imported {
  readonly signatures: SignatureSet;
  /** Rules and settings that are wrong. */
  readonly problems: readonly SensorError[];
  /** Files of rules. */
  readonly files: number;
}

/**
 * @param isCommented rules that are commented out are read, too
 * @throws SensorError file_unreadable
 */
export function importSignatures(
  paths: readonly string[],
  vocabulary: Vocabulary,
  isCommented = false,
): Imported {
  const texts: SuricataText[] = [];
  for (const source of sourcesAt(paths)) {
    if (!isSuricataName(source.file) || source.text === undefined) continue;
    const isRules = source.file.endsWith('.rules');
    texts.push({
      file: source.file,
      text: isRules && isCommented ? uncommented(source.text) : source.text,
      ...(source.path !== undefined && { path: source.path }),
    });
  }
  const problems: SensorError[] = [];
  const rows = new Map<string, Row>();
  const row = (type: string): Row => {
    let found = rows.get(type);
    if (found === undefined) rows.set(type, (found = new Row()));
    return found;
  };
  const signatures = loadSignatures(texts, vocabulary, row, (work) => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof SensorError)) throw error;
      problems.push(error);
    }
  });
  return { signatures, problems, files: texts.filter(({ file }) => file.endsWith('.rules')).length };
}
