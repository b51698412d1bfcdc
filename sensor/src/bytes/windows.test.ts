// Text, GUIDs and times as Windows writes them.
import { expect, test } from 'vitest';
import { octets } from '../../../test/support/packets/octets.ts';
import { base64 } from './base64.ts';
import { filetime, guid, oem, u64le, utf16le } from './windows.ts';

test('text ends at its NUL and keeps no control character', () => {
  const b = octets('a\0b\0\x07\0\x42\x30', [0, 0], 'c\0');
  expect(utf16le(b, 0, b.length)).toBe('abあ');
  expect(utf16le(b, 0, 3)).toBe('a');
  expect(oem(octets('ab\x01c\0d'), 0, 6)).toBe('abc');
  expect(oem(octets('abcdef'), 0, 6, 3)).toBe('abc');
});

test('a GUID turns its first three groups', () => {
  const b = Uint8Array.from([
    0x83, 0xaf, 8, 0xe1, 0x1f, 0x5d, 0xc9, 0x11, 0x91, 0xa4, 8, 0, 0x2b, 0x14, 0xa0, 0xfa,
  ]);
  expect(guid(b, 0)).toBe('e108af83-5d1f-11c9-91a4-08002b14a0fa');
});

test('numbers and times', () => {
  expect(u64le(Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0), 0)).toBe(4_294_967_297);
  // 2021-01-01T00:00:00Z is 132539328000000000.
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, 132_539_328_000_000_000n, true);
  expect(filetime(time, 0)).toBe(1_609_459_200);
  expect(filetime(new Uint8Array(8), 0)).toBe(0);
});

test('Base64', () => {
  expect([...base64('AQID')]).toEqual([1, 2, 3]);
  expect(base64('A'.repeat(20), 10)).toHaveLength(0);
});
