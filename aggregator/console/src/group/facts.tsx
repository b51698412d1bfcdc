// The facts of a group: between whom, how, where it was seen, how often, since when.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Group } from '../api/shapes.ts';
import { whole } from '../preferences/number.ts';
import { usePreferences } from '../preferences/preferences.ts';
import { useFreshness } from '../queue/fresh.ts';
import { withPort } from '../queue/row.tsx';
import { Time } from '../time/time.tsx';
import './facts.css';

/** The aggregator stops counting different ports there. */
const PORTS_COUNTED = 64;

function Ports({ distinct }: { readonly distinct: number }) {
  const { t } = useTranslation();
  if (distinct <= 1) return null;
  return (
    <span className="soft">
      {' · '}
      {distinct >= PORTS_COUNTED
        ? t('group.many_ports', { count: PORTS_COUNTED })
        : t('group.ports', { count: distinct })}
    </span>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function Facts({ group }: { readonly group: Group }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const fresh = useFreshness(group.id);
  return (
    <dl className="facts">
      <Fact name={t('group.from')}>
        <span className="mono">{group.src.ip}</span>
      </Fact>
      <Fact name={t('group.to')}>
        <span className="mono">{withPort(group.dest.ip, group.dest.port)}</span>
        <Ports distinct={group.dest.distinct} />
      </Fact>
      <Fact name={t('group.direction')}>{t(`direction.${group.direction}`)}</Fact>
      <Fact name={t('group.protocol')}>{[group.proto, group.app_proto].filter(Boolean).join(' · ')}</Fact>
      <Fact name={t('group.body')}>{group.body.name[language]}</Fact>
      <Fact name={t('group.sensors')}>{group.sensors.join(', ')}</Fact>
      <Fact name={t('group.count')}>
        <strong className="fact-count">
          {fresh && <span key={fresh} className="flash" />}
          {whole(group.count, language)}
        </strong>
      </Fact>
      <Fact name={t('group.first_seen')}>
        <Time value={group.first_seen} focusable />
      </Fact>
      <Fact name={t('group.last_seen')}>
        <Time value={group.last_seen} focusable />
      </Fact>
    </dl>
  );
}
