// Alert groups: the analyst's queue, one group with its history, its alerts, and its change of state.

import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { Coverage, SEVERITIES } from 'yagura-sensor/wire';
import { etagOf, GROUP_STATES, type Group, type GroupState, openBySeverity } from '../../alerts/group.ts';
import type { Body } from '../../authority/authority.ts';
import { Problem } from '../../errors.ts';
import { now, toRfc3339 } from '../../time.ts';
import { listing, listOf, PageQuery, pageOf } from '../paging.ts';
import type { Parts } from '../parts.ts';
import { filterQuery, Instant, sharedFilter } from './filter.ts';
import { actorOf, traceRead } from './gate.ts';

const Names = Type.Object({ en: Type.String(), ja: Type.String() });
const Count = Type.Integer({ minimum: 0 });
export const GroupId = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }) });

export const GroupView = Type.Object(
  {
    id: Type.String(),
    etag: Type.String(),
    state: Type.Enum([...GROUP_STATES]),
    severity: Type.Enum([...SEVERITIES]),
    priority: Type.Integer({ minimum: 0, maximum: 100, description: 'How soon a person should look.' }),
    rule: Type.Object({
      id: Type.String(),
      name: Type.String(),
      kind: Type.String(),
      tags: Type.Array(Type.String()),
      confidence: Type.Integer({ minimum: 0, maximum: 100 }),
    }),
    reason: Names,
    body: Type.Object({ id: Type.String(), name: Names }),
    sensors: Type.Array(Type.String()),
    src: Type.Object({
      ip: Type.String(),
      distinct: Type.Integer({ description: 'Different source ports; counting stops at 64.' }),
    }),
    dest: Type.Object({
      ip: Type.String(),
      port: Type.Integer({ description: 'Of the first alert.' }),
      distinct: Type.Integer({ description: 'Different destination ports; counting stops at 64.' }),
    }),
    direction: Type.Enum(['inbound', 'outbound', 'internal']),
    proto: Type.String(),
    app_proto: Type.Union([Type.String(), Type.Null()]),
    count: Count,
    first_seen: Instant,
    last_seen: Instant,
    received_last: Instant,
    coverage: Type.Union([Coverage, Type.Null()], {
      description: 'The least that any of its alerts rested on; null where no sensor told.',
    }),
    histogram: Type.Array(Count, { minItems: 24, maxItems: 24 }),
    histogram_from: Instant,
    histogram_step_s: Type.Integer({ minimum: 1 }),
  },
  { description: 'Alerts of one body and rule between the same two addresses.' },
);

const HistoryView = Type.Object({
  time: Instant,
  actor: Type.String(),
  action: Type.String(),
  note: Type.Union([Type.String(), Type.Null()]),
});
const GroupWithHistory = Type.Object({ ...GroupView.properties, history: Type.Array(HistoryView) });

const Counts = Type.Object({
  open: Count,
  by_severity: Type.Record(Type.String(), Count),
});

/** Bodies' names beside their ids. */
export type BodyNames = ReadonlyMap<string, Body['name']>;
export const bodyNames = async ({ records }: Pick<Parts, 'records'>): Promise<BodyNames> =>
  new Map((await records.bodies()).map(({ id, name }) => [id, name]));

export function showGroup(group: Group, names: BodyNames): Static<typeof GroupView> {
  const { rule, body, histogram } = group;
  return {
    id: group.id,
    etag: etagOf(group),
    state: group.state,
    severity: group.severity,
    priority: group.priority,
    rule: { id: rule.id, name: rule.name, kind: rule.kind, tags: rule.tags, confidence: rule.confidence },
    reason: group.reason,
    body: { id: body, name: names.get(body) ?? { en: body, ja: body } },
    sensors: group.sensors.map((sensor) => sensor.slice(sensor.lastIndexOf('/') + 1)),
    src: { ip: group.src_ip, distinct: group.src_ports.length },
    dest: { ip: group.dest_ip, port: group.dest_ports[0], distinct: group.dest_ports.length },
    direction: group.direction,
    proto: group.proto,
    app_proto: group.app_proto,
    count: group.count,
    first_seen: toRfc3339(group.first_seen),
    last_seen: toRfc3339(group.last_seen),
    received_last: toRfc3339(group.received_last),
    coverage: group.coverage ?? null,
    histogram: [...histogram.counts],
    histogram_from: toRfc3339(histogram.from),
    histogram_step_s: histogram.step_s,
  };
}

