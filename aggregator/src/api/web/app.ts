// The web listener: the API under /api/v1 for people with a session, and the console that uses it.
import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { ERROR_CODES } from '../../errors.ts';
import { newListener } from '../listener.ts';
import type { Parts } from '../parts.ts';
import { about } from './about.ts';
import { alerts } from './alerts.ts';
import { bodies } from './bodies.ts';
import { consolePages } from './console.ts';
import { gate } from './gate.ts';
import { groups } from './groups.ts';
import { ledger } from './ledger.ts';
import { sensors } from './sensors.ts';
import { series } from './series.ts';
import { sessions } from './session.ts';
import { stream } from './stream.ts';

/** One line registers a resource. */
const RESOURCES = [
  sessions,
  groups,
  alerts,
  bodies,
  sensors,
  series,
  stream,
  ledger,
  about,
] as const satisfies readonly ((app: FastifyInstance, parts: Parts) => void)[];

const ProblemView = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String(),
    code: Type.Enum(ERROR_CODES),
    mend: Type.String({ description: 'What the reader can do about it.' }),
  },
  { description: 'Problem details (RFC 9457).' },
);
/** What every route may answer instead. */
const PROBLEM = {
  description: 'Refused, or failed: problem details (RFC 9457).',
  content: { 'application/problem+json': { schema: ProblemView } },
};

export interface WebOptions {
  readonly https: { readonly key: string; readonly cert: string } | undefined;
  /** The built console. */
  readonly console: string;
}

export async function webApp(
  parts: Parts,
  { https, console }: WebOptions,
  log: FastifyBaseLogger,
): Promise<FastifyInstance> {
  const app = newListener({
    log,
    https: https && { ...https, minVersion: 'TLSv1.2' },
    also: { ajv: { customOptions: { removeAdditional: false } } },
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Yagura aggregator',
        version: parts.about.version,
        description:
          'Alert groups, their alerts, sensors and the ledger. Errors are RFC 9457 problem details.',
      },
      components: {
        securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'yagura_session' } },
      },
      security: [{ session: [] }],
    },
  });
  app.addHook('onRoute', ({ schema }) => {
    const responses = schema?.response as Record<string, unknown> | undefined;
    if (responses !== undefined) responses['default'] = PROBLEM;
  });
  await app.register(cookie);
  gate(app, parts);
  for (const resource of RESOURCES) resource(app, parts);
  await consolePages(app, console);
  return app;
}
