// The curves as a picture: one small chart for each way of hiding, all on the same scale of what is told.
import type { Limit } from './limits.ts';

const [WIDTH, HEIGHT] = [300, 190];
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 12, 46, 44];
const COLUMNS = 3;
const BLUE = '#1f6fb2';

const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;

/** Lines of at most so many characters, broken at blanks. */
function broken(words: string, length: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < length) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function chart({ attack, told }: Limit): string {
  const { values, title, turned, detector } = attack;
  // The values are what was tried: they stand at even distances, whatever lies between them.
  const x = (i: number): number => LEFT + (i * (WIDTH - LEFT - RIGHT)) / (values.length - 1);
  const y = (share: number): number => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  const points = told.map((share, i) => `${x(i).toFixed(1)},${y(share).toFixed(1)}`).join(' ');
  const dots = told.map(
    (share, i) => `<circle cx="${x(i).toFixed(1)}" cy="${y(share).toFixed(1)}" r="2.5" fill="${BLUE}"/>`,
  );
  const scale = [0, 0.5, 1].map(
    (share) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(share)}" y2="${y(share)}" stroke="#ddd"/>${text(LEFT - 6, y(share) + 3, `${share * 100} %`, 'text-anchor="end" class="small"')}`,
  );
  const marks = values.map((value, i) =>
    text(x(i), HEIGHT - BOTTOM + 14, String(value), 'text-anchor="middle" class="small"'),
  );
  return [
    text(8, 14, detector, 'class="name"'),
    ...broken(title, 54).map((line, i) => text(8, 27 + 11 * i, line, 'class="small"')),
    ...scale,
    ...marks,
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, turned, 'text-anchor="middle" class="small"'),
    `<polyline points="${points}" fill="none" stroke="${BLUE}" stroke-width="1.8"/>`,
    ...dots,
  ].join('\n');
}

export function picture(limits: readonly Limit[]): string {
  const rows = Math.ceil(limits.length / COLUMNS);
  const [width, height] = [COLUMNS * WIDTH, rows * HEIGHT];
  const charts = limits.map(
    (limit, i) =>
      `<g transform="translate(${(i % COLUMNS) * WIDTH} ${Math.floor(i / COLUMNS) * HEIGHT})">\n${chart(limit)}\n</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Share of runs in which each detector told an attack, over how well it was hidden">
<style>text{font-family:sans-serif;fill:#222}.name{font-size:12px;font-weight:bold}.small{font-size:8.5px;fill:#444}</style>
<rect width="${width}" height="${height}" fill="#fff"/>
${charts.join('\n')}
</svg>
`;
}
