// One group on one line.
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Group } from '../api/shapes.ts';
import { compact, whole } from '../preferences/number.ts';
import { usePreferences } from '../preferences/preferences.ts';
import { SeverityMark } from '../severity/severity.tsx';
import { StateMark } from '../state/state.tsx';
import { Time } from '../time/time.tsx';
import { useFreshness } from './fresh.ts';
import { toggleMark } from './marks.ts';
import { Sparkline } from './sparkline.tsx';
import { Tags } from './tags.tsx';

export const rowId = (group: string): string => `group-${group}`;
export const groupPath = (group: string): string => `/groups/${encodeURIComponent(group)}`;

/** IPv6 addresses stand in brackets before a port. */
export const withPort = (ip: string, port: number): string =>
  port === 0 ? ip : ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;

interface Props {
  readonly group: Group;
  readonly index: number;
  readonly top: number;
  readonly selected: boolean;
  readonly marked: boolean;
  readonly open: (id: string) => void;
}

export const Row = memo(function Row({ group, index, top, selected, marked, open }: Props) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const fresh = useFreshness(group.id);
  const { rule, body, src, dest } = group;
  return (
    <tr
      id={rowId(group.id)}
      className={`group-row edge-${group.severity}`}
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-group={group.id}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => {
        // Marking an address to copy it is not opening the group; a link with Ctrl is the browser's.
        if (event.ctrlKey || event.metaKey || event.shiftKey || !getSelection()?.isCollapsed) return;
        event.preventDefault();
        open(group.id);
      }}
    >
      <td className="col-mark">
        {fresh && <span key={fresh} className="flash" data-testid="flash" />}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: only keeps the click from opening the row; the key is x */}
        <label onClick={(event) => event.stopPropagation()}>
          <input
            type="checkbox"
            tabIndex={-1}
            checked={marked}
            aria-label={t('queue.mark')}
            onChange={() => toggleMark(group.id)}
          />
        </label>
      </td>
      <td className="col-severity">
        <SeverityMark severity={group.severity} />
      </td>
      <td className="col-rule">
        <Link href={groupPath(group.id)} tabIndex={-1} className="clip" title={rule.name}>
          {rule.name}
        </Link>
        <Tags tags={rule.tags} />
      </td>
      <td className="col-body clip" title={body.name[language]}>
        {body.name[language]}
      </td>
      <td className="col-ends">
        <span className="clip mono" title={src.ip}>
          {src.ip}
        </span>
        <span className="arrow" aria-hidden="true">
          →
        </span>
        <span className="end">
          <span className="clip mono" title={withPort(dest.ip, dest.port)}>
            {withPort(dest.ip, dest.port)}
          </span>
          {dest.distinct > 1 && (
            <span className="more">{t('queue.more_ports', { count: dest.distinct - 1 })}</span>
          )}
        </span>
      </td>
      <td className="col-count" title={whole(group.count, language)}>
        <span>{compact(group.count, language)}</span>
        <Sparkline counts={group.histogram} />
      </td>
      <td className="col-first">
        <Time value={group.first_seen} exactly={selected} />
      </td>
      <td className="col-last">
        <Time value={group.last_seen} exactly={selected} />
      </td>
      <td className="col-state">
        <StateMark state={group.state} />
      </td>
    </tr>
  );
});
