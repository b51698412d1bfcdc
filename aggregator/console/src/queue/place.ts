// Puts one group, as it now is, into the pages of a queue already loaded: in place, inserted, or taken out.
import type { GroupFilter } from '../api/resources.ts';
import { type Group, type GroupCounts, type GroupPage, SEVERITY_ORDER } from '../api/shapes.ts';

export interface Pages {
  readonly pages: GroupPage[];
  readonly pageParams: (string | null)[];
}

export const isOpen = ({ state }: Pick<Group, 'state'>): boolean =>
  state === 'new' || state === 'in_progress';

/** The same question the aggregator answers, asked of one group. */
export function matches(group: Group, filter: GroupFilter): boolean {
  if (filter.state === 'open' ? !isOpen(group) : filter.state !== 'all' && filter.state !== group.state)
    return false;
  if (filter.severity && SEVERITY_ORDER.indexOf(group.severity) > SEVERITY_ORDER.indexOf(filter.severity))
    return false;
  if (filter.body && group.body.id !== filter.body) return false;
  if (!filter.q) return true;
  const wanted = filter.q.toLowerCase();
  return [group.rule.name, group.src.ip, group.dest.ip].some((text) => text.toLowerCase().includes(wanted));
}

/** Negative when `a` stands before `b`. */
function order(a: Group, b: Group, sort: GroupFilter['sort']): number {
  const byTime = b.last_seen < a.last_seen ? -1 : b.last_seen > a.last_seen ? 1 : 0;
  return sort === 'priority' ? b.priority - a.priority || byTime : byTime;
}

function recount(counts: GroupCounts, group: Group, by: number): GroupCounts {
  return {
    open: Math.max(0, counts.open + by),
    by_severity: {
      ...counts.by_severity,
      [group.severity]: Math.max(0, counts.by_severity[group.severity] + by),
    },
  };
}

/**
 * A group already shown keeps its row: a list that sorts itself under the reader's eyes cannot be read.
 * `before` is the group as it was, null when it is new, undefined when nobody knows; counts move accordingly.
 */
export function place(
  { pages, pageParams }: Pages,
  group: Group,
  filter: GroupFilter,
  before: Group | null | undefined,
): Pages {
  const wanted = matches(group, filter);
  let found = false;
  let next = pages.map((page) => {
    const at = page.items.findIndex(({ id }) => id === group.id);
    if (at < 0) return page;
    found = true;
    return { ...page, items: wanted ? page.items.with(at, group) : page.items.toSpliced(at, 1) };
  });
  if (!found && wanted) next = insert(next, group, filter.sort);
  const delta = before === undefined ? 0 : Number(isOpen(group)) - Number(before !== null && isOpen(before));
  if (delta !== 0) next = next.map((page) => ({ ...page, counts: recount(page.counts, group, delta) }));
  return { pages: next, pageParams };
}

function insert(pages: GroupPage[], group: Group, sort: GroupFilter['sort']): GroupPage[] {
  for (const [number, page] of pages.entries()) {
    const at = page.items.findIndex((other) => order(group, other, sort) <= 0);
    if (at >= 0) return pages.with(number, { ...page, items: page.items.toSpliced(at, 0, group) });
  }
  const last = pages.at(-1);
  // Below the last row loaded stand rows nobody has seen yet; this one is among them.
  if (!last || last.next !== null) return pages;
  return pages.with(-1, { ...last, items: [...last.items, group] });
}