const State = Type.Enum([...GROUP_STATES]);
const StateQuery = Type.Enum([...GROUP_STATES, 'open', 'all']);

const ListQuery = Type.Object({
  ...filterQuery,
  state: Type.Optional(StateQuery),
  q: Type.Optional(Type.String({ maxLength: 100, description: "Text in the rule's name or an address." })),
  sort: Type.Optional(Type.Enum(['priority', 'last_seen'])),
  ...PageQuery,
});

const Change = Type.Object(
  { state: State, note: Type.Optional(Type.String({ maxLength: 500 })) },
  { additionalProperties: false },
);

const STATES: Record<string, readonly GroupState[] | undefined> = {
  open: ['new', 'in_progress'],
  all: undefined,
};
const sortKinds = { priority: ['number', 'number', 'string'], last_seen: ['number', 'string'] } as const;

export function groups(app: FastifyInstance, parts: Parts): void {
  const { records } = parts;

  async function one(id: string): Promise<Static<typeof GroupWithHistory>> {
    const [group, history] = [await records.group(id), await records.history(id)];
    if (group === undefined) throw new Problem('not_found', 'There is no such group.');
    const shown = history.map(({ time, actor, action, note }) => ({
      time: toRfc3339(time),
      actor,
      action,
      note,
    }));
    return { ...showGroup(group, await bodyNames(parts)), history: shown };
  }

  app.get<{ Querystring: Static<typeof ListQuery> }>('/api/v1/groups', {
    schema: {
      operationId: 'listGroups',
      summary: 'The queue of groups; open ones by priority when nothing else is asked',
      tags: ['groups'],
      querystring: ListQuery,
      response: { 200: Type.Object({ ...listOf(GroupView).properties, counts: Counts }) },
    },
    async handler(request) {
      const { query } = request;
      const [state, sort] = [query.state ?? 'open', query.sort ?? 'priority'];
      const states = state in STATES ? STATES[state] : [state as GroupState];
      const filter = { ...sharedFilter(query), states, text: query.q };
      const page = await records.groups(filter, sort, pageOf(query, sortKinds[sort]));
      const by_severity = openBySeverity(await records.openGroups(), query.body);
      const names = await bodyNames(parts);
      await traceRead(parts, request, 'groups.read', 'groups', page.items.length);
      const open = Object.values(by_severity).reduce((sum, n) => sum + n, 0);
      return { ...listing(page, (group) => showGroup(group, names)), counts: { open, by_severity } };
    },
  });

  app.get<{ Params: Static<typeof GroupId> }>('/api/v1/groups/:id', {
    schema: {
      operationId: 'getGroup',
      summary: 'One group with its history, newest first',
      tags: ['groups'],
      params: GroupId,
      response: { 200: GroupWithHistory },
    },
    async handler(request, reply) {
      const group = await one(request.params.id);
      await traceRead(parts, request, 'group.read', `group:${group.id}`, 1);
      return reply.header('etag', group.etag).send(group);
    },
  });

  app.patch<{ Params: Static<typeof GroupId>; Body: Static<typeof Change> }>('/api/v1/groups/:id', {
    schema: {
      operationId: 'changeGroup',
      summary: 'Takes a group into work, resolves, archives or reopens it',
      tags: ['groups'],
      params: GroupId,
      headers: Type.Object({ 'if-match': Type.Optional(Type.String({ maxLength: 64 })) }),
      body: Change,
      response: { 200: GroupWithHistory },
    },
    async handler(request, reply) {
      const { id } = request.params;
      const { state, note } = request.body;
      const expected = request.headers['if-match'];
      const actor = actorOf(request);
      await records.write(async (writer) => {
        const group = (await writer.groups([id])).get(id);
        if (group === undefined) throw new Problem('not_found', 'There is no such group.');
        if (expected !== undefined && expected !== '*' && expected !== etagOf(group))
          throw new Problem('edited_meanwhile');
        const at = now();
        await writer.keepGroups([{ ...group, state, version: group.version + 1 }]);
        await writer.keepHistory([{ group: id, time: at, actor, action: state, note: note ?? null }]);
        const detail = { from: group.state, to: state, noted: note !== undefined };
        await writer.append({ actor, action: 'group.changed', object: `group:${id}`, detail }, at);
      });
      const group = await one(id);
      return reply.header('etag', group.etag).send(group);
    },
  });
}
