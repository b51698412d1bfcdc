// Under what law a body is watched: article, instrument, scope, dates.
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Body } from '../api/shapes.ts';
import { usePreferences } from '../preferences/preferences.ts';
import { day } from '../time/moment.ts';

const SHAPES = { valid: '✓', lapsed: '✕', not_yet: '…', none: '–' } as const;

export function AuthorityCard({ body }: { readonly body: Body }) {
  const { t } = useTranslation();
  const { language, zone } = usePreferences();
  const { authority } = body;
  return (
    <li className={`authority authority-${authority.status}`}>
      <header>
        <h3>{body.name[language]}</h3>
        <span className="authority-status">
          <span aria-hidden="true">{SHAPES[authority.status]}</span> {t(`authority.${authority.status}`)}
        </span>
      </header>
      {authority.status === 'none' ? (
        <p>{t('sensors.no_authority')}</p>
      ) : (
        <dl>
          <dt>{t('sensors.article')}</dt>
          <dd>{authority.article}</dd>
          <dt>{t('sensors.instrument')}</dt>
          <dd>{authority.instrument}</dd>
          <dt>{t('sensors.validity')}</dt>
          <dd>
            {t('sensors.validity_span', {
              from: day(authority.valid_from, zone),
              until: day(authority.valid_until, zone),
            })}
          </dd>
          <dt>{t('sensors.prefixes')}</dt>
          <dd className="mono">{authority.prefixes.join(', ')}</dd>
        </dl>
      )}
      <Link href={`/?body=${encodeURIComponent(body.id)}`}>
        {t('sensors.open_groups', { count: body.open_groups })}
      </Link>
    </li>
  );
}
