// What one analyst prefers in this browser: language, theme, time zone. Kept in local storage, applied to <html>.
import i18next from 'i18next';
import { useSyncExternalStore } from 'react';
import { LANGUAGES, type Language } from '../i18n/i18n.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
export const ZONES = ['JST', 'UTC'] as const;
export type Zone = (typeof ZONES)[number];

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  readonly zone: Zone;
  /** Keys of one character act (WCAG 2.1.4 wants a way to switch them off). */
  readonly singleKeys: boolean;
}

const STORAGE_KEY = 'yagura.preferences';

const browserLanguage = (): Language => (navigator.language.toLowerCase().startsWith('ja') ? 'ja' : 'en');

const oneOf = <Value extends string>(list: readonly Value[], value: unknown): Value | undefined =>
  list.find((known) => known === value);

function stored(): Preferences {
  let saved: Partial<Record<keyof Preferences, unknown>> = {};
  try {
    saved = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}') ?? {};
  } catch {
    // Storage that is switched off or damaged costs nothing but the memory of a preference.
  }
  return {
    language: oneOf(LANGUAGES, saved.language) ?? browserLanguage(),
    theme: oneOf(THEMES, saved.theme) ?? 'auto',
    zone: oneOf(ZONES, saved.zone) ?? 'JST',
    singleKeys: saved.singleKeys !== false,
  };
}

let current = stored();
const listeners = new Set<() => void>();

function apply(): void {
  document.documentElement.lang = current.language;
  document.documentElement.dataset.theme = current.theme;
}

export const preferences = (): Preferences => current;

export function prefer(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  apply();
  if (change.language) void i18next.changeLanguage(change.language);
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(current));
  } catch {
    // See stored().
  }
  for (const tell of listeners) tell();
}

const next = <Value>(list: readonly Value[], value: Value): Value =>
  list[(list.indexOf(value) + 1) % list.length]!;

export const switchLanguage = (): void => prefer({ language: next(LANGUAGES, current.language) });
export const switchTheme = (): void => prefer({ theme: next(THEMES, current.theme) });
export const switchZone = (): void => prefer({ zone: next(ZONES, current.zone) });

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, preferences);

/** Call once, before the first render. */
export const applyPreferences = apply;

const darkSystem = matchMedia('(prefers-color-scheme: dark)');
darkSystem.addEventListener('change', () => {
  // A new object, so that what draws on canvas with theme colours draws again.
  current = { ...current };
  for (const tell of listeners) tell();
});

export const isDark = (theme: Theme): boolean => (theme === 'auto' ? darkSystem.matches : theme === 'dark');
