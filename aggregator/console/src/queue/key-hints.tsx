// The keys one needs first, at the foot of the queue.
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../preferences/preferences.ts';

const HINTS = [
  ['j k', 'queue.key_move'],
  ['o', 'queue.key_open'],
  ['t', 'queue.key_take'],
  ['r', 'queue.key_resolve'],
  ['e', 'queue.key_archive'],
  ['/', 'queue.key_filter'],
  ['?', 'queue.key_help'],
] as const;

export function KeyHints() {
  const { t } = useTranslation();
  const { singleKeys } = usePreferences();
  if (!singleKeys) return null;
  return (
    <ul className="key-hints">
      {HINTS.map(([keys, label]) => (
        <li key={label}>
          {keys.split(' ').map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
          {t(label)}
        </li>
      ))}
    </ul>
  );
}
