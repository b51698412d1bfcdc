// MD5 of any text, against the crypto library.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MD5_ROOM, md5 } from './md5.ts';

test('any text, of one block or several', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (text) => {
      const padded = new Uint8Array(text.length + MD5_ROOM).fill(0xff);
      padded.set(text);
      const out = new Uint8Array(34);
      md5(padded, text.length, out, 1);
      expect(Buffer.from(out.subarray(1, 33)).toString()).toBe(createHash('md5').update(text).digest('hex'));
      expect([out[0], out[33]]).toEqual([0, 0]);
    }),
    { numRuns: 500 },
  );
});
