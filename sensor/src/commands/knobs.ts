// Knobs of detectors on the command line: `detector.knob=value`.
import type { Knobs } from '../detectors/index.ts';
import { SensorError } from '../errors.ts';

/** Into the shape that detectors take. @throws SensorError config_invalid */
export function readKnobs(texts: readonly string[]): Knobs {
  const knobs: Record<string, Record<string, number>> = {};
  for (const text of texts) {
    const match = /^([a-z0-9-]+)\.([A-Za-z0-9_-]+)=([0-9.]+)$/.exec(text);
    if (match === null)
      throw new SensorError('config_invalid', `--knob ${text}: write it as detector.knob=value`);
    (knobs[match[1]] ??= {})[match[2]] = Number(match[3]);
  }
  return knobs;
}
