// The rows of the queue: only those on screen exist, and the reader's place holds while others come and go.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Group } from '../api/shapes.ts';
import { Row, rowId } from './row.tsx';
import { useAnchoredScroll } from './use-anchored-scroll.ts';

/** Pixels; the style sheet says the same. */
const ROW_HEIGHT = 34;
/** The next page is asked for while this many rows are still unread. */
const READ_AHEAD = 50;

interface Props {
  readonly grid: RefObject<HTMLTableElement | null>;
  readonly groups: readonly Group[];
  readonly selected: string | null;
  readonly marks: ReadonlySet<string>;
  readonly open: (id: string) => void;
  /** Absent when there is no further page. */
  readonly more: (() => void) | undefined;
}

const COLUMNS = [
  ['mark', 'queue.mark'],
  ['severity', 'queue.severity'],
  ['rule', 'queue.rule'],
  ['body', 'queue.body'],
  ['ends', 'queue.from_to'],
  ['count', 'queue.count'],
  ['first', 'queue.first_seen'],
  ['last', 'queue.last_seen'],
  ['state', 'queue.state'],
] as const;

export function QueueGrid({ grid, groups, selected, marks, open, more }: Props) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const openLatest = useRef(open);
  openLatest.current = open;
  const openRow = useRef((id: string) => openLatest.current(id)).current;
  const ids = useMemo(() => groups.map(({ id }) => id), [groups]);
  const at = selected === null ? -1 : ids.indexOf(selected);
  const virtualizer = useVirtualizer({
    count: groups.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 15,
    scrollPaddingStart: ROW_HEIGHT,
    getItemKey: (index) => ids[index] ?? index,
  });
  const { unseen, onScroll, toTop } = useAnchoredScroll(scroller, ids, ROW_HEIGHT);
  const rows = virtualizer.getVirtualItems();
  const lastShown = rows.at(-1)?.index ?? 0;

  useEffect(() => {
    if (more && lastShown >= groups.length - READ_AHEAD) more();
  }, [more, lastShown, groups.length]);

  // Only a move of the selection scrolls; a row that arrives above it does not.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (at >= 0) virtualizer.scrollToIndex(at, { align: 'auto' });
  }, [selected]);

  return (
    <div className="grid-frame">
      {unseen > 0 && (
        <button type="button" className="unseen-above" onClick={toTop}>
          ↑ {t('queue.new_above', { count: unseen })}
        </button>
      )}
      <div ref={scroller} className="grid-scroll" onScroll={onScroll}>
        <table
          ref={grid}
          // The grid takes the focus and points at the active row: rows come and go with scrolling.
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table one moves in is a grid
          role="grid"
          tabIndex={0}
          aria-label={t('queue.title')}
          aria-rowcount={groups.length + 1}
          aria-activedescendant={at >= 0 ? rowId(groups[at]!.id) : undefined}
        >
          <thead>
            <tr aria-rowindex={1}>
              {COLUMNS.map(([name, label]) => (
                <th key={name} scope="col" className={`col-${name}`}>
                  {name === 'mark' ? <span className="unseen">{t(label)}</span> : t(label)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody style={{ height: virtualizer.getTotalSize() }}>
            {rows.map(({ index, start }) => {
              const group = groups[index]!;
              return (
                <Row
                  key={group.id}
                  group={group}
                  index={index}
                  top={start}
                  selected={index === at}
                  marked={marks.has(group.id)}
                  open={openRow}
                />
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}
