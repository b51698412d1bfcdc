// Four bytes at a time says what one at a time says, wherever the bytes stand.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { find, sameWord, word } from './text.ts';
import { CaselessWord, findIn, keptView } from './words.ts';

const LF = 0x0a;
/** Bytes near the one looked for, so that carries between them would show. */
const near = fc.constantFrom(LF, LF - 1, LF + 1, 0, 0x8a, 0xff, 0x41);

test('a byte is found where it is, and not behind the end', () => {
  fc.assert(
    fc.property(fc.array(near, { maxLength: 40 }), fc.nat(40), fc.nat(40), (list, from, to) => {
      const bytes = Uint8Array.from(list);
      const end = Math.min(to, bytes.length);
      const at = Math.min(from, end);
      expect(findIn(keptView(bytes), LF, at, end)).toBe(find(bytes, LF, at, end));
    }),
  );
});

test('a view is that of its bytes, even when they begin inside their buffer', () => {
  const whole = Uint8Array.of(1, 2, 3, 4, 5);
  const inside = whole.subarray(2);
  expect(keptView(whole).getUint8(0)).toBe(1);
  expect(keptView(inside).getUint8(0)).toBe(3);
  expect(keptView(whole).getUint8(0)).toBe(1);
});

test('a word in any case, and nothing that differs in more than case', () => {
  for (const name of ['host', 'server', 'content-type', 'sec-websocket-protocol']) {
    const caseless = new CaselessWord(name);
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.nat(name.length - 1), octet, fc.boolean(), (i, value, upper) => {
        const bytes = word(`: ${upper ? name.toUpperCase() : name}`);
        bytes[2 + i] = value;
        expect(caseless.isAt(keptView(bytes), 2)).toBe(sameWord(bytes, 2, word(name)));
      }),
      { numRuns: 500 },
    );
  }
});
