// On wide screens: why the selected group fired, beside the queue. Made of what the queue already holds, so it asks
// the aggregator nothing and leaves no trace in the ledger.
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Group } from '../api/shapes.ts';
import { Facts } from '../group/facts.tsx';
import { Timeline } from '../group/timeline.tsx';
import { usePreferences } from '../preferences/preferences.ts';
import { SeverityMark } from '../severity/severity.tsx';
import { StateMark } from '../state/state.tsx';
import { groupPath } from './row.tsx';
import { Tags } from './tags.tsx';

export function Preview({ group }: { readonly group: Group | undefined }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  return (
    <aside className="preview" aria-label={t('queue.preview')}>
      {group ? (
        <>
          <p className="preview-marks">
            <SeverityMark severity={group.severity} />
            <StateMark state={group.state} />
          </p>
          <h2>
            <Link href={groupPath(group.id)}>{group.rule.name}</Link>
          </h2>
          <p>{group.reason[language]}</p>
          <Tags tags={group.rule.tags} tacticsToo />
          <Timeline group={group} />
          <Facts group={group} />
        </>
      ) : (
        <p className="soft">{t('queue.preview_none')}</p>
      )}
    </aside>
  );
}
