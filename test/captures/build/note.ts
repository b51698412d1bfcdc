// The note beside a built capture: what happens in it, who is who, how many packets.
import type { Frame } from '../../support/packets/capture.ts';
import type { About } from './scene.ts';

const WIDTH = 100;

/** Lines of at most so many characters, indented. */
function folded(text: string): string {
  const lines: string[] = [];
  let line = ' ';
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\n');
}
const list = (name: string, addresses: readonly string[] | undefined): string[] =>
  addresses === undefined ? [] : [`${name}:`, ...addresses.map((address) => `  - "${address}"`)];

export function note(about: About, frames: readonly Frame[]): string {
  const { kind, title, origin, attacker, victims } = about;
  const seconds = ((frames.at(-1)?.time ?? 0) - (frames[0]?.time ?? 0)) / 1e6;
  return [
    `title: "${title}"`,
    `kind: ${kind}`,
    'origin: >',
    folded(`${origin} Nobody sent this: it was built byte by byte by build/build.ts from conversations.`),
    ...list('attacker', attacker),
    ...list('victims', victims),
    `packets: ${frames.length}`,
    `duration_s: ${seconds.toFixed(1)}`,
    '',
  ].join('\n');
}
