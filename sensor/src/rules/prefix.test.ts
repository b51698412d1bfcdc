// Addresses and prefixes from text: what is read, what is refused.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv6Text } from '../bytes/address.ts';
import { holds, parseAddress, parsePrefix } from './prefix.ts';

describe('addresses', () => {
  test.each([
    ['0.0.0.0', [0]],
    ['255.255.255.255', [0xffffffff]],
    ['10.1.2.3', [0x0a010203]],
    ['::', [0, 0, 0, 0]],
    ['::1', [0, 0, 0, 1]],
    ['2001:db8::ff00:42:8329', [0x20010db8, 0, 0xff00, 0x00428329]],
    ['1:2:3:4:5:6:7:8', [0x10002, 0x30004, 0x50006, 0x70008]],
    ['::ffff:192.0.2.1', [0, 0, 0xffff, 0xc0000201]],
  ])('%s', (text, words) => expect(parseAddress(text)).toEqual(words));

  test.each([
    '',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1..2.3',
    '1.2.3.4 ',
    'a.b.c.d',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '12345::',
    'fe80::1%eth0',
    '::1.2.3',
    '1.2.3.4::',
  ])('refuses %j', (text) => expect(parseAddress(text)).toBeUndefined());

  test('what our own text form writes is read back', () => {
    const word = fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 0xffff }),
      fc.integer({ min: 0, max: 0xffffffff }),
    );
    fc.assert(
      fc.property(word, word, word, word, (a, b, c, d) => {
        expect(parseAddress(ipv6Text(a, b, c, d))).toEqual([a, b, c, d]);
      }),
    );
  });

  test('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parsePrefix(text)));
  });
});

describe('prefixes', () => {
  const inside = (prefix: string, address: string) => holds(parsePrefix(prefix)!, parseAddress(address)!);
  test.each([
    ['10.0.0.0/8', '10.255.255.255', '11.0.0.0'],
    ['10.0.0.0/31', '10.0.0.1', '10.0.0.2'],
    ['192.0.2.7', '192.0.2.7', '192.0.2.6'],
    ['2001:db8::/32', '2001:db8:ffff::1', '2001:db9::'],
    ['2001:db8:0:8000::/49', '2001:db8:0:ffff::', '2001:db8:0:7fff::'],
    ['::/0', '::1', '1.2.3.4'],
    ['0.0.0.0/0', '255.1.1.1', '::1'],
  ])('%s holds %s and not %s', (prefix, yes, no) => {
    expect(inside(prefix, yes)).toBe(true);
    expect(inside(prefix, no)).toBe(false);
  });
  test('bits below the mask do not count', () =>
    expect(parsePrefix('10.9.8.7/8')!.words).toEqual([0x0a000000]));
  test.each(['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/8/8', '/8'])(
    'refuses %s',
    (text) => expect(parsePrefix(text)).toBeUndefined(),
  );
});
