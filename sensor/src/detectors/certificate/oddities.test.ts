// What is odd about certificates, one thing at a time, and what is not.
import { describe, expect, test } from 'vitest';
import { type Certificate, isRandom, odditiesOf } from './oddities.ts';

const NOW = Date.UTC(2026, 0, 15);
const honest: Certificate = {
  subject: 'C=JP, O=Example, CN=www.example.jp',
  issuer: 'O=Trust, CN=Trust R1',
  names: ['www.example.jp', '*.example.jp'],
  sni: 'www.example.jp',
  notBefore: '2025-12-01T00:00:00',
  notAfter: '2026-12-01T00:00:00',
  isSelfSigned: false,
  keyType: 'rsa',
  keyLength: 2048,
  signature: 'sha256WithRSAEncryption',
};
const said = (given: Partial<Certificate>): string[] =>
  odditiesOf({ ...honest, ...given }, NOW).map(({ en }) => en);

test('an honest one has nothing', () => expect(said({})).toEqual([]));

describe('each oddity', () => {
  test.each<[string, Partial<Certificate>]>([
    ['it is signed by itself', { isSelfSigned: true }],
    ['it has expired', { notAfter: '2026-01-13T00:00:00' }],
    ['it is not valid yet', { notBefore: '2026-01-17T00:00:00' }],
    ['its validity ends before it begins', { notAfter: '2025-11-30T00:00:00' }],
    ['it is valid for many years', { notAfter: '2035-12-01T00:00:00' }],
    ['the client asked for no name', { sni: undefined }],
    ['it is for another name than was asked for', { sni: 'www.example.org' }],
    ['it is for another name than was asked for', { sni: 'a.b.example.jp' }],
    ['it names no host', { subject: 'O=Box', names: [], sni: 'Box' }],
    ['it names nobody', { subject: '', names: [], sni: undefined }],
    ["it keeps the words of a tool's template", { subject: 'ST=Some-State, CN=www.example.jp' }],
    ['it is for a name that belongs to nobody', { subject: 'C=GB, O=Global, CN=www.example.com' }],
    ['its country is none', { subject: 'C=Earth, CN=www.example.jp' }],
    ['its names are letters at random', { isSelfSigned: true, subject: 'CN=qzxkvwbtr.com' }],
    ['its key is short', { keyLength: 1024 }],
    ['it is signed with a broken hash', { signature: 'sha1WithRSAEncryption' }],
    ['it is signed with a broken hash', { signature: 'md5WithRSAEncryption' }],
  ])('%s', (words, given) => expect(said(given)).toContain(words));
});

test.each<[string, Partial<Certificate>]>([
  ['a day after its end, clocks differ', { notAfter: '2026-01-14T12:00:00' }],
  [
    'SHA-1 in the days when all did',
    { signature: 'sha1WithRSAEncryption', notBefore: '2016-12-01T00:00:00', notAfter: '2026-02-01T00:00:00' },
  ],
  ['a short key of another kind', { keyType: 'ecdsa', keyLength: 256 }],
  ['a wildcard for one label', { sni: 'mail.example.jp' }],
  ['a name in capitals, with a dot behind it', { sni: 'WWW.example.jp.' }],
  ['no organisation', { subject: 'CN=www.example.jp' }],
  ['an empty subject beside other names', { subject: '' }],
  ['times that nobody can read', { notBefore: 'x', notAfter: 'y' }],
])('nothing odd: %s', (_, given) => expect(said(given)).toEqual([]));

test('random letters, and words', () => {
  const random = ['qzxkvwbtr', 'a1b2c3d4e5', 'xkcdqwrtzp', 'Hgrtplmnw.com'];
  const words = [
    'Example',
    'localhost',
    'Kubernetes',
    'printing',
    'synology',
    'server01',
    'Microsoft',
    'tokyo-gw',
  ];
  expect(random.filter((text) => !isRandom(text))).toEqual([]);
  expect(words.filter(isRandom)).toEqual([]);
});

test('hostile texts take no time', () => {
  const start = performance.now();
  for (const subject of [
    'C=',
    'a'.repeat(100_000),
    'A=,'.repeat(30_000),
    `CN=${'b'.repeat(50_000)} `,
    ', A='.repeat(9_000),
  ])
    said({ subject, sni: subject, names: [subject] });
  expect(performance.now() - start).toBeLessThan(500);
});
