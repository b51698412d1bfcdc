// JA3, JA3S and JA4 against the values their authors published, from hellos built byte by byte.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Conversation } from '../../../../test/support/packets/conversation.ts';
import { octets } from '../../../../test/support/packets/octets.ts';
import {
  clientHello,
  clientHelloBody,
  type Extension,
  extension,
  GREASE,
  type HelloParts,
  records,
  serverHelloBody,
} from '../../../../test/support/packets/tls.ts';
import { sense } from '../../../../test/support/sense.ts';
import { md5Hex } from '../../bytes/hash.ts';
import { readHello } from './hello.ts';
import { ja3sText, ja3Text } from './ja3.ts';
import { ja4 } from './ja4.ts';

const client = (parts: HelloParts) => {
  const body = clientHelloBody(parts);
  return readHello(body, 0, body.length, true)!;
};
const server = (parts: HelloParts) => {
  const body = serverHelloBody(parts);
  return readHello(body, 0, body.length, false)!;
};

/** The hello that a JA3 text describes. */
function fromJa3(text: string): HelloParts {
  const [version, ciphers, types, groups, formats] = text
    .split(',')
    .map((list) => (list === '' ? [] : list.split('-').map(Number)));
  const build: Record<number, () => Extension> = {
    10: () => extension.groups(groups),
    11: () => extension.pointFormats(formats),
  };
  return {
    version: version[0],
    ciphers,
    extensions: types.length === 0 ? undefined : types.map((t) => build[t]?.() ?? extension.empty(t)),
  };
}

// salesforce/ja3, README.
const JA3 = [
  [
    '769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0',
    'ada70206e40642a3e4461f35503241d5',
  ],
  ['769,4-5-10-9-100-98-3-6-19-18-99,,,', 'de350869b8c85de67a350c8d186f11e6'],
] as const;

test.each(JA3)('JA3 of %s', (text, digest) => {
  const hello = client(fromJa3(text));
  expect(ja3Text(hello)).toBe(text);
  expect(md5Hex(ja3Text(hello))).toBe(digest);
});

test('JA3 passes over GREASE in ciphers, extensions and groups', () => {
  const plain = fromJa3(JA3[0][0]);
  const greased: HelloParts = {
    ...plain,
    ciphers: [GREASE, ...plain.ciphers, 0xfafa],
    extensions: [
      extension.empty(0x1a1a),
      ...plain.extensions!.map((e) => (e[0] === 10 ? extension.groups([0xbaba, 23, 24, 25]) : e)),
      extension.empty(0xeaea),
    ],
  };
  expect(ja3Text(client(greased))).toBe(JA3[0][0]);
  // Only equal bytes are GREASE: 0x0a1a is not.
  expect(ja3Text(client({ ...plain, ciphers: [0x0a1a] }))).toContain(`,${0x0a1a},`);
});

test('JA3S: version, the chosen cipher, extensions', () => {
  const hello = server({
    version: 0x0301,
    ciphers: [47],
    extensions: [extension.empty(65281), extension.empty(0)],
  });
  expect(ja3sText(hello)).toBe('769,47,65281-0');
  // By md5sum of coreutils.
  expect(md5Hex('769,47,65281-0')).toBe('b2cfd6a98647494d47ed4ae63fe82b92');
  expect(ja3sText(server({ version: 0x0302, ciphers: [53] }))).toBe('770,53,');
});

// The worked example of FoxIO's technical_details/JA4.md.
const CHROME: HelloParts = {
  ciphers: [
    GREASE,
    0x1301,
    0x1302,
    0x1303,
    0xc02b,
    0xc02f,
    0xc02c,
    0xc030,
    0xcca9,
    0xcca8,
    0xc013,
    0xc014,
    0x009c,
    0x009d,
    0x002f,
    0x0035,
  ],
  session: new Uint8Array(32),
  extensions: [
    extension.empty(0x1a1a),
    extension.empty(0x001b),
    extension.serverName('example.com'),
    extension.empty(0x0033),
    extension.alpn('h2', 'http/1.1'),
    extension.empty(0x4469),
    extension.empty(0x0017),
    extension.empty(0x002d),
    extension.signatureAlgorithms([0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601]),
    extension.empty(0x0005),
    extension.empty(0x0023),
    extension.empty(0x0012),
    extension.supportedVersions([0xdada, 0x0304, 0x0303]),
    extension.empty(0xff01),
    extension.pointFormats([0]),
    extension.groups([0x9a9a, 29, 23, 24]),
    extension.empty(0x2a2a),
    extension.empty(0x0015),
  ],
};

test("JA4 of the specification's example", () => {
  expect(ja4(client(CHROME), 't')).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
});

