// Values cross from thread to thread as they are; what has no room is left out whole, and nothing else with it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Value } from '../protocols/event.ts';
import { RecordBytes } from './record.ts';
import { ValueReader, ValueWriter } from './values.ts';

const one = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  // Lone halves of characters, too: a peer writes what it likes.
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
  fc.double(),
  fc.boolean(),
);
const value = fc.oneof(one, fc.array(fc.option(one, { nil: undefined })));

test.each([
  ['ample room', 1 << 16],
  ['little room', 64],
])('any values, with %s', (_, room) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(0xffff), value), { maxLength: 20 }), fc.nat(16), (all, at) => {
      const record = new RecordBytes(room);
      const writer = new ValueWriter(record);
      writer.begin(at);
      const written: [number, Value][] = [];
      for (const [slot, held] of all) if (writer.add(slot, held)) written.push([slot, held]);
      if (room === 1 << 16) expect(written.length).toBe(all.length);
      expect(writer.end()).toBeLessThanOrEqual(room);
      const read: [number, Value][] = [];
      new ValueReader(record).read(at, (slot, held) => read.push([slot, held]));
      expect(read).toEqual(written);
    }),
  );
});
