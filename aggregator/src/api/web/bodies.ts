// Bodies with the authority under which each may be watched.

import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { openBySeverity } from '../../alerts/group.ts';
import { current, statusOf } from '../../authority/authority.ts';
import { now, toRfc3339 } from '../../time.ts';
import type { Parts } from '../parts.ts';
import { Instant } from './filter.ts';
import { traceRead } from './gate.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const BodyView = Type.Object({
  id: Type.String(),
  name: Type.Object({ en: Type.String(), ja: Type.String() }),
  kind: Type.String(),
  authority: Type.Object({
    id: Nullable(Type.String()),
    article: Nullable(Type.String()),
    instrument: Nullable(Type.String()),
    prefixes: Type.Array(Type.String()),
    valid_from: Nullable(Instant),
    valid_until: Nullable(Instant),
    status: Type.Enum(['valid', 'lapsed', 'not_yet', 'none']),
  }),
  sensors: Type.Integer(),
  open_groups: Type.Integer(),
});

export function bodies(app: FastifyInstance, parts: Parts): void {
  const { records } = parts;
  app.get('/api/v1/bodies', {
    schema: {
      operationId: 'listBodies',
      summary: 'Bodies, each with the authority that speaks for it now',
      tags: ['bodies'],
      response: { 200: Type.Object({ items: Type.Array(BodyView) }) },
    },
    async handler(request) {
      const at = now();
      const sensors = await records.sensors();
      const groups = await records.openGroups();
      const items = await Promise.all(
        (await records.bodies()).map(async ({ id, name, kind }) => {
          const authority = current(await records.authorities(id), at);
          const open = Object.values(openBySeverity(groups, id)).reduce((sum, n) => sum + n, 0);
          const shown = {
            id: authority?.id ?? null,
            article: authority?.article ?? null,
            instrument: authority?.instrument ?? null,
            prefixes: authority?.prefixes ?? [],
            valid_from: authority ? toRfc3339(authority.valid_from) : null,
            valid_until: authority ? toRfc3339(authority.valid_until) : null,
            status: statusOf(authority, at),
          };
          const own = sensors.filter((s) => s.body === id && s.revoked === null).length;
          return { id, name, kind, authority: shown, sensors: own, open_groups: open };
        }),
      );
      await traceRead(parts, request, 'bodies.read', 'bodies', items.length);
      return { items };
    },
  });
}
