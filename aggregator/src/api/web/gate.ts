// Who may come in from the web: known host names, a session, and changes only from the console itself; every read leaves a trace.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { hashSecret, type Session } from '../../authority/secrets.ts';
import { Problem } from '../../errors.ts';
import { now } from '../../time.ts';
import type { Parts } from '../parts.ts';

export const COOKIE = 'yagura_session';
const CSRF_HEADER = 'x-yagura-csrf';
const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];

declare module 'fastify' {
  interface FastifyRequest {
    /** The person, behind `/api/v1/`. */
    session: Session | null;
  }
}

export const actorOf = (request: FastifyRequest): string =>
  `${request.session!.role}:${request.session!.name}`;

/** Everything that the page may load comes from here; nobody may frame it. */
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

export function gate(app: FastifyInstance, { records, metrics, limits }: Parts): void {
  const names = new Set([...LOCAL_NAMES, ...limits.webNames]);
  app.decorateRequest('session', null);

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    if (limits.webTls) reply.header('strict-transport-security', 'max-age=31536000');
    // A foreign page whose name was pointed at this address (DNS rebinding) carries its own name here.
    const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
    if (!names.has(host)) throw new Problem('host_unknown');
  });

  app.addHook('onResponse', async (_request, reply) => {
    metrics.requests.inc({ code: `${Math.floor(reply.statusCode / 100)}xx` });
  });

  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/api/')) return;
    reply.header('cache-control', 'no-store');
    const cookie = request.cookies[COOKIE];
    const session = cookie === undefined ? undefined : await records.session(hashSecret(cookie));
    if (session === undefined || session.until <= now()) throw new Problem('session_required');
    request.session = session;
    if (request.method !== 'GET' && request.method !== 'HEAD') sameOrigin(request);
  });
}

function sameOrigin({ headers }: FastifyRequest): void {
  const { origin, host } = headers;
  const own = origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
  if (headers[CSRF_HEADER] !== '1' || !own) throw new Problem('csrf_refused');
}

/** Writes down what a person read: what was asked and how many came back, never what. Before the answer leaves. */
export async function traceRead(
  { records }: Pick<Parts, 'records'>,
  request: FastifyRequest,
  action: string,
  object: string,
  count: number,
): Promise<void> {
  const asked = { ...(request.query as Record<string, unknown>) };
  const act = { actor: actorOf(request), action, object, detail: { asked, count } };
  await records.write((writer) => writer.append(act, now()));
}
