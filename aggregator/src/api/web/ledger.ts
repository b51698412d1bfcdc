// The ledger as people read it; reading it is written down as well.

import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { toRfc3339 } from '../../time.ts';
import { listing, listOf, PageQuery, pageOf } from '../paging.ts';
import type { Parts } from '../parts.ts';
import { Instant } from './filter.ts';
import { traceRead } from './gate.ts';

const EntryView = Type.Object({
  seq: Type.Integer({ minimum: 1 }),
  time: Instant,
  actor: Type.String(),
  action: Type.String(),
  object: Type.String(),
  detail: Type.Record(Type.String(), Type.Unknown()),
  hash: Type.String(),
});
const ListQuery = Type.Object(PageQuery);

export function ledger(app: FastifyInstance, parts: Parts): void {
  app.get<{ Querystring: Static<typeof ListQuery> }>('/api/v1/ledger', {
    schema: {
      operationId: 'listLedger',
      summary: 'Who did and who read what, newest first',
      tags: ['ledger'],
      querystring: ListQuery,
      response: { 200: listOf(EntryView) },
    },
    async handler(request) {
      const page = await parts.records.ledger(pageOf(request.query, ['number']));
      await traceRead(parts, request, 'ledger.read', 'ledger', page.items.length);
      return listing(page, ({ seq, time, actor, action, object, detail, hash }) => ({
        seq,
        time: toRfc3339(time),
        actor,
        action,
        object,
        detail,
        hash,
      }));
    },
  });
}
