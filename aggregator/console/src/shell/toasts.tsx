// Short messages at the foot of the page, with an undo where one exists; `z` presses it.
import type { TFunction } from 'i18next';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../keyboard/use-keys.ts';
import './toasts.css';

interface Toast {
  readonly id: number;
  /** Said anew when the language changes. */
  readonly say: (t: TFunction) => string;
  readonly tone: 'done' | 'warning';
  readonly undo?: () => void;
}

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();
const SHOWN_MS = 10_000;
const MAX_SHOWN = 3;

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const tell of listeners) tell();
}
const dismiss = (id: number): void => change(toasts.filter((toast) => toast.id !== id));

export function toast(say: Toast['say'], options: { undo?: () => void; tone?: Toast['tone'] } = {}): void {
  const { undo, tone = 'done' } = options;
  change([...toasts, { id: nextId++, say, tone, ...(undo && { undo }) }].slice(-MAX_SHOWN));
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

function undoOf({ id, undo }: Toast): void {
  dismiss(id);
  undo?.();
}

function OneToast({ toast }: { readonly toast: Toast }) {
  const { t } = useTranslation();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(toast.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast.id, held]);
  return (
    <li
      className={`toast toast-${toast.tone}`}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{toast.say(t)}</span>
      {toast.undo && (
        <button type="button" onClick={() => undoOf(toast)}>
          {t('verb.undo')} <kbd>z</kbd>
        </button>
      )}
      <button
        type="button"
        className="quiet"
        aria-label={t('verb.dismiss')}
        onClick={() => dismiss(toast.id)}
      >
        ×
      </button>
    </li>
  );
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  useKeys({
    undo() {
      const last = toasts.findLast(({ undo }) => undo);
      if (last) undoOf(last);
    },
  });
  return (
    <ol className="toasts" role="status">
      {shown.map((one) => (
        <OneToast key={one.id} toast={one} />
      ))}
    </ol>
  );
}
