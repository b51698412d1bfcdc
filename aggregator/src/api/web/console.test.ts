// The console's files: served with their caching, never from outside their folder; and the same over TLS.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestAggregator, testAggregator } from '../../../../test/support/aggregator.ts';
import { openCertificateAuthority } from '../../authority/certificates.ts';

let place: string;
let aggregator: TestAggregator;
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'yagura-console-'));
  mkdirSync(join(place, 'dist/assets'), { recursive: true });
  writeFileSync(join(place, 'dist/index.html'), '<title>console</title>');
  writeFileSync(join(place, 'dist/assets/app-0a1b.js'), 'export {}');
  writeFileSync(join(place, 'outside'), 'not for you');
  aggregator = await testAggregator({ console: join(place, 'dist') });
});
afterAll(async () => {
  await aggregator.dispose();
  rmSync(place, { recursive: true });
});

const get = async (path: string) => {
  const response = await fetch(aggregator.addresses.web + path);
  const { status, headers } = response;
  return { status, cache: headers.get('cache-control'), text: await response.text() };
};

test.each(['/', '/groups/1f', '/sensors?x=1'])(
  '%s is the first page, asked for anew each time',
  async (path) => {
    expect(await get(path)).toEqual({ status: 200, cache: 'no-cache', text: '<title>console</title>' });
  },
);

test('files with a hash in their name may be kept for ever', async () => {
  const { status, cache, text } = await get('/assets/app-0a1b.js');
  expect([status, cache, text]).toEqual([200, 'public, max-age=31536000, immutable', 'export {}']);
});

test.each(['/assets/gone.js', '/login/short', '/api/v2/groups'])('%s is not the first page', async (path) => {
  const { status, text } = await get(path);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(text).not.toContain('<title>');
});

test.each(['/../outside', '/..%2foutside', '/%2e%2e/outside', '/assets/..%2f..%2foutside', '/..\\outside'])(
  '%s leads nowhere outside',
  async (path) => expect((await get(path)).text).not.toContain('not for you'),
);

test('over TLS the cookie is for TLS alone', async () => {
  const ca = await openCertificateAuthority(join(place, 'ca'));
  const [cert, key] = [join(place, 'web.pem'), join(place, 'web.key')];
  writeFileSync(cert, ca.server.chain);
  writeFileSync(key, ca.server.key);
  const secure = await testAggregator({ 'web-cert': cert, 'web-key': key });
  const link = await secure.operator.issueLoginLink('hanako');
  const headers = await new Promise<NodeJS.Dict<string | string[]>>((resolve, reject) => {
    request(secure.addresses.web + link, { ca: ca.certificate }, (response) => {
      response.resume();
      resolve(response.headers);
    })
      .on('error', reject)
      .end();
  });
  expect(secure.addresses.web).toMatch(/^https:/);
  expect(headers['set-cookie']?.[0]).toMatch(/; HttpOnly; Secure; SameSite=Strict$/);
  expect(headers['strict-transport-security']).toBe('max-age=31536000');
  await secure.dispose();
});
