// Single alerts with their evidence: all, those of a group, or one.

import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { Alert } from 'yagura-sensor/wire';
import { Problem } from '../../errors.ts';
import { listing, listOf, PageQuery, pageOf } from '../paging.ts';
import type { Parts } from '../parts.ts';
import { filterQuery, Instant, sharedFilter } from './filter.ts';
import { traceRead } from './gate.ts';
import { GroupId } from './groups.ts';

export const AlertView = Type.Object(
  {
    id: Type.String(),
    group: Type.String(),
    body: Type.String(),
    sensor: Type.String(),
    received: Instant,
    direction: Type.Enum(['inbound', 'outbound', 'internal']),
    ...Alert.properties,
  },
  { description: 'What a sensor said, as it is kept, with what the aggregator added.' },
);

const ListQuery = Type.Object({ ...filterQuery, ...PageQuery });
const OfGroupQuery = Type.Object(PageQuery);
const AlertId = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }) });
const tags = ['alerts'];

export function alerts(app: FastifyInstance, parts: Parts): void {
  const { records } = parts;

  app.get<{ Querystring: Static<typeof ListQuery> }>('/api/v1/alerts', {
    schema: {
      operationId: 'listAlerts',
      summary: 'Alerts in the order of arrival, newest first',
      tags,
      querystring: ListQuery,
      response: { 200: listOf(AlertView) },
    },
    async handler(request) {
      const { query } = request;
      const page = await records.alerts(sharedFilter(query), pageOf(query, ['number']));
      await traceRead(parts, request, 'alerts.read', 'alerts', page.items.length);
      return listing(page, (alert) => alert);
    },
  });

  app.get<{ Params: Static<typeof GroupId>; Querystring: Static<typeof OfGroupQuery> }>(
    '/api/v1/groups/:id/alerts',
    {
      schema: {
        operationId: 'listGroupAlerts',
        summary: 'Alerts of one group, newest arrival first',
        tags,
        params: GroupId,
        querystring: OfGroupQuery,
        response: { 200: listOf(AlertView) },
      },
      async handler(request) {
        const { id } = request.params;
        if ((await records.group(id)) === undefined)
          throw new Problem('not_found', 'There is no such group.');
        const page = await records.alerts({ group: id }, pageOf(request.query, ['number']));
        await traceRead(parts, request, 'alerts.read', `group:${id}`, page.items.length);
        return listing(page, (alert) => alert);
      },
    },
  );

  app.get<{ Params: Static<typeof AlertId> }>('/api/v1/alerts/:id', {
    schema: {
      operationId: 'getAlert',
      summary: 'One alert',
      tags,
      params: AlertId,
      response: { 200: AlertView },
    },
    async handler(request) {
      const alert = await records.alert(request.params.id);
      if (alert === undefined) throw new Problem('not_found', 'There is no such alert.');
      await traceRead(parts, request, 'alert.read', `alert:${alert.id}`, 1);
      return alert;
    },
  });
}
