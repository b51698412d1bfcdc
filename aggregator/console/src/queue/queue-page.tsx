// The first page: the queue of alert groups, worst first, worked by keyboard.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { groupsQuery } from '../api/resources.ts';
import type { GroupState } from '../api/shapes.ts';
import { useVerbs } from '../group/verbs.ts';
import { useKeys } from '../keyboard/use-keys.ts';
import { Loading, Problem } from '../shell/problem.tsx';
import { CoverageStrip } from './coverage-strip.tsx';
import { EmptyQueue } from './empty.tsx';
import { Filters } from './filters.tsx';
import { QueueGrid } from './grid.tsx';
import { KeyHints } from './key-hints.tsx';
import { Preview } from './preview.tsx';
import { groupPath } from './row.tsx';
import { select, useGroupFilter, useSelectedGroup } from './selection.ts';
import { SeverityStrip } from './severity-strip.tsx';
import './queue.css';

export function QueuePage() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const [filter, change] = useGroupFilter();
  const selected = useSelectedGroup();
  const act = useVerbs();
  const textField = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLTableElement>(null);
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useInfiniteQuery(groupsQuery(filter));
  const groups = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  const at = groups.findIndex(({ id }) => id === selected);

  const move = (index: number): void => {
    const target = groups[Math.max(0, Math.min(groups.length - 1, index))];
    if (!target) return;
    select(target.id);
    // Where the grid has the focus, a screen reader follows the selection.
    grid.current?.focus({ preventScroll: true });
  };
  const open = (id: string): void => {
    select(id);
    navigate(groupPath(id));
  };
  const set = (state: GroupState): void => {
    const group = groups[at];
    if (!group || group.state === state) return;
    const leaves = filter.state !== 'all' && !(filter.state === 'open' && state === 'in_progress');
    const neighbour = groups[at + 1] ?? groups[at - 1];
    act(group, state, { onReturn: () => select(group.id) });
    if (leaves) select(neighbour?.id ?? null);
  };

  useKeys({
    next: () => move(at + 1),
    previous: () => move(at < 0 ? 0 : at - 1),
    first: () => move(0),
    last: () => move(groups.length - 1),
    open: () => groups[at] && open(groups[at].id),
    filter: () => textField.current?.select(),
    take: () => set('in_progress'),
    resolve: () => set('resolved'),
    archive: () => set('archived'),
    reopen: () => set('new'),
  });

  const narrowed = Boolean(filter.q || filter.body || filter.severity || filter.state !== 'open');
  return (
    <div className="queue">
      <h1 className="unseen">{t('queue.title')}</h1>
      <CoverageStrip />
      <div className="queue-strip">
        <SeverityStrip
          counts={data?.pages[0]?.counts}
          chosen={filter.severity}
          choose={(severity) => change({ severity })}
        />
      </div>
      <Filters filter={filter} change={change} textField={textField} done={() => grid.current?.focus()} />
      {isPending ? (
        <Loading text={t('queue.loading')} />
      ) : error && !data ? (
        <Problem error={error} retry={() => void refetch()} />
      ) : groups.length === 0 ? (
        <EmptyQueue narrowed={narrowed} />
      ) : (
        <div className="queue-body">
          <QueueGrid
            key={JSON.stringify(filter)}
            grid={grid}
            groups={groups}
            selected={selected}
            open={open}
            more={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined}
          />
          <Preview group={groups[at]} />
        </div>
      )}
      <footer className="queue-foot">
        <span aria-live="off">
          {hasNextPage
            ? t('queue.shown_more', { count: groups.length })
            : t('queue.shown', { count: groups.length })}
        </span>
        <KeyHints />
      </footer>
    </div>
  );
}
