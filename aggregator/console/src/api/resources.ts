// Every question the console asks, as TanStack Query options: key, how to ask, how long the answer stays fresh.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { read } from './client.ts';
import type {
  Body,
  Group,
  GroupPage,
  GroupState,
  GroupWithHistory,
  LedgerEntry,
  Metric,
  Page,
  Sensor,
  SeriesAnswer,
  Session,
  Severity,
  StoredAlert,
} from './shapes.ts';

export interface GroupFilter {
  readonly state: 'open' | 'all' | GroupState;
  /** The least severity shown. */
  readonly severity: Severity | null;
  readonly body: string | null;
  readonly q: string;
  readonly sort: 'priority' | 'last_seen';
}

const PAGE_SIZE = 200;

/** Reads of people stand in the ledger, so lists are kept fresh by the live stream, not by asking again. */
export const groupsQuery = (filter: GroupFilter) =>
  infiniteQueryOptions({
    queryKey: ['groups', filter],
    queryFn: ({ pageParam, signal }) =>
      read<GroupPage>('groups', { ...filter, limit: PAGE_SIZE, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

export const groupQuery = (id: string) =>
  queryOptions({
    queryKey: ['group', id],
    queryFn: ({ signal }) => read<GroupWithHistory>(`groups/${encodeURIComponent(id)}`, {}, signal),
  });

export const groupAlertsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['group-alerts', id],
    queryFn: ({ pageParam, signal }) =>
      read<Page<StoredAlert>>(
        `groups/${encodeURIComponent(id)}/alerts`,
        { limit: PAGE_SIZE, cursor: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

/** The group heard of last: tells a reader of an empty chart where the data is. */
export const latestGroupQuery = queryOptions({
  queryKey: ['latest-group'],
  queryFn: async ({ signal }): Promise<Group | null> =>
    (await read<GroupPage>('groups', { state: 'all', sort: 'last_seen', limit: 1 }, signal)).items[0] ?? null,
});

/** Lists that are short by nature come whole. */
const everything = async <Item>(resource: string, signal: AbortSignal): Promise<Item[]> =>
  (await read<Pick<Page<Item>, 'items'>>(resource, {}, signal)).items;

export const bodiesQuery = queryOptions({
  queryKey: ['bodies'],
  queryFn: ({ signal }) => everything<Body>('bodies', signal),
  staleTime: 60_000,
});

export const sensorsQuery = queryOptions({
  queryKey: ['sensors'],
  queryFn: ({ signal }) => everything<Sensor>('sensors', signal),
  staleTime: 60_000,
});

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => read<Session>('session', {}, signal),
  staleTime: 5 * 60_000,
});

export const ledgerQuery = infiniteQueryOptions({
  queryKey: ['ledger'],
  queryFn: ({ pageParam, signal }) =>
    read<Page<LedgerEntry>>('ledger', { limit: PAGE_SIZE, cursor: pageParam }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next,
  staleTime: 0,
});

export interface SeriesQuestion {
  readonly metric: Metric;
  readonly from: string;
  readonly until: string;
  readonly step: number;
  readonly body: string | null;
  readonly by?: 'severity' | 'type' | 'sensor';
}

export const seriesQuery = (question: SeriesQuestion) =>
  queryOptions({
    queryKey: ['series', question],
    queryFn: ({ signal }) => read<SeriesAnswer>('series', { ...question }, signal),
  });
