// Who did what with this group, oldest first.
import { useTranslation } from 'react-i18next';
import { GROUP_STATES, type HistoryEntry } from '../api/shapes.ts';
import { Time } from '../time/time.tsx';

export function History({ entries }: { readonly entries: readonly HistoryEntry[] }) {
  const { t } = useTranslation();
  const word = (action: string): string => {
    const state = GROUP_STATES.find((one) => one === action);
    return state ? t(`state.${state}`) : action;
  };
  return (
    <section className="history" aria-labelledby="history-title">
      <h2 id="history-title">{t('group.history')}</h2>
      {entries.length === 0 ? (
        <p className="soft">{t('group.no_history')}</p>
      ) : (
        <ol>
          {entries.map((entry) => (
            <li key={`${entry.time}/${entry.actor}/${entry.action}`}>
              <Time value={entry.time} focusable />
              <span>
                <strong>{entry.actor}</strong> {word(entry.action)}
                {entry.note && <q>{entry.note}</q>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
