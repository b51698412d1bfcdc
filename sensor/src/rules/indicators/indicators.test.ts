// Indicator lists: what a line may be, what it finds, and what wrong lines say.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAddress } from '../prefix.ts';
import { buildLists } from './index.ts';
import { type IndicatorKind, kindNumber } from './kinds.ts';
import { IndicatorSet } from './set.ts';
import { HashTable, TableBuilder } from './table.ts';

const NOW = 1_767_600_000;

function read(text: string): { set: IndicatorSet; problems: readonly string[] } {
  const { memory, reports, failures } = buildLists([{ file: 'lists/bad.txt', text }]);
  expect(failures).toEqual([]);
  return { set: new IndicatorSet(memory), problems: reports[0].problems };
}
/** The suffix that was found, with what is said of it. */
function domain(set: IndicatorSet, name: string) {
  const row = set.suffix(kindNumber('domain'), name, NOW);
  return row < 0
    ? undefined
    : { value: name.slice(set.from, set.end).toLowerCase(), label: set.labels.said(row, NOW)?.label };
}
function address(set: IndicatorSet, text: string) {
  const words = parseAddress(text)!;
  const row = set.prefix(words, 0, words.length, NOW);
  return row < 0 ? undefined : { bits: set.bits, label: set.labels.said(row, NOW)?.label };
}
function whole(set: IndicatorSet, kind: IndicatorKind, text: string) {
  const row = set.text(kindNumber(kind), text, NOW);
  return row < 0 ? undefined : set.labels.said(row, NOW)?.label;
}

describe('domains', () => {
  const { set } = read(
    'evil.example\n*.star.example\n.dot.example.\nBÜCHER.example\n_dmarc.u.example\na.b.evil.example\n',
  );
  test.each([
    ['evil.example', 'evil.example'],
    ['a.evil.example', 'evil.example'],
    ['EVIL.Example.', 'evil.example'],
    ['x.y.star.example', 'star.example'],
    ['dot.example', 'dot.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['a._dmarc.u.example', '_dmarc.u.example'],
  ])('%s is found as %s', (name, value) => expect(domain(set, name)?.value).toBe(value));
  test.each(['notevil.example', 'evil.example.org', 'example', 'vil.example', '', '.', 'a'.repeat(300)])(
    '%.20j is not found',
    (name) => expect(domain(set, name)).toBeUndefined(),
  );
  test('a name is found exactly when it is on the list or below a name that is', () => {
    const label = fc.constantFrom('a', 'b', 'ab', 'c1', 'x-y');
    const name = fc.array(label, { minLength: 2, maxLength: 5 }).map((labels) => labels.join('.'));
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 5 }), name, (list, asked) => {
        const wanted = list.some((entry) => asked === entry || asked.endsWith(`.${entry}`));
        expect(domain(read(list.join('\n')).set, asked) !== undefined).toBe(wanted);
      }),
    );
  });
});

describe('addresses', () => {
  const { set } = read(
    '192.0.2.7\n198.51.100.0/24\n198.51.100.128/25 ; Half, low, 10\n2001:db8:bad::/48\n2001:DB8::9\n',
  );
  test.each([
    ['192.0.2.7', 32],
    ['198.51.100.1', 24],
    ['2001:db8:bad:1::1', 48],
    ['2001:db8::9', 128],
  ])('%s is found', (text, bits) => expect(address(set, text)?.bits).toBe(bits));
  test('the longest prefix speaks', () => expect(address(set, '198.51.100.200')?.label?.name).toBe('Half'));
  test.each(['192.0.2.8', '198.51.101.1', '2001:db8:bae::1', '::1'])('%s is not found', (text) =>
    expect(address(set, text)).toBeUndefined(),
  );
});

test('fingerprints are found whole, each under its own kind', () => {
  const ja3 = '0123456789abcdef0123456789abcdef';
  const ja4 = 't13d1516h2_8daaf6152771_e5627efa2ab1';
  const { set } = read(`ja3:${ja3}\nja4:${ja4} ; Loader, critical, 95`);
  expect(whole(set, 'ja3', ja3.toUpperCase())?.list).toBe('bad');
  expect(whole(set, 'ja3s', ja3)).toBeUndefined();
  expect(whole(set, 'ja4', ja4)).toMatchObject({
    name: 'Loader',
    severity: 'critical',
    confidence: 95,
  });
});

test('comments, blank lines, words of a line and words for all lines below', () => {
  const { set, problems } = read(
    '# head\n\n  a.example   # why\n* ; Kit, low, 20\nb.example\nc.example ; , high\nd.example ; Own\r\n',
  );
  expect(problems).toEqual([]);
  expect(domain(set, 'a.example')?.label).toMatchObject({
    list: 'bad',
    name: 'bad',
    severity: 'high',
    confidence: 80,
  });
  expect(domain(set, 'b.example')?.label).toMatchObject({ name: 'Kit', severity: 'low', confidence: 20 });
  expect(domain(set, 'c.example')?.label).toMatchObject({ name: 'Kit', severity: 'high', confidence: 20 });
  expect(domain(set, 'd.example')?.label).toMatchObject({ name: 'Own', severity: 'low' });
});

test.each([
  ['ok.example\nlocalhost', '2:1: "localhost" is no domain'],
  ['https://evil/a', 'is no URL'],
  ['a.example ; n, hihg', '1:12: unknown severity "hihg" (did you mean "high"?)'],
  ['a.example ; n, high, 101', 'confidence is a percentage'],
  ['a.example ; n, high, 1, 2', 'expected "; name, severity, confidence"'],
  ['ja3:xyz', '"xyz" is no JA3 fingerprint'],
  ['ja5:0123', 'unknown kind "ja5:" (did you mean "ja3"?)'],
  ['0.0.0.0/0', 'names too much'],
  ['2000::/3', 'names too much'],
  ['1.2.3', 'is no domain'],
  ['a b.example', 'is no domain'],
  ['x'.repeat(2_000), 'longer than'],
])('%.30j is refused', (text, wanted) => {
  const { problems } = read(text);
  expect(problems.length).toBe(1);
  expect(problems[0]).toContain('lists/bad.txt:');
  expect(problems[0]).toContain(wanted);
});

test('the table keeps what it was given, the first of two, and nothing else', () => {
  const builder = new TableBuilder();
  const a = (i: number) => Math.imul(i, 0x9e3779b1);
  for (let i = 0; i < 70_000; i++) builder.add(a(i), i * 7, i ^ 5, i);
  builder.add(a(3), 21, 3 ^ 5, 99);
  const table = new HashTable(builder.seal((first) => first));
  expect(table.size).toBe(70_000);
  for (let i = 0; i < 70_000; i++) expect(table.get(a(i), i * 7, i ^ 5)).toBe(i);
  for (let i = 0; i < 70_000; i++) expect(table.get(a(i), i * 7, i ^ 4)).toBe(-1);
});
