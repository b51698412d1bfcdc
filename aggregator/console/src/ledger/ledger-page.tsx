// The ledger: who did what and who looked at what, newest first.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ledgerQuery } from '../api/resources.ts';
import { usePreferences } from '../preferences/preferences.ts';
import { Loading, Problem } from '../shell/problem.tsx';
import { toTheSecond } from '../time/moment.ts';
import './ledger.css';

/** `asked.metric: alerts · count: 24` */
function detailText(detail: unknown, path = ''): string {
  if (detail === null || detail === undefined) return '';
  if (typeof detail !== 'object') return path ? `${path}: ${detail}` : String(detail);
  if (Array.isArray(detail)) return `${path}: ${detail.join(', ')}`;
  return Object.entries(detail)
    .map(([name, value]) => detailText(value, path ? `${path}.${name}` : name))
    .filter(Boolean)
    .join(' · ');
}

const HASH_SHOWN = 12;

export function LedgerPage() {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useInfiniteQuery(ledgerQuery);
  const entries = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div className="ledger" tabIndex={0}>
      <header>
        <h1>{t('ledger.title')}</h1>
        <p className="soft">{t('ledger.about')}</p>
        <button type="button" onClick={() => void refetch()}>
          {t('ledger.refresh')}
        </button>
      </header>
      {isPending ? (
        <Loading text={t('ledger.loading')} />
      ) : error && !data ? (
        <Problem error={error} retry={() => void refetch()} />
      ) : entries.length === 0 ? (
        <p className="notice">{t('ledger.empty')}</p>
      ) : (
        <table>
          <thead>
            <tr>
              {(['seq', 'time', 'actor', 'action', 'object', 'detail', 'hash'] as const).map((column) => (
                <th key={column} scope="col" className={`ledger-${column}`}>
                  {t(`ledger.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {entries.map(({ seq, time, actor, action, object, detail, hash }) => (
              <tr key={seq}>
                <td className="ledger-seq">{seq}</td>
                <td>
                  <time dateTime={time}>{toTheSecond(time, zone)}</time>
                </td>
                <td>{actor}</td>
                <td>{action}</td>
                <td className="mono wrap ledger-object">{object}</td>
                <td className="mono wrap">{detailText(detail)}</td>
                <td className="mono soft" title={hash}>
                  {hash.slice(0, HASH_SHOWN)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {hasNextPage && (
        <button type="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? t('queue.loading_more') : t('ledger.older')}
        </button>
      )}
    </div>
  );
}