test('JA4 is the same however the client shuffles', () => {
  const shuffled = {
    ...CHROME,
    ciphers: CHROME.ciphers.toReversed(),
    extensions: CHROME.extensions!.toReversed(),
  };
  expect(ja4(client(shuffled), 't')).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
});

test('JA4 without signature algorithms has no underscore in what is hashed', () => {
  const bare = {
    ...CHROME,
    extensions: CHROME.extensions!.map((e) => (e[0] === 13 ? extension.empty(13) : e)),
  };
  expect(ja4(client(bare), 't')).toBe('t13d1516h2_8daaf6152771_6d807ffa2a79');
});

test.each([
  [{ version: 0x0301, ciphers: [4], extensions: undefined }, 't10i010000_'],
  [{ version: 0x0300, ciphers: [4], extensions: [] }, 'ts3i010000_'],
  [{ version: 0x0302, ciphers: [4, 5], extensions: [extension.serverName('a.example')] }, 't11d020100_'],
  [{ version: 0x0303, ciphers: [], extensions: [] }, 't12i000000_000000000000_000000000000'],
  [{ version: 0x1234, ciphers: [4], extensions: [] }, 't00i010000_'],
  [{ ciphers: Array.from({ length: 150 }, (_, i) => i), extensions: [] }, 't12i990000_'],
])('JA4 of an odd hello %#', (parts, start) => {
  expect(ja4(client(parts), 't').slice(0, start.length)).toBe(start);
});

// technical_details/JA4.md; the reference snapshots differ for some, the document is the authority.
test.each([
  ['6832', 'h2'],
  ['687474702f312e31', 'h1'],
  ['ab', 'ab'],
  ['20', '20'],
  ['abcd', 'ad'],
  ['2061', '21'],
  ['30ab', '3b'],
  ['6120', '60'],
  ['3031abcd', '3d'],
  ['30abcd31', '01'],
  ['61', 'aa'],
])('JA4 marks the ALPN value %s as %s', (hex, mark) => {
  const hello = client({ ciphers: [4], extensions: [extension.alpn(Buffer.from(hex, 'hex'), 'other')] });
  expect(ja4(hello, 't').slice(8, 10)).toBe(mark);
});

test('the whole way: fingerprints stand in the EVE record', () => {
  const { frames } = new Conversation({ serverPort: 443 })
    .handshake()
    .send('client', records(clientHello(fromJa3(JA3[0][0]))))
    .send('server', records(octets([2, 0, 0, 0])))
    .close();
  const [event] = sense(frames).of('tls');
  expect(event.tls.ja3).toEqual({ hash: JA3[0][1], string: JA3[0][0] });
});

const vectors = new URL('../../../../../shared/corpora/vectors/ja3-strings.json', import.meta.url);

test.skipIf(!existsSync(vectors))('JA3 vectors of the shared corpora', () => {
  const all: { string: string; ja3: string }[] = JSON.parse(readFileSync(vectors, 'utf8')).vectors;
  for (const { string, ja3 } of all) expect(md5Hex(ja3Text(client(fromJa3(string)))), string).toBe(ja3);
});

test('JA4 of any lists, remembered or not, is what its definition says', () => {
  // Few values, so that rows come again; one list is longer than any that is remembered.
  const code = fc.constantFrom(0, 5, 10, 16, 31, 32, 51, 63, 64, 65, 0x0a0a, 0x1301, 0xfe0d, 0xffff);
  const list = fc.oneof(
    fc.array(code, { maxLength: 12 }),
    fc.array(code, { minLength: 120, maxLength: 130 }),
  );
  const isGrease = (v: number): boolean => v === 0x0a0a;
  const digest = (codes: readonly number[]): string => {
    const sorted = codes.map((v) => v.toString(16).padStart(4, '0')).sort();
    if (sorted.length === 0) return '000000000000';
    return createHash('sha256').update(sorted.join(',')).digest('hex').substring(0, 12);
  };
  const count = (codes: readonly number[]): string => String(Math.min(99, codes.length)).padStart(2, '0');
  fc.assert(
    fc.property(list, list, (ciphers, types) => {
      const hello = client({ ciphers, extensions: types.map((type) => extension.empty(type)) });
      const real = ciphers.filter((v) => !isGrease(v));
      const named = types.filter((v) => !isGrease(v));
      const head = `t12${types.includes(0) ? 'd' : 'i'}${count(real)}${count(named)}00`;
      const digested = named.filter((type) => type !== 0 && type !== 16);
      expect(ja4(hello, 't')).toBe(`${head}_${digest(real)}_${digest(digested)}`);
    }),
    { numRuns: 500 },
  );
});
