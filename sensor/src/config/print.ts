// The settings in force as the file that would bring them about: every word, with its unit and the reason of its default.
import { stringify } from 'yaml';
import type { Detector } from '../detectors/detector.ts';
import { detectors, settle } from '../detectors/index.ts';
import { type Config, SETTINGS, type Setting, SOURCES } from './settings.ts';

/** Holds paths and numbers: secrets stand in files of their own, which are named and never read here. */
export function printConfig(config: Config): string {
  const lines: string[] = [];
  const line = (
    word: string,
    value: unknown,
    { about, unit }: Pick<Setting, 'about' | 'unit'>,
    indent = '',
  ): void => {
    lines.push(`${indent}# ${about} [${unit}]`);
    const text = value === undefined ? `${word}:` : stringify({ [word]: value }, { lineWidth: 0 }).trimEnd();
    lines.push(...text.split('\n').map((row) => `${indent}${row}`));
  };
  lines.push('sources:');
  for (const source of config.sources) {
    const { kind, place, ...others } = source;
    lines.push(`  # ${SOURCES[kind].about}`);
    const rows = stringify({ [kind]: place, ...others }, { lineWidth: 0 })
      .trimEnd()
      .split('\n');
    lines.push(...rows.map((row, i) => `  ${i === 0 ? '-' : ' '} ${row}`));
  }
  if (config.sources.length === 0) lines[lines.length - 1] = 'sources: []';
  const values: Readonly<Record<string, unknown>> = config as never;
  for (const [word, setting] of Object.entries(SETTINGS)) line(word, values[word], setting);
  lines.push('detectors:');
  const knobs = settle(config.detectors);
  for (const detector of detectors as readonly Detector[]) {
    lines.push(
      `  # ${detector.about}`,
      `  ${detector.name}:${Object.keys(detector.knobs).length === 0 ? ' {}' : ''}`,
    );
    for (const [word, knob] of Object.entries(detector.knobs))
      line(word, knobs[detector.name][word], knob, '    ');
  }
  return `${lines.join('\n')}\n`;
}
