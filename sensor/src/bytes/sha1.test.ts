// SHA-1 of short messages, against the crypto library.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_MESSAGE, sha1 } from './sha1.ts';

test('any message of one block', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: MAX_MESSAGE }), (message) => {
      const block = new Uint8Array(64).fill(0xff);
      block.set(message);
      const out = new Int32Array(7);
      sha1(block, message.length, out, 1);
      const hex = [...out.subarray(1, 6)].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
      expect(hex).toBe(createHash('sha1').update(message).digest('hex'));
      expect([out[0], out[6]]).toEqual([0, 0]);
    }),
    { numRuns: 300 },
  );
});
