// The first page: the queue of alert groups, worst first, worked by keyboard.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { type GroupFilter, groupsQuery } from '../api/resources.ts';
import type { Group, GroupState } from '../api/shapes.ts';
import { useVerbs } from '../group/verbs.ts';
import { useKeys } from '../keyboard/use-keys.ts';
import { Loading, Problem } from '../shell/problem.tsx';
import { CoverageStrip } from './coverage-strip.tsx';
import { EmptyQueue } from './empty.tsx';
import { Filters } from './filters.tsx';
import { QueueGrid } from './grid.tsx';
import { KeyHints } from './key-hints.tsx';
import { clearMarks, toggleMark, useMarks } from './marks.ts';
import { isOpen } from './place.ts';
import { Preview } from './preview.tsx';
import { groupPath } from './row.tsx';
import { select, useGroupFilter, useSelectedGroup } from './selection.ts';
import { SeverityStrip } from './severity-strip.tsx';
import './queue.css';

/** Whether a group that comes into this state goes out of this view. */
const leaves = (filter: GroupFilter, state: GroupState): boolean =>
  filter.state === 'open' ? !isOpen({ state }) : filter.state !== 'all' && filter.state !== state;

export function QueuePage() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const [filter, change] = useGroupFilter();
  const selected = useSelectedGroup();
  const marks = useMarks();
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
    const chosen =
      marks.size > 0 ? groups.filter(({ id }) => marks.has(id)) : groups.slice(Math.max(0, at), at + 1);
    const targets = chosen.filter((group) => group.state !== state);
    if (targets.length === 0) return;
    const leaving = new Set(leaves(filter, state) ? targets.map(({ id }) => id) : []);
    void act(targets, state, { onReturn: () => select(selected) });
    clearMarks();
    if (selected === null || !leaving.has(selected)) return;
    const stays = ({ id }: Group): boolean => !leaving.has(id);
    select((groups.slice(at).find(stays) ?? groups.slice(0, at).findLast(stays))?.id ?? null);
  };
  const mark = (): void => {
    const group = groups[at];
    if (!group) return;
    toggleMark(group.id);
    move(at + 1);
  };

  useKeys({
    next: () => move(at + 1),
    previous: () => move(at < 0 ? 0 : at - 1),
    first: () => move(0),
    last: () => move(groups.length - 1),
    open: () => groups[at] && open(groups[at].id),
    mark,
    clear_marks: clearMarks,
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
            marks={marks}
            open={open}
            more={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined}
          />
          <Preview group={groups[at]} />
        </div>
      )}
      <footer className="queue-foot">
        <span>
          {marks.size > 0
            ? t('queue.marked', { count: marks.size })
            : hasNextPage
              ? t('queue.shown_more', { count: groups.length })
              : t('queue.shown', { count: groups.length })}
        </span>
        <KeyHints />
      </footer>
    </div>
  );
}
