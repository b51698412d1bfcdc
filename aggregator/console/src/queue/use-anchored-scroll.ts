// Keeps what the reader looks at where it is when rows come and go above it.
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';

interface Anchor {
  readonly id: string;
  readonly index: number;
}

/**
 * `ids` are the rows in order, all `rowHeight` pixels tall. At the very top the list is left alone, so that new rows
 * are seen; further down the first visible row stays put and `unseen` counts what came in above it.
 */
export function useAnchoredScroll(
  scroller: RefObject<HTMLElement | null>,
  ids: readonly string[],
  rowHeight: number,
): { unseen: number; onScroll(): void; toTop(): void } {
  const anchor = useRef<Anchor | null>(null);
  const [unseen, setUnseen] = useState(0);

  const remember = useCallback(() => {
    const top = scroller.current?.scrollTop ?? 0;
    const index = Math.floor(top / rowHeight);
    const id = ids[index];
    anchor.current = top > 0 && id !== undefined ? { id, index } : null;
    if (top < rowHeight) setUnseen(0);
  }, [scroller, ids, rowHeight]);

  useLayoutEffect(() => {
    const held = anchor.current;
    const element = scroller.current;
    if (held && element) {
      const moved = ids.indexOf(held.id) - held.index;
      if (moved !== 0 && ids.includes(held.id)) {
        element.scrollTop += moved * rowHeight;
        if (moved > 0) setUnseen((count) => count + moved);
      }
    }
    remember();
  }, [ids, rowHeight, scroller, remember]);

  const toTop = useCallback(() => scroller.current?.scrollTo({ top: 0 }), [scroller]);
  return { unseen, onScroll: remember, toTop };
}
