// For each detector: traffic that it must tell, and traffic that looks alike and is honest. One file each in `detectors/`.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './detectors.plays.ts';

const FOLDER = join(import.meta.dirname, 'detectors');

/** What a file of cases has to say. */
interface Cases {
  readonly cases: readonly Case[];
}

const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.ts'))
  .toSorted();
const found = await Promise.all(files.map((name): Promise<Cases> => import(join(FOLDER, name))));

export const cases: readonly Case[] = found.flatMap((file) => file.cases);
export { CASE_RULES } from './detectors/rule-match.ts';
