// One uPlot chart: traffic as an area, or alerts as stacked bars; brush to look closer, cursor shared by all charts.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { isDark, usePreferences } from '../preferences/preferences.ts';
import { seenPercent } from '../preferences/share.ts';
import { dateAndTime, short } from '../time/moment.ts';
import { isoTime, type Span } from './range.ts';
import { isPartial, shade } from './sight.tsx';
import { stacked, type Values } from './stack.ts';

export interface Line {
  readonly name: string;
  /** A custom property of the theme, `--chart-traffic`. */
  readonly color: string;
  readonly values: Values;
}

/** A bucket between two gaps has no line to stand on: it is drawn as a point. */
function alone(chart: uPlot, series: number): number[] {
  const values = chart.data[series] ?? [];
  return Array.from(values.keys()).filter(
    (at) => values[at] != null && values[at - 1] == null && values[at + 1] == null,
  );
}

interface Props {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Part of the packets that was looked at, bucket by bucket: where it is not all, the ground is shaded. */
  readonly coverage: Values;
  readonly span: Span;
  readonly drawn: 'area' | 'bars';
  readonly format: (value: number) => string;
  readonly ticks: keyof typeof STEPS;
  readonly onBrush: (from: number, until: number) => void;
}

const HEIGHT = 150;

/** Where ticks may stand: round in tens, or round in units of 1,024. */
const STEPS = {
  decimal: Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((one) => one * 10 ** power)).flat(),
  binary: Array.from({ length: 5 }, (_, power) =>
    [1, 2, 5, 10, 20, 50, 100, 200, 500].map((one) => one * 1_024 ** power),
  ).flat(),
} as const;
const DAY = 86_400;
const colorOf = (property: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(property).trim();

export function Chart({ title, lines, coverage, span, drawn, format, ticks, onBrush }: Props) {
  const { t } = useTranslation();
  const { zone, theme } = usePreferences();
  const dark = isDark(theme);
  const place = useRef<HTMLDivElement>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const brush = useRef(onBrush);
  brush.current = onBrush;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `dark` changes what the custom properties say
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const times = Array.from(
      { length: (span.until - span.from) / span.step },
      (_, i) => span.from + i * span.step,
    );
    // Bars are drawn from the tallest sum down, so that each shows only its own share.
    const order = drawn === 'bars' ? lines.toReversed() : lines;
    const columns =
      drawn === 'bars'
        ? stacked(lines.map(({ values }) => values)).toReversed()
        : order.map(({ values }) => values);
    const grid = { stroke: colorOf('--chart-grid'), width: 1 };
    const ink = colorOf('--ink-soft');
    const font = `11px ${getComputedStyle(document.body).fontFamily}`;
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        padding: [8, 22, 0, 0],
        legend: { show: false },
        cursor: {
          sync: { key: 'traffic' },
          drag: { x: true, y: false, setScale: false },
          points: { show: drawn === 'area' },
        },
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), zone === 'JST' ? 'Asia/Tokyo' : 'UTC'),
        scales: {
          x: { time: true, range: [span.from, span.until] },
          y: { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] },
        },
        axes: [
          {
            stroke: ink,
            font,
            grid: { show: false },
            ticks: grid,
            size: 26,
            space: 80,
            values: (_, splits) =>
              splits.map((at) => {
                const { date, time } = dateAndTime(at * 1_000, zone);
                return time === '00:00:00' || span.until - span.from > 3 * DAY
                  ? `${date.slice(5)}${time === '00:00:00' ? '' : ` ${time.slice(0, 5)}`}`
                  : time.slice(0, time.endsWith(':00') ? 5 : 8);
              }),
          },
          {
            stroke: ink,
            font,
            grid,
            ticks: { show: false },
            size: 76,
            space: 34,
            values: (_, splits) => splits.map(format),
            incrs: [...STEPS[ticks]],
          },
        ],
        series: [
          {},
          ...order.map(({ name, color }) => ({
            label: name,
            stroke: colorOf(color),
            width: drawn === 'area' ? 1.5 : 0,
            fill: drawn === 'area' ? `${colorOf(color)}30` : colorOf(color),
            points: drawn === 'area' ? { show: true, size: 4, filter: alone } : { show: false },
            ...(drawn === 'bars' && { paths: uPlot.paths.bars!({ size: [0.8, 24], align: 1 }) }),
          })),
        ],
        hooks: {
          drawClear: [(u) => shade(u, coverage, span, colorOf)],
          setCursor: [(u) => setHovered(u.cursor.idx ?? null)],
          setSelect: [
            (u) => {
              const { left, width } = u.select;
              if (width < 4) return;
              u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              brush.current(u.posToVal(left, 'x'), u.posToVal(left + width, 'x'));
            },
          ],
        },
      },
      [times, ...columns] as uPlot.AlignedData,
      element,
    );
    const watch = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      chart.destroy();
    };
  }, [lines, coverage, span, drawn, format, ticks, zone, dark]);

  const max = Math.max(
    0,
    ...(drawn === 'bars'
      ? stacked(lines.map(({ values }) => values))
      : lines.map(({ values }) => values)
    ).flatMap((values) => values.map((value) => value ?? 0)),
  );
  const from = short(isoTime(span.from), zone);
  const label = t('traffic.chart_label', {
    name: title,
    from,
    until: short(isoTime(span.until), zone),
    max: format(max),
  });
  return (
    <figure className="chart">
      <figcaption>
        <h2>{title}</h2>
        <Readout
          lines={lines}
          coverage={coverage}
          at={hovered}
          span={span}
          format={format}
          named={drawn === 'bars'}
        />
      </figcaption>
      <div ref={place} className="chart-place" role="img" aria-label={label} />
    </figure>
  );
}

interface ReadoutProps extends Pick<Props, 'lines' | 'coverage' | 'span' | 'format'> {
  readonly at: number | null;
  /** Say the name of each line: there are several. */
  readonly named: boolean;
}

function Readout({ lines, coverage, at, span, format, named }: ReadoutProps) {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const here = at === null ? null : coverage[at];
  const value = (one: number | null | undefined): string => (one == null ? t('traffic.gap') : format(one));
  return (
    <span className="readout" aria-hidden="true">
      {at !== null && <span className="soft">{short(isoTime(span.from + at * span.step), zone)}</span>}
      {isPartial(here) && <span>{t('traffic.seen_here', { percent: seenPercent(here) })}</span>}
      {lines.map(({ name, color, values }) => (
        <span key={name}>
          {named && <span className="swatch" style={{ background: `var(${color})` }} />}
          {named && name} {at !== null && <strong>{value(values[at])}</strong>}
        </span>
      ))}
    </span>
  );
}
