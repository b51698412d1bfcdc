// Remembers which groups were just touched by a live alert, so that their rows can show it once.
import { useSyncExternalStore } from 'react';

/** How long a touch is news; the style sheet's animation lasts as long. */
const FRESH_MS = 5_000;
/** Only what could still be on screen matters. */
const MAX_REMEMBERED = 5_000;

/** Group id to when it was touched, ms of performance.now(). */
const touches = new Map<string, number>();
const listeners = new Set<() => void>();

export function touch(ids: Iterable<string>): void {
  if (touches.size > MAX_REMEMBERED) touches.clear();
  for (const id of ids) touches.set(id, performance.now());
  for (const tell of listeners) tell();
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** The mark of a fresh touch, new with each; nothing once it is old, so that coming back to a page shows no old news. */
export function useFreshness(id: string): number | undefined {
  const at = useSyncExternalStore(subscribe, () => touches.get(id));
  return at !== undefined && performance.now() - at < FRESH_MS ? at : undefined;
}
