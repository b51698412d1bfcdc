// The keys of the console, all of them: what the help lists is what works.
import type { Dictionary } from '../i18n/en.ts';

export type KeyScope = 'everywhere' | 'in_lists' | 'on_group' | 'on_traffic';

export interface Shortcut {
  readonly scope: KeyScope;
  /** Alternatives; a sequence is written with a space (`g q`). Spelled as KeyboardEvent.key. */
  readonly keys: readonly string[];
  readonly label: keyof Dictionary['keys'];
}

export const KEYMAP = {
  next: { scope: 'in_lists', keys: ['j', 'ArrowDown'], label: 'next' },
  previous: { scope: 'in_lists', keys: ['k', 'ArrowUp'], label: 'previous' },
  first: { scope: 'in_lists', keys: ['g g', 'Home'], label: 'first' },
  last: { scope: 'in_lists', keys: ['G', 'End'], label: 'last' },
  open: { scope: 'in_lists', keys: ['Enter', 'o'], label: 'open' },
  mark: { scope: 'in_lists', keys: ['x'], label: 'mark' },
  clear_marks: { scope: 'in_lists', keys: ['Escape'], label: 'clear_marks' },
  filter: { scope: 'in_lists', keys: ['/'], label: 'filter' },
  take: { scope: 'on_group', keys: ['t'], label: 'take' },
  resolve: { scope: 'on_group', keys: ['r'], label: 'resolve' },
  archive: { scope: 'on_group', keys: ['e'], label: 'archive' },
  reopen: { scope: 'on_group', keys: ['R'], label: 'reopen' },
  undo: { scope: 'on_group', keys: ['z'], label: 'undo' },
  note: { scope: 'on_group', keys: ['n'], label: 'note' },
  copy: { scope: 'on_group', keys: ['c'], label: 'copy' },
  next_group: { scope: 'on_group', keys: [']'], label: 'next_group' },
  previous_group: { scope: 'on_group', keys: ['['], label: 'previous_group' },
  back: { scope: 'on_group', keys: ['u'], label: 'back' },
  earlier: { scope: 'on_traffic', keys: ['h', 'ArrowLeft'], label: 'earlier' },
  later: { scope: 'on_traffic', keys: ['l', 'ArrowRight'], label: 'later' },
  zoom_in: { scope: 'on_traffic', keys: ['+'], label: 'zoom_in' },
  zoom_out: { scope: 'on_traffic', keys: ['-'], label: 'zoom_out' },
  table: { scope: 'on_traffic', keys: ['v'], label: 'table' },
  go_queue: { scope: 'everywhere', keys: ['g q'], label: 'go_queue' },
  go_traffic: { scope: 'everywhere', keys: ['g t'], label: 'go_traffic' },
  go_sensors: { scope: 'everywhere', keys: ['g s'], label: 'go_sensors' },
  go_ledger: { scope: 'everywhere', keys: ['g l'], label: 'go_ledger' },
  language: { scope: 'everywhere', keys: ['L'], label: 'language' },
  theme: { scope: 'everywhere', keys: ['D'], label: 'theme' },
  zone: { scope: 'everywhere', keys: ['U'], label: 'zone' },
  help: { scope: 'everywhere', keys: ['?'], label: 'help' },
} as const satisfies Record<string, Shortcut>;

export type KeyAction = keyof typeof KEYMAP;

const ACTION_BY_KEYS = new Map<string, KeyAction>(
  Object.entries(KEYMAP).flatMap(([action, { keys }]) =>
    keys.map((key) => [key, action as KeyAction] as const),
  ),
);
const PREFIXES = new Set(
  [...ACTION_BY_KEYS.keys()].flatMap((keys) => (keys.includes(' ') ? [keys.split(' ')[0]!] : [])),
);

/** How long the second key of a sequence is waited for. */
export const SEQUENCE_MS = 1_500;

/** Follows single keys and sequences; `press` answers with the action that the keys complete, if any. */
export function keyReader(): { press(key: string, at: number): KeyAction | undefined } {
  let prefix = '';
  let prefixAt = 0;
  return {
    press(key, at) {
      if (prefix && at - prefixAt <= SEQUENCE_MS) {
        const action = ACTION_BY_KEYS.get(`${prefix} ${key}`);
        prefix = '';
        // An unfinished sequence swallows its second key: `g` then `e` must not archive.
        return action;
      }
      prefix = PREFIXES.has(key) ? key : '';
      prefixAt = at;
      return prefix ? undefined : ACTION_BY_KEYS.get(key);
    },
  };
}
