// The groups marked for one verb together: exactly those, however the queue changes meanwhile.
import { useSyncExternalStore } from 'react';

let marked: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

function change(next: ReadonlySet<string>): void {
  marked = next;
  for (const tell of listeners) tell();
}

export function toggleMark(id: string): void {
  const next = new Set(marked);
  if (!next.delete(id)) next.add(id);
  change(next);
}

export const clearMarks = (): void => change(new Set());

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export const useMarks = (): ReadonlySet<string> => useSyncExternalStore(subscribe, () => marked);
