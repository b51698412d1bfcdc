// Twenty-four counts as bars, no larger than a word. The figures stand beside it, so screen readers skip it.
import { memo } from 'react';

const BAR = 2;
const GAP = 0.5;
const HEIGHT = 16;

function bars(counts: readonly number[]): string {
  const peak = Math.max(1, ...counts);
  return counts
    .map((count, index) => {
      if (count === 0) return '';
      // What happened once must be seen beside what happened a thousand times.
      const height = Math.max(1.5, (count / peak) * HEIGHT);
      return `M${index * (BAR + GAP)} ${HEIGHT}v${-height}h${BAR}v${height}z`;
    })
    .join('');
}

export const Sparkline = memo(function Sparkline({ counts }: { readonly counts: readonly number[] }) {
  const width = Math.max(1, counts.length) * (BAR + GAP);
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${width} ${HEIGHT}`}
      width={width}
      height={HEIGHT}
      aria-hidden="true"
    >
      <path d={bars(counts)} fill="currentColor" />
      <path d={`M0 ${HEIGHT - 0.25}h${width}`} stroke="currentColor" strokeWidth="0.5" opacity="0.5" />
    </svg>
  );
});
