// Which authority speaks for a body at a moment, and which addresses lie in its networks.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Authority, current, statusOf } from './authority.ts';
import { parsePrefix, Scope } from './scope.ts';

const authority = (id: string, valid_from: number, valid_until: number): Authority => ({
  ...{ id, body: 'city', article: '1', instrument: '1', prefixes: [], discloses: [] },
  valid_from,
  valid_until,
});

describe('the authority that speaks', () => {
  const all = [
    authority('old', 0, 10),
    authority('now', 10, 20),
    authority('longer', 15, 30),
    authority('later', 40, 50),
  ];
  test.each([
    [0, 'old', 'valid'],
    [9, 'old', 'valid'],
    [10, 'now', 'valid'],
    [16, 'longer', 'valid'],
    [29, 'longer', 'valid'],
    [30, 'longer', 'lapsed'],
    [40, 'later', 'valid'],
    [50, 'later', 'lapsed'],
  ])('at %i is "%s", %s', (at, id, status) => {
    const found = current(all, at);
    expect([found?.id, statusOf(found, at)]).toEqual([id, status]);
  });

  test('is the next to begin before any began, and none when there is none', () => {
    expect(statusOf(current(all.slice(3), 0), 0)).toBe('not_yet');
    expect(statusOf(current([], 0), 0)).toBe('none');
  });
});

describe('scope', () => {
  const scope = new Scope(['10.1.0.0/16', '192.0.2.7', '2001:db8:1::/48', '0.0.0.0/33', 'nonsense']);
  test.each([
    ['10.1.0.0', true],
    ['10.1.255.255', true],
    ['10.2.0.0', false],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['2001:db8:1:ffff::1', true],
    ['2001:db8:2::1', false],
    ['::ffff:192.0.2.8', false],
    ['not an address', false],
    ['', false],
  ])('%s: %s', (address, inside) => {
    expect(scope.has(address)).toBe(inside);
    expect(scope.has(address)).toBe(inside);
  });

  test('agrees with arithmetic for any IPv4 prefix and address', () => {
    const dotted = (n: number) => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.');
    const address = fc.integer({ min: 0, max: 0xffff_ffff });
    fc.assert(
      fc.property(address, address, fc.integer({ min: 1, max: 32 }), (network, host, bits) => {
        const shared = bits === 32 ? network === host : network >>> (32 - bits) === host >>> (32 - bits);
        expect(new Scope([`${dotted(network)}/${bits}`]).has(dotted(host))).toBe(shared);
      }),
      { numRuns: 300 },
    );
  });

  test.each(['10.0.0.0/33', '10.0.0/8', '10.0.0.0/', '10.0.0.0/8/9', '10.0.0.0/-1', 'fe80::/129', ''])(
    'a prefix like "%s" is refused',
    (text) => expect(parsePrefix(text)).toBeUndefined(),
  );
});
