// Sensors: when each was last heard, how well it sees, and when it did not.

import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { BLIND_REASONS, Health } from 'yagura-sensor/wire';
import { type Sensor, sensorStatus } from '../../authority/sensor.ts';
import { now, toRfc3339 } from '../../time.ts';
import type { Parts } from '../parts.ts';
import { Instant } from './filter.ts';
import { traceRead } from './gate.ts';
import { bodyNames } from './groups.ts';

/** Spans of blindness shown with each sensor. */
const BLINDS_SHOWN = 20;

const SensorView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  body: Type.Object({ id: Type.String(), name: Type.Object({ en: Type.String(), ja: Type.String() }) }),
  status: Type.Enum(['live', 'silent', 'never', 'revoked']),
  last_seen: Type.Union([Instant, Type.Null()]),
  health: Type.Union([Health, Type.Null()]),
  drops_ratio: Type.Number({
    minimum: 0,
    maximum: 1,
    description: 'Of all packets that came, the part dropped unseen.',
  }),
  blind: Type.Array(
    Type.Object({
      from: Instant,
      until: Instant,
      reason: Type.Enum([...BLIND_REASONS]),
      count: Type.Integer(),
      counts: Type.Optional(Type.Record(Type.String(), Type.Integer())),
    }),
  ),
  certificate_until: Instant,
  clock_skew_s: Type.Union([Type.Number(), Type.Null()]),
  refused: Type.Record(Type.String(), Type.Integer()),
});

export async function showSensor(
  sensor: Sensor,
  names: Awaited<ReturnType<typeof bodyNames>>,
  { records, limits }: Pick<Parts, 'records' | 'limits'>,
): Promise<Static<typeof SensorView>> {
  const { id, body, name, health, last_seen, revoked, clock_skew_s } = sensor;
  const dropped = health?.dropped_kernel ?? 0;
  const came = (health?.packets ?? 0) + dropped;
  const blinds = await records.blinds(id, BLINDS_SHOWN);
  return {
    id,
    name,
    body: { id: body, name: names.get(body) ?? { en: body, ja: body } },
    status: revoked === null ? sensorStatus(sensor, now(), limits.silentAfter) : 'revoked',
    last_seen: last_seen === null ? null : toRfc3339(last_seen),
    health,
    drops_ratio: came === 0 ? 0 : dropped / came,
    blind: blinds.map(({ from, until, reason, count, counts }) => ({
      from: toRfc3339(from),
      until: toRfc3339(until),
      reason,
      count,
      ...(counts && { counts }),
    })),
    certificate_until: toRfc3339(sensor.certificate_until),
    clock_skew_s,
    refused: await records.refusals(id),
  };
}

export function sensors(app: FastifyInstance, parts: Parts): void {
  const { records } = parts;
  app.get('/api/v1/sensors', {
    schema: {
      operationId: 'listSensors',
      summary: 'Sensors with their health and their blindness',
      tags: ['sensors'],
      response: { 200: Type.Object({ items: Type.Array(SensorView) }) },
    },
    async handler(request) {
      const names = await bodyNames(parts);
      const items = await Promise.all(
        (await records.sensors()).map((sensor) => showSensor(sensor, names, parts)),
      );
      await traceRead(parts, request, 'sensors.read', 'sensors', items.length);
      return { items };
    },
  });
}
