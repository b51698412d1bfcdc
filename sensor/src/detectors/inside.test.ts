// Private and public addresses at the edges of their ranges.
import { expect, test } from 'vitest';
import { isPrivate } from './inside.ts';

test('private addresses', () => {
  const inside = [
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.127.0.1',
    '169.254.1.1',
    '127.0.0.1',
    'fc00::1',
    'fd12::1',
    'fe80::1',
    'febf::1',
    '::1',
  ];
  const outside = [
    '11.0.0.1',
    '172.32.0.1',
    '172.15.0.1',
    '192.169.0.1',
    '100.128.0.1',
    '100.63.0.1',
    '2001:db8::1',
    'fec0::1',
    'ff02::1',
    '::2',
    'x',
  ];
  expect(inside.filter((a) => !isPrivate(a))).toEqual([]);
  expect(outside.filter(isPrivate)).toEqual([]);
});
