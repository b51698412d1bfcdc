// How many groups are open by severity; pressing one shows it and everything worse.
import { useTranslation } from 'react-i18next';
import { type GroupCounts, SEVERITY_ORDER, type Severity } from '../api/shapes.ts';
import { compact } from '../preferences/number.ts';
import { usePreferences } from '../preferences/preferences.ts';
import { SeverityMark } from '../severity/severity.tsx';

interface Props {
  readonly counts: GroupCounts | undefined;
  readonly chosen: Severity | null;
  readonly choose: (severity: Severity | null) => void;
}

export function SeverityStrip({ counts, chosen, choose }: Props) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const number = (count: number | undefined): string =>
    count === undefined ? '–' : compact(count, language);
  const shown = chosen ? SEVERITY_ORDER.indexOf(chosen) : SEVERITY_ORDER.length;
  return (
    <fieldset className="severity-strip">
      <legend className="unseen">{t('severity.label')}</legend>
      <button
        type="button"
        aria-pressed={chosen === null}
        aria-label={t('severity.all', { count: counts?.open ?? 0 })}
        onClick={() => choose(null)}
      >
        <span>{t('severity.all_short')}</span>
        <strong>{number(counts?.open)}</strong>
      </button>
      {SEVERITY_ORDER.map((severity, index) => (
        <button
          key={severity}
          type="button"
          className={chosen && index <= shown ? 'included' : undefined}
          aria-pressed={chosen === severity}
          aria-label={t('severity.and_above', {
            severity: t(`severity.${severity}`),
            count: SEVERITY_ORDER.slice(0, index + 1).reduce(
              (sum, one) => sum + (counts?.by_severity[one] ?? 0),
              0,
            ),
          })}
          onClick={() => choose(chosen === severity ? null : severity)}
        >
          <SeverityMark severity={severity} />
          <strong>{number(counts?.by_severity[severity])}</strong>
        </button>
      ))}
    </fieldset>
  );
}
