// One plain line: on how much of the traffic this group's alerts rest, at worst.
import { useTranslation } from 'react-i18next';
import type { Group } from '../api/shapes.ts';
import { sightOf } from '../preferences/share.ts';

export function SightLine({ coverage }: Pick<Group, 'coverage'>) {
  const { t } = useTranslation();
  const sight = coverage ? sightOf(coverage) : undefined;
  if (!sight) return <p className="sight-line soft">{t('sight.untold')}</p>;
  const { seen, lost, sampled } = sight;
  return (
    <p className={seen === undefined ? 'sight-line soft' : 'sight-line sight-partial'} data-testid="sight">
      {seen === undefined
        ? t('sight.full')
        : t('sight.partial', {
            seen,
            lost: lost.map(({ by, percent }) => t(`sight.${by}`, { percent })).join(t('sight.and')),
          })}
      {sampled !== undefined && ` ${t('sight.sampled', { percent: sampled })}`}
    </p>
  );
}
