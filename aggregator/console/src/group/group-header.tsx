// The head of a group's page: what fired, why, between whom, since when, and what can be done about it.
import { type RefObject, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Group, GroupState } from '../api/shapes.ts';
import { whole } from '../preferences/number.ts';
import { usePreferences } from '../preferences/preferences.ts';
import { useTouches } from '../queue/fresh.ts';
import { withPort } from '../queue/row.tsx';
import { queuePath } from '../queue/selection.ts';
import { Tags } from '../queue/tags.tsx';
import { SeverityMark } from '../severity/severity.tsx';
import { StateMark } from '../state/state.tsx';
import { Time } from '../time/time.tsx';
import { Timeline } from './timeline.tsx';

const VERBS = [
  { verb: 'take', key: 't', state: 'in_progress' },
  { verb: 'resolve', key: 'r', state: 'resolved' },
  { verb: 'archive', key: 'e', state: 'archived' },
  { verb: 'reopen', key: 'R', state: 'new' },
] as const;

interface Props {
  readonly group: Group;
  readonly set: (state: GroupState, note: string) => void;
  readonly noteField: RefObject<HTMLInputElement | null>;
}

function Verbs({ group, set, noteField }: Props) {
  const { t } = useTranslation();
  const [note, setNote] = useState('');
  const act = (state: GroupState): void => {
    set(state, note.trim());
    setNote('');
  };
  return (
    <div className="verbs">
      <input
        ref={noteField}
        type="text"
        className="note"
        value={note}
        placeholder={t('verb.note')}
        aria-label={t('verb.note')}
        maxLength={500}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {VERBS.map(({ verb, key, state }) => (
        <button key={verb} type="button" disabled={group.state === state} onClick={() => act(state)}>
          {t(`verb.${verb}`)} <kbd>{key}</kbd>
        </button>
      ))}
    </div>
  );
}

function Address({ text, distinct }: { readonly text: string; readonly distinct: number }) {
  const { t } = useTranslation();
  return (
    <>
      <span className="mono">{text}</span>
      {distinct > 1 && <span className="soft"> · {t('group.distinct', { count: distinct })}</span>}
    </>
  );
}

function Facts({ group }: { readonly group: Group }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const touches = useTouches(group.id);
  return (
    <dl className="facts">
      <div>
        <dt>{t('group.from')}</dt>
        <dd>
          <Address text={group.src.ip} distinct={group.src.distinct} />
        </dd>
      </div>
      <div>
        <dt>{t('group.to')}</dt>
        <dd>
          <Address text={withPort(group.dest.ip, group.dest.port)} distinct={group.dest.distinct} />
        </dd>
      </div>
      <div>
        <dt>{t('group.protocol')}</dt>
        <dd>{[group.proto, group.app_proto].filter(Boolean).join(' · ')}</dd>
      </div>
      <div>
        <dt>{t('group.body')}</dt>
        <dd>{group.body.name[language]}</dd>
      </div>
      <div>
        <dt>{t('group.sensors')}</dt>
        <dd>{group.sensors.join(', ')}</dd>
      </div>
      <div className="fact-count">
        <dt>{t('group.count')}</dt>
        <dd>
          {touches > 0 && <span key={touches} className="flash" />}
          <strong>{whole(group.count, language)}</strong>
        </dd>
      </div>
      <div>
        <dt>{t('group.first_seen')}</dt>
        <dd>
          <Time value={group.first_seen} focusable />
        </dd>
      </div>
      <div>
        <dt>{t('group.last_seen')}</dt>
        <dd>
          <Time value={group.last_seen} focusable />
        </dd>
      </div>
      <div>
        <dt>{t('group.priority')}</dt>
        <dd>{group.priority}</dd>
      </div>
    </dl>
  );
}

export function GroupHeader(props: Props) {
  const { group } = props;
  const { t } = useTranslation();
  const { language } = usePreferences();
  return (
    <header className="group-head">
      <div className="group-bar">
        <Link href={queuePath()}>
          ← {t('group.back')} <kbd>u</kbd>
        </Link>
        <Verbs {...props} />
      </div>
      <div className="group-title">
        <SeverityMark severity={group.severity} />
        <h1>{group.rule.name}</h1>
        <StateMark state={group.state} />
      </div>
      <p className="reason">{group.reason[language]}</p>
      <p className="rule-line soft">
        <span>{t(`rule_kind.${group.rule.kind}`)}</span>
        <span className="mono">{group.rule.id}</span>
        <span>{t('group.confidence', { percent: group.rule.confidence })}</span>
        <Tags tags={group.rule.tags} tacticsToo />
      </p>
      <div className="group-overview">
        <Facts group={group} />
        <Timeline group={group} />
      </div>
    </header>
  );
}
