// What is written straight into bytes is what the general ways to make text say.
import { expect, it } from 'vitest';
import { ipv4Text, ipv6Text } from './address.ts';
import { JsonBytes, jsonKey, Prepared } from './json.ts';
import { formatTime } from './time.ts';

/** What stands in the buffer after `write`, which may lap over but must not leave anything behind `at`. */
function written(write: (out: JsonBytes) => void): string {
  const out = new JsonBytes(16);
  out.prepared(new Prepared('[['));
  write(out);
  out.prepared(new Prepared(']]'));
  const text = Buffer.from(out.bytes.subarray(0, out.at)).toString('latin1');
  expect(text.startsWith('[[') && text.endsWith(']]')).toBe(true);
  return text.slice(2, -2);
}

/** Numbers of every length, their neighbours, and numbers between. */
const numbers = [
  0, 9, 10, 99, 100, 255, 256, 999, 1000, 1001, 9_999, 10_000, 65_535, 999_999, 1_000_000, 1_000_001,
]
  .concat([
    12_345_678,
    999_999_999,
    1_000_000_000,
    1_002_003_004,
    0x7fffffff,
    0x80000000,
    0xffffffff,
    2 ** 53,
  ])
  .concat([-1, -1000, 0.5, 1e21, 1e-7]);
const words = [0, 1, 0x10, 0xabc, 0xfff1, 0x10000, 0xffff0000, 0xffffffff, 0x20010db8, 0xa0000];

it('writes numbers as JSON.stringify does', () => {
  for (const n of numbers) {
    expect(written((out) => out.number(n))).toBe(JSON.stringify(n));
    expect(written((out) => out.count(jsonKey('n'), n))).toBe(`"n":${JSON.stringify(n)},`);
  }
  expect(written((out) => out.number(Number.NaN))).toBe('0');
  for (let n = 0; n < 70_000; n += 7) expect(written((out) => out.number(n))).toBe(String(n));
});

it('writes times as formatTime does', () => {
  for (const us of [
    0, 1, 999_999, 1e6, 1_767_225_691_391_553, 1_767_225_691_391_000, 253_402_300_799e6, -5, 1e18,
  ])
    expect(written((out) => out.time(us))).toBe(`"${formatTime(us)}"`);
});

it('writes addresses as their texts', () => {
  for (const a of [0, 0x0a140034, 0x01020304, 0xffffffff, 0x7f000001, 0xc0a80a64])
    expect(written((out) => out.ipv4(a | 0))).toBe(`"${ipv4Text(a)}"`);
  for (const a of words)
    for (const b of words)
      for (const c of words)
        for (const d of words)
          expect(written((out) => out.ipv6(a | 0, b | 0, c, d | 0))).toBe(`"${ipv6Text(a, b, c, d)}"`);
});

it('writes texts of any length eight bytes at a time, and again', () => {
  for (let length = 0; length < 40; length++) {
    const text = 'abcdefghijklmnopqrstuvwxyz0123456789{}[]"'.slice(0, length);
    expect(written((out) => out.prepared(new Prepared(text)))).toBe(text);
    expect(
      written((out) => {
        const from = out.at;
        out.prepared(new Prepared(text));
        out.again(from, length);
      }),
    ).toBe(text + text);
  }
});

it('escapes what JSON must escape', () => {
  for (const text of ['', 'plain', '"\\', '\u0000\n\u007f', 'é東京😀']) {
    const json = written((out) => out.text(text));
    expect(JSON.parse(json)).toBe(text);
    expect(json).toMatch(/^[\x20-\x7e]*$/);
  }
});
