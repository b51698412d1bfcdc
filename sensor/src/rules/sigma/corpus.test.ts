// Other people's expectations of Sigma: pySigma's matcher cases and SigmaHQ's rules with the events they must find.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { plainFields, show } from '../../../../test/support/stage.ts';
import type { Event } from '../../protocols/event.ts';
import { vocabulary } from '../fields.ts';
import { words } from '../index.ts';
import { compileRules, loadRules } from '../load.ts';

const CORPUS = join(import.meta.dirname, '../../../../../shared/corpora/rules');
const there = existsSync(CORPUS);
const suite = there ? describe : describe.skip;
if (!there) console.warn('Sigma corpora are not beside this repository: their cases are skipped.');

/** Compiles a rule about any log source as if it spoke of ours, and shows it one event. */
function matches(rule: string, event: Record<string, unknown>): boolean {
  const text = rule.replace(
    /^logsource:\n(?:[ \t]+.*\n)+/m,
    'logsource:\n  product: yagura\n  service: test\n',
  );
  const named = [...rule.matchAll(/^\s*(?:- )?([A-Za-z_][\w.]*)(?:\|[a-z0-9|]+)?:/gm)].map((m) => m[1]);
  const fields = plainFields([...Object.keys(event), ...named]);
  const rules = compileRules([{ file: 'rule.yml', text }], vocabulary([], { test: fields }));
  expect(rules.problems.map(String)).toEqual([]);
  const happened = { type: 'test', time: 0, message: event, fields } as unknown as Event;
  let found = false;
  show(rules, happened, () => (found = true));
  return found;
}

const json = (name: string) =>
  there ? JSON.parse(readFileSync(join(CORPUS, name), 'utf8')) : { cases: [], pairs: [] };

suite('pySigma’s matcher', () => {
  for (const { name, rule, events } of json('sigma-semantics.json').cases)
    test(name, () => {
      for (const { event, matches: wanted } of events) expect(matches(rule, event)).toBe(wanted === 1);
    });
});

suite('SigmaHQ’s regression events', () => {
  const pairs: { rule_path: string; rule: string; event_flat: Record<string, unknown> }[] =
    json('sigma-regression.json').pairs;
  /** The corpus's flattening left out what the rule speaks of (the event's UserData). */
  const INCOMPLETE = ['rules/windows/builtin/wmi/win_wmi_activity_nteventlogfile_cleareventlog.yml'];
  /** Defender's events name their members with blanks, rules without. */
  const joined = (event: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(event).map(([key, value]) => [key.replaceAll(' ', ''), value]));
  test('every rule finds its event, and not an empty one', () => {
    const missed = pairs
      .filter(({ rule, event_flat }) => !matches(rule, joined(event_flat)))
      .map(({ rule_path }) => rule_path);
    expect(missed).toEqual(INCOMPLETE);
    expect(pairs.length).toBeGreaterThan(50);
    const strange = (event: Record<string, unknown>) =>
      Object.fromEntries(Object.keys(event).map((key) => [key, '\u0001']));
    const eager = pairs
      .filter(({ rule, event_flat }) => matches(rule, strange(event_flat)))
      .map(({ rule_path }) => rule_path);
    expect(eager).toEqual([]);
  });
});

suite('SigmaHQ’s network rules', () => {
  test('load, or are refused with file, line, column and a reason', () => {
    const folders = readdirSync(join(CORPUS, 'sigma'));
    const { rules, problems } = loadRules(
      folders.map((folder) => join(CORPUS, 'sigma', folder)),
      words,
    );
    const reasons = new Map<string, number>();
    for (const problem of problems) {
      expect(problem.message).toMatch(/^[\w.-]+\.yml:\d+:\d+: /);
      const reason = problem.message.replace(/^\S+ /, '').replace(/ ?"[^"]*"| \(did you.*/g, '');
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    expect([...reasons.keys()].toSorted()).toEqual(['no wire shows the log source', 'unknown field']);
    expect(rules.length).toBeGreaterThan(60);
  });
});
