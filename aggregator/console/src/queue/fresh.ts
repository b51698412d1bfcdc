// Remembers which groups were just touched by a live alert, so that their rows can show it once.
import { useSyncExternalStore } from 'react';

/** Group id to how many times it was touched: a new number starts the highlight anew. */
const touches = new Map<string, number>();
const listeners = new Set<() => void>();
/** Only what could still be on screen matters. */
const MAX_REMEMBERED = 5_000;

export function touch(ids: Iterable<string>): void {
  if (touches.size > MAX_REMEMBERED) touches.clear();
  for (const id of ids) touches.set(id, (touches.get(id) ?? 0) + 1);
  for (const tell of listeners) tell();
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export const useTouches = (id: string): number => useSyncExternalStore(subscribe, () => touches.get(id) ?? 0);
