// One group: its head, its alerts, the evidence of the alert chosen, and what people did about it.
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { groupAlertsQuery, groupQuery, groupsQuery } from '../api/resources.ts';
import type { GroupState } from '../api/shapes.ts';
import { useKeys } from '../keyboard/use-keys.ts';
import { groupPath } from '../queue/row.tsx';
import { lastFilter, queuePath, select } from '../queue/selection.ts';
import { Loading, Problem } from '../shell/problem.tsx';
import { AlertList } from './alert-list.tsx';
import { copy, Evidence } from './evidence.tsx';
import { eveText } from './evidence-tree.ts';
import { GroupHeader } from './group-header.tsx';
import { History } from './history.tsx';
import { useVerbs } from './verbs.ts';
import './group.css';

/** The neighbours of this group in the queue as it was last seen. */
function useNeighbours(id: string): (step: 1 | -1) => void {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  return (step) => {
    const queue =
      client.getQueryData(groupsQuery(lastFilter()).queryKey)?.pages.flatMap(({ items }) => items) ?? [];
    const at = queue.findIndex((group) => group.id === id);
    const next = queue[at + step];
    if (at < 0 || !next) return;
    select(next.id);
    navigate(groupPath(next.id), { replace: true });
  };
}

export function GroupPage({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const { data: group, error, refetch } = useQuery(groupQuery(id));
  const alertPages = useInfiniteQuery(groupAlertsQuery(id));
  const alerts = useMemo(() => alertPages.data?.pages.flatMap(({ items }) => items) ?? [], [alertPages.data]);
  const [selected, setSelected] = useState<string | null>(null);
  const noteField = useRef<HTMLInputElement>(null);
  const act = useVerbs();
  const goTo = useNeighbours(id);

  // The newest alert is chosen once; those that come later do not take its place.
  const newest = alerts[0]?.id;
  useEffect(() => {
    if (selected === null && newest !== undefined) setSelected(newest);
  }, [selected, newest]);
  useEffect(() => select(id), [id]);

  const at = alerts.findIndex((alert) => alert.id === selected);
  const alert = alerts[at];
  const move = (index: number): void => {
    const target = alerts[Math.max(0, Math.min(alerts.length - 1, index))];
    if (target) setSelected(target.id);
  };
  const set = (state: GroupState, note = noteField.current?.value.trim() ?? ''): void => {
    if (group && (group.state !== state || note)) void act([group], state, { note });
  };

  useKeys({
    next: () => move(at + 1),
    previous: () => move(at - 1),
    first: () => move(0),
    last: () => move(alerts.length - 1),
    take: () => set('in_progress'),
    resolve: () => set('resolved'),
    archive: () => set('archived'),
    reopen: () => set('new'),
    note: () => noteField.current?.focus(),
    copy: () => alert && copy(eveText(alert)),
    next_group: () => goTo(1),
    previous_group: () => goTo(-1),
    back: () => navigate(queuePath()),
  });

  if (error && !group) return <Problem error={error} retry={() => void refetch()} />;
  if (!group) return <Loading text={t('group.loading')} />;
  return (
    <article className="group">
      <GroupHeader group={group} set={set} noteField={noteField} />
      <div className="group-body">
        {alertPages.isPending ? (
          <Loading text={t('group.loading_alerts')} />
        ) : alertPages.error && alerts.length === 0 ? (
          <Problem error={alertPages.error} retry={() => void alertPages.refetch()} />
        ) : (
          <AlertList
            alerts={alerts}
            total={group.count}
            selected={selected}
            select={setSelected}
            more={
              alertPages.hasNextPage && !alertPages.isFetchingNextPage
                ? () => void alertPages.fetchNextPage()
                : undefined
            }
          />
        )}
        <div className="group-side">
          {alert && <Evidence alert={alert} />}
          <History entries={group.history} />
        </div>
      </div>
    </article>
  );
}
