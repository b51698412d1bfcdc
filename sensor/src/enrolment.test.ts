// Enrolment against a server that is right, and against several that are not.

import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeAuthority, type TestAuthority } from '../../test/support/authority.ts';
import { enrol } from './enrolment.ts';
import { readIdentity } from './outputs/uplink/identity.ts';
import { ENROL_PATH, type EnrolRequest } from './wire/enrolment.ts';

const SENSOR = 'yagura://city-of-test/gate-1';
const SECRET = 'S'.repeat(43);
let authority: TestAuthority;
let other: TestAuthority;
let state: string;
const servers: Server[] = [];
const asked: EnrolRequest[] = [];

beforeAll(async () => {
  authority = await makeAuthority();
  other = await makeAuthority();
});
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'yagura-enrol-'));
  asked.length = 0;
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  rmSync(state, { recursive: true });
});

async function serve(
  tls: { key: string; cert: string },
  reply: (request: EnrolRequest) => Promise<[number, unknown]>,
): Promise<string> {
  const server = createServer({ ...tls, minVersion: 'TLSv1.3' }, async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const body = JSON.parse(text) as EnrolRequest;
    asked.push(body);
    const [status, answer] = request.url === ENROL_PATH ? await reply(body) : [404, {}];
    response.writeHead(status).end(JSON.stringify(answer));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const grant =
  (from: TestAuthority, sensor = SENSOR) =>
  async ({ csr }: EnrolRequest): Promise<[number, unknown]> => [
    200,
    {
      sensor: SENSOR,
      certificate: await from.issue(csr, sensor),
      ca: from.certificate,
      prefixes: ['10.0.0.0/8'],
    },
  ];

const attempt = (url: string, token = `ygr1.${SECRET}.${authority.fingerprint}`) =>
  enrol({ aggregators: [url], token, state });

async function expectRefusal(attempted: Promise<unknown>, what: RegExp): Promise<void> {
  await expect(attempted).rejects.toMatchObject({
    code: 'enrolment_refused',
    message: expect.stringMatching(what),
  });
  expect(existsSync(join(state, 'identity.json'))).toBe(false);
}

test('a token becomes a key and a certificate that only the owner can read', async () => {
  const url = await serve(authority.server, grant(authority));
  const identity = await attempt(url);
  expect(readIdentity(state)).toEqual(identity);
  expect(identity).toMatchObject({ sensor: SENSOR, aggregators: [url], prefixes: ['10.0.0.0/8'] });
  expect(statSync(join(state, 'identity.json')).mode & 0o777).toBe(0o600);
  const certificate = new X509Certificate(identity.certificate);
  expect(certificate.subjectAltName).toBe(`URI:${SENSOR}`);
  expect(new X509Certificate(identity.ca).fingerprint256.replaceAll(':', '').toLowerCase()).toBe(
    authority.fingerprint,
  );
  expect(JSON.stringify(asked)).not.toContain('PRIVATE');
});

test('the token is not shown to a server under another authority', async () => {
  const url = await serve(other.server, grant(other));
  await expectRefusal(attempt(url), /does not stand under the authority/);
  expect(asked).toEqual([]);
});

test('nor to one that shows the right authority without being under it', async () => {
  const [own] = other.server.cert.split(/(?<=-----END CERTIFICATE-----\n)/);
  const url = await serve({ key: other.server.key, cert: `${own}\n${authority.certificate}` }, grant(other));
  await expectRefusal(attempt(url), /127\.0\.0\.1/);
  expect(asked).toEqual([]);
});

test('a used token is refused with the code that the aggregator gave', async () => {
  const url = await serve(authority.server, async () => [403, { code: 'token_used' }]);
  await expectRefusal(attempt(url), /answered 403 token_used$/);
});

test.each([
  [
    'another key',
    () => async () => grant(authority)({ token: '', csr: await strangersRequest() }),
    /another key/,
  ],
  ['another sensor', () => grant(authority, 'yagura://city-of-test/gate-2'), /does not name/],
  ['another authority', () => grant(other), /not signed/],
])('a certificate for %s is not taken', async (_, reply, what) => {
  const url = await serve(authority.server, reply());
  await expectRefusal(attempt(url), what);
});

async function strangersRequest(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'yagura-enrol-'));
  let csr = '';
  const url = await serve(authority.server, async (request) => {
    csr = request.csr;
    return [500, {}];
  });
  await enrol({ aggregators: [url], token: `ygr1.${SECRET}.${authority.fingerprint}`, state: folder }).catch(
    () => {},
  );
  rmSync(folder, { recursive: true });
  return csr;
}

test.each([
  ['not a token', 'ygr1.short.abc'],
  ['an address without TLS', undefined],
])('%s is refused before anything is sent', async (_, token) => {
  await expectRefusal(
    attempt(token === undefined ? 'http://127.0.0.1:9' : 'https://127.0.0.1:9', token),
    /./,
  );
});
