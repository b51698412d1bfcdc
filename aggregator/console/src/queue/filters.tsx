// Narrowing the queue: text, state, body, order.
import { useQuery } from '@tanstack/react-query';
import { type RefObject, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bodiesQuery, type GroupFilter } from '../api/resources.ts';
import { GROUP_STATES } from '../api/shapes.ts';
import { usePreferences } from '../preferences/preferences.ts';

const STATES = ['open', ...GROUP_STATES, 'all'] as const;
/** Typing must not ask the aggregator (and fill the ledger) at every letter. */
const TYPING_MS = 300;

interface Props {
  readonly filter: GroupFilter;
  readonly change: (change: Partial<GroupFilter>) => void;
  readonly textField: RefObject<HTMLInputElement | null>;
  /** Back to the rows: what Enter in the text field means. */
  readonly done: () => void;
}

function TextFilter({ filter, change, textField, done }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(filter.q);
  useEffect(() => setText(filter.q), [filter.q]);
  useEffect(() => {
    if (text === filter.q) return;
    const timer = setTimeout(() => change({ q: text }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, filter.q, change]);
  return (
    <input
      ref={textField}
      type="search"
      className="text-filter"
      value={text}
      placeholder={`${t('queue.filter_text')}  /`}
      aria-label={t('queue.filter_text')}
      maxLength={100}
      spellCheck={false}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
        change({ q: text });
        event.preventDefault();
        done();
      }}
    />
  );
}

export function Filters(props: Props) {
  const { filter, change } = props;
  const { t } = useTranslation();
  const { language } = usePreferences();
  const { data: bodies = [] } = useQuery(bodiesQuery);
  const narrowed = filter.q || filter.body || filter.severity || filter.state !== 'open';
  return (
    <search className="filters">
      <TextFilter {...props} />
      <fieldset className="segments">
        <legend className="unseen">{t('state.label')}</legend>
        {STATES.map((state) => (
          <button
            key={state}
            type="button"
            aria-pressed={filter.state === state}
            onClick={() => change({ state })}
          >
            {t(`state.${state}`)}
          </button>
        ))}
      </fieldset>
      <select
        aria-label={t('queue.body')}
        value={filter.body ?? ''}
        onChange={(event) => change({ body: event.currentTarget.value || null })}
      >
        <option value="">{t('queue.all_bodies')}</option>
        {bodies.map(({ id, name }) => (
          <option key={id} value={id}>
            {name[language]}
          </option>
        ))}
      </select>
      <select
        aria-label={t('queue.sort')}
        value={filter.sort}
        onChange={(event) => change({ sort: event.currentTarget.value as GroupFilter['sort'] })}
      >
        <option value="priority">{t('queue.sort_priority')}</option>
        <option value="last_seen">{t('queue.sort_last_seen')}</option>
      </select>
      {narrowed && (
        <button
          type="button"
          className="quiet"
          onClick={() => change({ q: '', body: null, severity: null, state: 'open' })}
        >
          {t('queue.clear')}
        </button>
      )}
    </search>
  );
}
