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
  const folders = there ? readdirSync(join(CORPUS, 'sigma')) : [];
  const { rules, problems } = loadRules(
    folders.map((folder) => join(CORPUS, 'sigma', folder)),
    words,
  );
  const reasons = new Map<string, number>();
  for (const { message } of problems) {
    const reason = message.replace(/^\S+ /, '').replace(/no wire shows (the log source )?"[^"]*": /, '');
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }

  test('are refused with file, line, column and what no wire shows', () => {
    for (const { message } of problems) expect(message).toMatch(/^[\w.-]+\.yml:\d+:\d+: no wire shows /);
    expect(Object.fromEntries(reasons)).toEqual({
      'the log of a honeypot, which alone knows that it is one': 14,
      'only the host knows which process, and which user, stands behind a packet': 31,
      'what a network device writes about itself: commands, logins, its configuration, its neighbours': 11,
      'only the server knows who is logged in': 1,
    });
  });
  test('compile where a network shows what they speak of: at least 98 in 100', () => {
    const unseen = [...reasons.values()].reduce((sum, count) => sum + count, 0);
    const shown = rules.length + problems.length - unseen;
    expect(rules.length / shown).toBeGreaterThanOrEqual(0.98);
    expect(rules.length).toBeGreaterThanOrEqual(93);
  });
});

suite('SigmaHQ’s correlations', () => {
  /** The rules that they count stand elsewhere: these have their names. */
  const COUNTED = ['5638f7c0-ac70-491d-8465-2a65075e0d86', 'recon_cmd_a', 'recon_cmd_b', 'recon_cmd_c'];
  const counted = COUNTED.map(
    (name) =>
      `title: ${name}\n${/^\d/.test(name) ? 'id' : 'name'}: ${name}\nlogsource:\n  product: any\n  service: any\ndetection:\n  s:\n    EventID: 1\n  condition: s\n`,
  ).join('---\n');
  const folder = join(CORPUS, 'sigma-correlation');
  const files = there ? readdirSync(folder) : [];
  test.each(files)('%s compiles', (file) => {
    const text = `${readFileSync(join(folder, file), 'utf8')}\n---\n${counted}`.replace(
      /^logsource:\n(?:[ \t]+.*\n)+/gm,
      'logsource:\n  product: yagura\n  service: test\n',
    );
    const fields = ['EventID', 'User', 'ComputerName', 'WorkstationName', 'dns.question.name'];
    const set = compileRules([{ file, text }], vocabulary([], { test: plainFields(fields) }));
    expect(set.problems.map(({ message }) => message)).toEqual([]);
    expect(set.correlations.length + set.rules.length).toBeGreaterThan(COUNTED.length);
  });
});
