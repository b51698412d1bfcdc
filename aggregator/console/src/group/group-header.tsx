// The head of a group's page: what fired, why, between whom, since when, and what can be done about it.
import { type RefObject, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Group, GroupState } from '../api/shapes.ts';
import { usePreferences } from '../preferences/preferences.ts';
import { queuePath } from '../queue/selection.ts';
import { Tags } from '../queue/tags.tsx';
import { SeverityMark } from '../severity/severity.tsx';
import { StateMark } from '../state/state.tsx';
import { Facts } from './facts.tsx';
import { SightLine } from './sight-line.tsx';
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
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.nativeEvent.isComposing || !note.trim()) return;
          act(group.state);
          event.currentTarget.blur();
        }}
      />
      {VERBS.map(({ verb, key, state }) => (
        <button key={verb} type="button" disabled={group.state === state} onClick={() => act(state)}>
          {t(`verb.${verb}`)} <kbd>{key}</kbd>
        </button>
      ))}
    </div>
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
        <span>
          {t('group.priority')} {group.priority}
        </span>
        <Tags tags={group.rule.tags} tacticsToo />
      </p>
      <SightLine coverage={group.coverage} />
      <div className="group-overview">
        <Facts group={group} />
        <Timeline group={group} />
      </div>
    </header>
  );
}
