// The sensors, kept fresh by the live stream; asked for again only when one that should report seems not to.
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { sensorsQuery } from '../api/resources.ts';
import type { Sensor } from '../api/shapes.ts';
import { useNow } from '../time/time.tsx';

/** A sensor reports far more often; each question is a line in the ledger. */
const QUIET_MS = 60_000;

/** `anew` asks when the page opens, whatever is known. */
export function useSensors({ anew = false } = {}): UseQueryResult<Sensor[]> {
  const sensors = useQuery({ ...sensorsQuery, refetchOnMount: anew ? 'always' : true });
  const now = useNow();
  const { data, dataUpdatedAt, refetch } = sensors;
  const doubtful =
    now - dataUpdatedAt > QUIET_MS &&
    data?.some(
      ({ status, last_seen }) =>
        status === 'live' && last_seen !== null && now - Date.parse(last_seen) > QUIET_MS,
    );
  useEffect(() => {
    if (doubtful) void refetch();
  }, [doubtful, refetch]);
  return sensors;
}
