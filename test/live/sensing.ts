// A whole sensor behind a live interface: every protocol, every rule and detector, and events if they are asked for.
import { startDetectors } from '../../sensor/src/detectors/index.ts';
import { shareOut } from '../../sensor/src/memory.ts';
import { eventFormats } from '../../sensor/src/outputs/index.ts';
import type { Output } from '../../sensor/src/outputs/output.ts';
import { protocols } from '../../sensor/src/protocols/index.ts';
import { loadRules } from '../../sensor/src/rules/index.ts';
import { Sensor } from '../../sensor/src/sensor.ts';

const RULES = new URL('../../rules', import.meta.url).pathname;

/** @param events where EVE lines go */
export function startSensor(events?: string): Sensor {
  const rules = loadRules([RULES], { strict: true });
  const outputs: Output[] = [];
  const sensor = new Sensor({
    protocols,
    detect: (sink) => startDetectors(rules, {}, sink),
    outputs,
    profile: 'strict',
    shares: shareOut('256MiB'),
  });
  if (events !== undefined) outputs.push(eventFormats[0].open(events, sensor.gate));
  return sensor;
}
