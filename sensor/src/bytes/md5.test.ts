// MD5 of any text, against the crypto library.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MD5_ROOM, md5 } from './md5.ts';

test('any text, of one block or several', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (text) => {
      const padded = new Uint8Array((text.length + MD5_ROOM + 3) & ~3).fill(0xff);
      padded.set(text);
      const out = new Uint16Array(17);
      md5(new Int32Array(padded.buffer), text.length, out);
      expect(Buffer.from(out.buffer).toString('latin1', 0, 32)).toBe(
        createHash('md5').update(text).digest('hex'),
      );
      expect(out[16]).toBe(0);
      expect(padded.subarray(0, text.length)).toEqual(text);
    }),
    { numRuns: 500 },
  );
});
