// The rule languages: the vocabulary made of our protocols' fields, and the loader that compiles rules against it.
import { envelope } from '../protocols/envelope.ts';
import { recordFields } from '../protocols/index.ts';
import { loadRulesAside as aside } from './aside.ts';
import { vocabulary } from './fields.ts';
import type { BuiltLists } from './indicators/build.ts';
import { type LoadOptions, loadRules as load, type RuleSet } from './load.ts';
import { type Imported, importSignatures } from './suricata/import.ts';

/** Every word that a rule may use: EVE paths without list marks, per event type and all together. */
export const words = vocabulary(envelope, recordFields);

/**
 * Loads rule files, indicator lists, or folders of them.
 * @throws SensorError file_unreadable; rule_invalid or indicator_invalid in strict mode (else they are in `problems`)
 */
export const loadRules = (paths: string | readonly string[], options?: LoadOptions): RuleSet =>
  load(paths, words, options);

/**
 * The same while packets flow: no step of it takes long.
 * @param lists of indicators, where another thread has read them already
 */
export const loadRulesAside = (paths: readonly string[], lists?: BuiltLists): Promise<RuleSet> =>
  aside(paths, words, lists);

/**
 * Suricata's rules alone.
 * @throws SensorError file_unreadable
 */
export const suricataRules = (paths: readonly string[], isCommented: boolean): Imported =>
  importSignatures(paths, words, isCommented);

export type { BuiltLists } from './indicators/build.ts';
export type { RuleSet } from './load.ts';
export { saidOf } from './said.ts';
