// Parts of records that a number decides: made once, whatever other numbers come between.
import { expect, test } from 'vitest';
import { JsonBytes } from './json.ts';
import { Texts } from './json-texts.ts';
import { latin1 } from './text.ts';

/** What nearly every DNS message has in its flags: queries, answers, answers of an authority, names that are not. */
const FLAGS = [0x0100, 0x8180, 0x8580, 0x8183, 0x8583, 0x0120, 0x81a0];

test('usual flags of DNS do not drive each other out', () => {
  let made = 0;
  const texts = new Texts((number) => {
    made++;
    return `"${number}",`;
  });
  for (let round = 0; round < 100; round++) for (const flags of FLAGS) texts.of(flags);
  expect(made).toBe(FLAGS.length);
});

test('each number has its own text, however many there are', () => {
  const texts = new Texts((number) => `"${number}",`);
  const out = new JsonBytes(64);
  for (let round = 0; round < 2; round++)
    for (let number = 0; number < 5000; number++) {
      out.at = 0;
      out.prepared(texts.of(number));
      if (latin1(out.bytes, 0, out.at) !== `"${number}",`) expect.fail(String(number));
    }
});
