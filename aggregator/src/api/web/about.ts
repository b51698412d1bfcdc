// What this aggregator is, and its API in its own words.

import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { toRfc3339 } from '../../time.ts';
import type { Parts } from '../parts.ts';
import { Instant } from './filter.ts';

export function about(app: FastifyInstance, { about: { version, started }, records }: Parts): void {
  app.get('/api/v1/about', {
    schema: {
      operationId: 'getAbout',
      summary: 'Version and engine of this aggregator',
      tags: ['about'],
      response: {
        200: Type.Object({
          version: Type.String(),
          node: Type.String(),
          started: Instant,
          records_engine: Type.String(),
        }),
      },
    },
    handler: async () => ({
      version,
      node: process.versions.node,
      started: toRfc3339(started),
      records_engine: records.engine,
    }),
  });

  app.get('/api/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}
