// The evidence of one alert: every field that left the sensor, the fields the rule rested on lit.

import classes from 'virtual:field-classes';
import { useTranslation } from 'react-i18next';
import type { StoredAlert } from '../api/shapes.ts';
import { usePreferences } from '../preferences/preferences.ts';
import { toast } from '../shell/toasts.tsx';
import { exact } from '../time/moment.ts';
import { type EvidenceRow, eveText, evidenceRows } from './evidence-tree.ts';
import './evidence.css';

export function copy(text: string): void {
  void navigator.clipboard.writeText(text).then(
    () => toast((t) => t('group.copied')),
    () => toast((t) => t('group.copy_failed'), { tone: 'warning' }),
  );
}

function Value({ row }: { readonly row: EvidenceRow }) {
  const { t } = useTranslation();
  if (row.withheld) {
    const fieldClass = classes[row.path];
    return (
      <em className="withheld">
        {fieldClass
          ? t('group.withheld', { class: t(`field_class.${fieldClass}`) })
          : t('group.withheld_plain')}
      </em>
    );
  }
  if (!Array.isArray(row.value) || row.value.length === 1)
    return <span className="mono">{String(row.value)}</span>;
  return (
    <ul>
      {row.value.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: values may repeat, and the list never changes
        <li className="mono" key={index}>
          {String(one)}
        </li>
      ))}
    </ul>
  );
}

function Field({ row }: { readonly row: EvidenceRow }) {
  const { t } = useTranslation();
  const holdsOthers = row.value === undefined && !row.withheld;
  return (
    <tr className={row.matched ? 'lit' : undefined}>
      <th
        scope="row"
        colSpan={holdsOthers ? 2 : 1}
        style={{ paddingLeft: 14 + row.depth * 16 }}
        title={row.path}
      >
        {row.name}
      </th>
      {!holdsOthers && (
        <td>
          <Value row={row} />
          {row.matched && <span className="matched">{t('group.matched')}</span>}
        </td>
      )}
    </tr>
  );
}

export function Evidence({ alert }: { readonly alert: StoredAlert }) {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  return (
    <section className="evidence" aria-labelledby="evidence-title">
      <header>
        <h2 id="evidence-title">{t('group.evidence')}</h2>
        <span className="soft">{exact(alert.time, zone)}</span>
        <button type="button" onClick={() => copy(eveText(alert))}>
          {t('group.copy_evidence')} <kbd>c</kbd>
        </button>
      </header>
      {alert.community_id && (
        <p className="community">
          <span className="soft">{t('group.community_id')}</span>
          <code className="mono">{alert.community_id}</code>
          <button type="button" className="quiet" onClick={() => copy(alert.community_id ?? '')}>
            {t('group.copy')}
          </button>
        </p>
      )}
      <table data-testid="evidence">
        <caption className="unseen">{t('group.evidence_of', { time: exact(alert.time, zone) })}</caption>
        <tbody>
          {evidenceRows(alert).map((row) => (
            <Field key={row.path} row={row} />
          ))}
        </tbody>
      </table>
      <p className="soft legend">
        {alert.matched.length > 0 && t('group.matched_legend')}{' '}
        {alert.withheld.length > 0 && t('group.withheld_legend')}
      </p>
    </section>
  );
}
