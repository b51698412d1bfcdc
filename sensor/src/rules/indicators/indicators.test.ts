// Indicator lists: what a line may be, what it finds, and what wrong lines say.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SensorError } from '../../errors.ts';
import { parseAddress } from '../prefix.ts';
import { readIndicators } from './list.ts';
import { IndicatorSet } from './set.ts';
import { HashTable } from './table.ts';

function read(text: string): { set: IndicatorSet; problems: string[] } {
  const set = new IndicatorSet();
  const problems: SensorError[] = [];
  readIndicators('lists/bad.txt', text, set, (problem) => problems.push(problem));
  expect(problems.every(({ code }) => code === 'indicator_invalid')).toBe(true);
  return { set, problems: problems.map(({ message }) => message) };
}
const address = (set: IndicatorSet, text: string) => set.address(parseAddress(text)!, text);

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
  ])('%s is found as %s', (name, value) => expect(set.domain(name)?.value).toBe(value));
  test.each(['notevil.example', 'evil.example.org', 'example', 'vil.example', '', '.', 'a'.repeat(300)])(
    '%.20j is not found',
    (name) => expect(set.domain(name)).toBeUndefined(),
  );
  test('a name is found exactly when it is on the list or below a name that is', () => {
    const label = fc.constantFrom('a', 'b', 'ab', 'c1', 'x-y');
    const name = fc.array(label, { minLength: 2, maxLength: 5 }).map((labels) => labels.join('.'));
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 5 }), name, (list, asked) => {
        const wanted = list.some((entry) => asked === entry || asked.endsWith(`.${entry}`));
        expect(read(list.join('\n')).set.domain(asked) !== undefined).toBe(wanted);
      }),
    );
  });
});

describe('addresses', () => {
  const { set } = read(
    '192.0.2.7\n198.51.100.0/24\n198.51.100.128/25 ; Half, low, 10\n2001:db8:bad::/48\n2001:DB8::9\n',
  );
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['198.51.100.1', '198.51.100.0/24'],
    ['2001:db8:bad:1::1', '2001:db8:bad::/48'],
    ['2001:db8::9', '2001:db8::9'],
  ])('%s is found', (text, value) => expect(address(set, text)?.value).toBe(value));
  test('the longest prefix speaks', () => expect(address(set, '198.51.100.200')?.label.name).toBe('Half'));
  test.each(['192.0.2.8', '198.51.101.1', '2001:db8:bae::1', '::1'])('%s is not found', (text) =>
    expect(address(set, text)).toBeUndefined(),
  );
});

test('fingerprints are found whole, each under its own kind', () => {
  const ja3 = '0123456789abcdef0123456789abcdef';
  const ja4 = 't13d1516h2_8daaf6152771_e5627efa2ab1';
  const { set } = read(`ja3:${ja3}\nja4:${ja4} ; Loader, critical, 95`);
  expect(set.fingerprint('ja3', ja3.toUpperCase())?.value).toBe(ja3);
  expect(set.fingerprint('ja3s', ja3)).toBeUndefined();
  expect(set.fingerprint('ja4', ja4)?.label).toMatchObject({
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
  expect(set.domain('a.example')?.label).toEqual({
    list: 'bad',
    name: 'bad',
    severity: 'high',
    confidence: 80,
  });
  expect(set.domain('b.example')?.label).toMatchObject({ name: 'Kit', severity: 'low', confidence: 20 });
  expect(set.domain('c.example')?.label).toMatchObject({ name: 'Kit', severity: 'high', confidence: 20 });
  expect(set.domain('d.example')?.label).toMatchObject({ name: 'Own', severity: 'low' });
});

test.each([
  ['ok.example\nlocalhost', '2:1: "localhost" is no domain'],
  ['https://evil.example/a', 'a URL is no indicator'],
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

test('the table keeps what it was given while it grows', () => {
  const table = new HashTable();
  for (let i = 0; i < 5_000; i++) table.add(Math.imul(i, 0x9e3779b1), i * 7, i);
  expect(table.size).toBe(5_000);
  for (let i = 0; i < 5_000; i++) expect(table.get(Math.imul(i, 0x9e3779b1), i * 7)).toBe(i);
  expect(table.get(1, 2)).toBe(-1);
});
