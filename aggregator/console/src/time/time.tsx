// Shows a time: relative at a glance, exact on hover, on focus and to machines.
import { useSyncExternalStore } from 'react';
import { usePreferences } from '../preferences/preferences.ts';
import { exact, relative, short } from './moment.ts';

const TICK_MS = 10_000;
let now = Date.now();
const listeners = new Set<() => void>();
setInterval(() => {
  now = Date.now();
  for (const tell of listeners) tell();
}, TICK_MS);

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** Milliseconds, moving every ten seconds for all who look at once. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);

interface Props {
  readonly value: string;
  /** Show the exact time: the reader stands on this row. */
  readonly exactly?: boolean;
  /** Let the keyboard reach it, so that the exact time shows on focus too. */
  readonly focusable?: boolean;
}

export function Time({ value, exactly = false, focusable = false }: Props) {
  const { language, zone } = usePreferences();
  const present = useNow();
  const full = exact(value, zone);
  const text = exactly ? short(value, zone) : relative(value, present, language, zone);
  if (!focusable)
    return (
      <time dateTime={value} title={full}>
        {text}
      </time>
    );
  return (
    <button type="button" className="time-tip" data-exact={full} aria-label={`${text}, ${full}`}>
      <time dateTime={value}>{text}</time>
    </button>
  );
}
