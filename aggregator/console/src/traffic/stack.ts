// Stacking: each series drawn on the shoulders of those before it.

export type Values = (number | null)[];

/** Running sums, first series at the bottom; a gap in one series counts as nothing. */
export function stacked(series: readonly Values[]): Values[] {
  const sums: number[] = [];
  return series.map((values) =>
    values.map((value, index) => (sums[index] = (sums[index] ?? 0) + (value ?? 0))),
  );
}
