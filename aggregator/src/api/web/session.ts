// Log-in by a one-time link, who is logged in, and log-out.

import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { hashSecret, newSecret } from '../../authority/secrets.ts';
import { Problem } from '../../errors.ts';
import { now, SECOND, toRfc3339 } from '../../time.ts';
import type { Parts } from '../parts.ts';
import { actorOf, COOKIE } from './gate.ts';

const ROLE = 'analyst';

export const SessionView = Type.Object({
  name: Type.String(),
  role: Type.String(),
  until: Type.String({ format: 'date-time' }),
});

export function sessions(app: FastifyInstance, { records, limits }: Parts): void {
  const cookie = { httpOnly: true, sameSite: 'strict', path: '/', secure: limits.webTls } as const;

  app.get<{ Params: { token: string } }>('/login/:token', {
    schema: {
      operationId: 'logIn',
      summary: 'Opens a session with a one-time link and leads to the console',
      tags: ['session'],
      params: Type.Object({ token: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) }),
      response: { 303: Type.Null({ description: 'Logged in; the cookie is set.' }) },
    },
    async handler(request, reply) {
      const hash = hashSecret(request.params.token);
      const secret = newSecret();
      const lifetime = limits.sessionHours * 3600;
      await records.write(async (writer) => {
        const at = now();
        const link = await writer.loginLink(hash);
        if (link === undefined || link.used !== null || link.until <= at)
          throw new Problem('login_link_invalid');
        await writer.useLoginLink(hash, at);
        const session = {
          hash: hashSecret(secret),
          name: link.name,
          role: ROLE,
          until: at + lifetime * SECOND,
        };
        await writer.addSession(session);
        const act = {
          actor: `${ROLE}:${link.name}`,
          action: 'session.opened',
          object: 'session',
          detail: {},
        };
        await writer.append(act, at);
      });
      return reply.setCookie(COOKIE, secret, { ...cookie, maxAge: lifetime }).redirect('/', 303);
    },
  });

  app.get('/api/v1/session', {
    schema: {
      operationId: 'getSession',
      summary: 'Who is logged in, and until when',
      tags: ['session'],
      response: { 200: SessionView },
    },
    async handler({ session }) {
      const { name, role, until } = session!;
      return { name, role, until: toRfc3339(until) };
    },
  });

  app.post('/api/v1/session/end', {
    schema: {
      operationId: 'endSession',
      summary: 'Logs out',
      tags: ['session'],
      response: { 204: Type.Null({ description: 'Logged out.' }) },
    },
    async handler(request, reply) {
      const { hash } = request.session!;
      await records.write(async (writer) => {
        await writer.endSession(hash);
        await writer.append(
          { actor: actorOf(request), action: 'session.ended', object: 'session', detail: {} },
          now(),
        );
      });
      return reply.clearCookie(COOKIE, cookie).code(204).send();
    },
  });
}
