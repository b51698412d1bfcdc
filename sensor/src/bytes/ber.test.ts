// ASN.1 elements in place: lengths of every form, what is cut, and numbers and identifiers out of their content.
import { expect, test } from 'vitest';
import { Element, elementLength, integer, oidText } from './ber.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const place = (b: Uint8Array): object | undefined => {
  const e = new Element();
  return e.read(b, 0, b.length) ? { tag: e.tag, from: e.from, to: e.to } : undefined;
};

test('lengths in one octet and in several', () => {
  expect(place(bytes(0x04, 2, 1, 2))).toEqual({ tag: 4, from: 2, to: 4 });
  expect(place(bytes(0x30, 0x82, 0, 1, 9))).toEqual({ tag: 0x30, from: 4, to: 5 });
  expect(place(bytes(0x7f, 0x65, 1, 9))).toEqual({ tag: 0x7f65, from: 3, to: 4 });
});

test('what is cut, endless or longer than anything is no element', () => {
  for (const b of [
    bytes(),
    bytes(4),
    bytes(4, 2, 1),
    bytes(0x30, 0x80, 0, 0),
    bytes(4, 0x82, 1),
    bytes(4, 0x85, 0, 0, 0, 0, 1, 1),
  ])
    expect(place(b)).toBeUndefined();
  const e = new Element();
  expect(e.open(bytes(0x30, 0x10, 1), 0, 3) && e.to).toBe(18);
});

test('siblings are found by tag', () => {
  const b = bytes(2, 1, 7, 4, 1, 8, 2, 1, 9);
  const e = new Element();
  expect(e.find(4, b, 0, b.length) && b[e.from]).toBe(8);
  expect(e.find(4, b, e.to, b.length)).toBe(false);
});

test('how long a whole element will be', () => {
  expect(elementLength(bytes(0x30), 0, 1)).toBe(0);
  expect(elementLength(bytes(0x30, 0x84, 0, 0), 0, 4)).toBe(0);
  expect(elementLength(bytes(0x30, 0x84, 0, 0, 1, 0), 0, 6)).toBe(262);
  expect(elementLength(bytes(0x30, 0x80), 0, 2)).toBe(-1);
});

test('numbers and object identifiers', () => {
  expect(integer(bytes(0xff), 0, 1)).toBe(-1);
  expect(integer(bytes(0, 0x80), 0, 2)).toBe(128);
  expect(integer(bytes(), 0, 0)).toBeUndefined();
  const spnego = bytes(0x2b, 6, 1, 5, 5, 2);
  expect(oidText(spnego, 0, 6)).toBe('1.3.6.1.5.5.2');
  expect(oidText(bytes(0x88, 0x37, 3), 0, 3)).toBe('2.999.3');
  expect(oidText(bytes(0x2b, 0x86), 0, 2)).toBeUndefined();
});
