// How groups and alerts are asked for: the query's schema and the filter that the store understands.
import { type Static, Type } from 'typebox';
import { SEVERITIES } from 'yagura-sensor/wire';
import { Problem } from '../../errors.ts';
import type { AlertFilter } from '../../stores/records/index.ts';
import { fromRfc3339 } from '../../time.ts';

export const Instant = Type.String({ format: 'date-time' });

/** What groups and alerts alike are asked by. */
export const filterQuery = {
  severity: Type.Optional(Type.Enum([...SEVERITIES], { description: 'The least severity wanted.' })),
  body: Type.Optional(Type.String({ maxLength: 64 })),
  sensor: Type.Optional(Type.String({ maxLength: 160, description: 'yagura://body/sensor' })),
  rule: Type.Optional(Type.String({ maxLength: 64 })),
  address: Type.Optional(Type.String({ maxLength: 45 })),
  since: Type.Optional(Instant),
};
const FilterQuery = Type.Object(filterQuery);

/** µs of a time in a query. @throws Problem invalid_request */
export function instant(name: string, text: string): number {
  const at = fromRfc3339(text);
  if (Number.isNaN(at))
    throw new Problem('invalid_request', `querystring/${name} must be RFC 3339 in UTC, ending in Z`);
  return at;
}

export function sharedFilter({
  severity,
  body,
  sensor,
  rule,
  address,
  since,
}: Static<typeof FilterQuery>): AlertFilter {
  return {
    severity,
    body,
    sensor,
    rule,
    address,
    since: since === undefined ? undefined : instant('since', since),
  };
}
