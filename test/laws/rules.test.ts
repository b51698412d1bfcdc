// Laws of the rule packs: every pack says what it is, every rule can be read by an analyst in two languages.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { detectors } from '../../sensor/src/detectors/index.ts';
import { TECHNIQUES, techniquesOf } from '../../sensor/src/rules/attack.ts';

const RULES = join(import.meta.dirname, '../../rules');
const packs = readdirSync(RULES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'indicators')
  .map(({ name }) => name);
const UUID4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
interface Rule {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly falsepositives: readonly string[];
  readonly yagura: { readonly reason: { readonly en: string; readonly ja: string } };
}
const ids = new Set<string>();
/** What analysts read of rules that came before: no two say the same. */
const sentences = new Set<string>();

describe.each(packs)('pack %s', (pack) => {
  const files = readdirSync(join(RULES, pack));
  test('says what it is', () => {
    const { name, about, ...rest } = parse(readFileSync(join(RULES, pack, 'pack.yaml'), 'utf8'));
    expect([typeof name.en, typeof name.ja, Object.keys(rest)]).toEqual(['string', 'string', []]);
    expect(about.trim()).toMatch(/\.$/);
    expect(files.length).toBeGreaterThan(1);
  });
  test.each(files.filter((file) => file !== 'pack.yaml'))('%s', (file) => {
    const documents = parseAllDocuments(readFileSync(join(RULES, pack, file), 'utf8'));
    for (const document of documents as Iterable<{ toJS(): Rule }>) {
      const rule = document.toJS();
      expect(rule.id).toMatch(UUID4);
      expect(ids.has(rule.id)).toBe(false);
      ids.add(rule.id);
      expect(rule.title.length).toBeLessThanOrEqual(100);
      expect(rule.description.trim()).toMatch(/\.$/);
      expect(rule.tags.some((tag) => tag.startsWith('attack.'))).toBe(true);
      for (const technique of techniquesOf(rule.tags)) expect(Object.keys(TECHNIQUES)).toContain(technique);
      expect(rule.falsepositives.length).toBeGreaterThan(0);
      expect(rule.yagura.reason.en).toMatch(/\.$/);
      expect(rule.yagura.reason.ja).toMatch(/[ぁ-んァ-ヶ一-龠].*。$/);
      const told = [rule.title, rule.yagura.reason.en, rule.yagura.reason.ja];
      expect(told.filter((sentence) => sentences.has(sentence))).toEqual([]);
      for (const sentence of told) sentences.add(sentence);
    }
  });
});

test('the packs are those that the README lists', () => {
  const text = readFileSync(join(RULES, 'README.md'), 'utf8');
  const table = text.slice(text.indexOf('## Packs'), text.indexOf('## Ids'));
  expect([...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, pack]) => pack).sort()).toEqual(packs.sort());
});

test('the README names every severity and only modifiers and knobs that exist', () => {
  const text = readFileSync(join(RULES, 'README.md'), 'utf8');
  for (const level of ['critical', 'high', 'medium', 'low', 'informational'])
    expect(text).toContain(`| \`${level}\` |`);
  for (const [, detector, knob] of text.matchAll(/`([a-z-]+)\.(\w+_s)`/g))
    expect(Object.keys(detectors.find(({ name }) => name === detector)?.knobs ?? {})).toContain(knob);
});
