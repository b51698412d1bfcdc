// Where the reader stands in the queue: which group, which filters. Outlives the page, so that going back lands there.
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useSearchParams } from 'wouter';
import type { GroupFilter } from '../api/resources.ts';
import { GROUP_STATES, SEVERITY_ORDER } from '../api/shapes.ts';

let selected: string | null = null;
let lastSearch = '';
const listeners = new Set<() => void>();

export function select(id: string | null): void {
  selected = id;
  for (const tell of listeners) tell();
}
export const selectedGroup = (): string | null => selected;

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}
export const useSelectedGroup = (): string | null => useSyncExternalStore(subscribe, selectedGroup);

/** The queue as it was last filtered. */
export const queuePath = (): string => (lastSearch ? `/?${lastSearch}` : '/');

const STATES = ['open', 'all', ...GROUP_STATES] as const;

const known = <Value extends string>(list: readonly Value[], value: string | null): Value | undefined =>
  list.find((one) => one === value);

export function filterOf(params: URLSearchParams): GroupFilter {
  return {
    state: known(STATES, params.get('state')) ?? 'open',
    severity: known(SEVERITY_ORDER, params.get('severity')) ?? null,
    body: params.get('body'),
    q: params.get('q') ?? '',
    sort: known(['priority', 'last_seen'], params.get('sort')) ?? 'priority',
  };
}

export const lastFilter = (): GroupFilter => filterOf(new URLSearchParams(lastSearch));

/** Filters live in the address, so that a view can be bookmarked and handed on. */
export function useGroupFilter(): [GroupFilter, (change: Partial<GroupFilter>) => void] {
  const [params, setParams] = useSearchParams();
  const search = params.toString();
  lastSearch = search;
  const filter = useMemo(() => filterOf(new URLSearchParams(search)), [search]);
  const change = useCallback(
    (wanted: Partial<GroupFilter>) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          for (const [name, value] of Object.entries(wanted)) {
            if (value) next.set(name, value);
            else next.delete(name);
          }
          if (next.get('state') === 'open') next.delete('state');
          if (next.get('sort') === 'priority') next.delete('sort');
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  return [filter, change];
}
