// Lets a component answer keys while it is shown; the innermost component that knows an action gets it.
import { useEffect, useRef } from 'react';
import { preferences } from '../preferences/preferences.ts';
import { type KeyAction, keyReader } from './keymap.ts';

export type KeyHandlers = Partial<Record<KeyAction, () => void>>;

const stack: { current: KeyHandlers }[] = [];
const reader = keyReader();

const writesText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select'));

/** Enter on a link or button is that element's own. */
const actsItself = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('a, button, summary, [role=radio]') !== null;

function onKeyDown(event: KeyboardEvent): void {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === 'Escape' && writesText(event.target)) (event.target as HTMLElement).blur();
  if (writesText(event.target) || document.querySelector('dialog[open]')) return;
  // WCAG 2.1.4: keys of one character can be switched off; arrows, Home, End and Enter stay.
  if (event.key.length === 1 && !preferences().singleKeys) return;
  if (event.key === 'Shift') return;
  if (event.key === 'Enter' && actsItself(event.target)) return;
  const action = reader.press(event.key, event.timeStamp);
  if (!action) return;
  const handler = stack.findLast((handlers) => handlers.current[action])?.current[action];
  if (!handler) return;
  event.preventDefault();
  handler();
}

export function useKeys(handlers: KeyHandlers): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    if (stack.length === 0) document.addEventListener('keydown', onKeyDown);
    stack.push(latest);
    return () => {
      stack.splice(stack.indexOf(latest), 1);
      if (stack.length === 0) document.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}
