// Brings one group's present state into everything the console has loaded: queues, its own page, its alerts.
import type { QueryClient } from '@tanstack/react-query';
import { type GroupFilter, groupAlertsQuery, groupQuery } from '../api/resources.ts';
import type { Group, StoredAlert } from '../api/shapes.ts';
import { type Pages, place } from './place.ts';

export function knownGroup(client: QueryClient, id: string): Group | undefined {
  for (const [, data] of client.getQueriesData<Pages>({ queryKey: ['groups'] }))
    for (const page of data?.pages ?? []) {
      const found = page.items.find((group) => group.id === id);
      if (found) return found;
    }
  return client.getQueryData(groupQuery(id).queryKey);
}

/** `before` as in place(). */
export function showGroup(client: QueryClient, group: Group, before: Group | null | undefined): void {
  for (const [key, data] of client.getQueriesData<Pages>({ queryKey: ['groups'] }))
    if (data) client.setQueryData(key, place(data, group, key[1] as GroupFilter, before));
  client.setQueryData(groupQuery(group.id).queryKey, (old) => old && { ...old, ...group });
}

/** Newest first, as the aggregator lists them. */
export function showAlert(client: QueryClient, alert: StoredAlert): void {
  client.setQueryData(groupAlertsQuery(alert.group).queryKey, (old) => {
    const first = old?.pages[0];
    if (!old || !first || old.pages.some(({ items }) => items.some(({ id }) => id === alert.id))) return old;
    return { ...old, pages: old.pages.with(0, { ...first, items: [alert, ...first.items] }) };
  });
}
