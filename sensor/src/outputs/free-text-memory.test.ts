// What is remembered of a text is what is made of it each time, whatever else was remembered in between.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonBytes } from '../bytes/json.ts';
import { cleaned } from './free-text.ts';
import { FreeTextMemory } from './free-text-memory.ts';

test('the first time and again, alone and in the place of another', () => {
  const memory = new FreeTextMemory(cleaned);
  const said = (bytes: Uint8Array, at: number, end: number): unknown => {
    const out = new JsonBytes(16);
    memory.write(out, bytes, at, end);
    return JSON.parse(Buffer.from(out.bytes.subarray(0, out.at)).toString());
  };
  // Few octets, so that texts meet in a place and differ in one octet that did not choose it.
  const octet = fc.oneof(fc.constantFrom(...Buffer.from('aA1@:/ ."\\\n')), fc.integer({ min: 0, max: 255 }));
  const texts = fc.array(fc.array(octet, { maxLength: 40 }), { minLength: 1, maxLength: 8 });
  const long = fc.array(fc.array(octet, { minLength: 200, maxLength: 300 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.oneof(texts, long), fc.nat(3), (all, offset) => {
      for (const one of [...all, ...all]) {
        const bytes = Uint8Array.from([...new Array(offset).fill(0x40), ...one, 0x40]);
        const text = Buffer.from(one).toString('latin1');
        expect(said(bytes, offset, offset + one.length)).toBe(cleaned(text));
      }
    }),
  );
});

test('one octet apart is another text', () => {
  const memory = new FreeTextMemory((text) => text);
  const bytes = Buffer.from('Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0');
  for (let i = 0; i < bytes.length; i++) {
    for (const octet of [bytes[i], bytes[i] ^ 1]) {
      const other = Buffer.from(bytes);
      other[i] = octet;
      const out = new JsonBytes(16);
      memory.write(out, other, 0, other.length);
      expect(Buffer.from(out.bytes.subarray(0, out.at)).toString()).toBe(JSON.stringify(other.toString()));
    }
  }
});
