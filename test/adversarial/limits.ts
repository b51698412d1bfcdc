// How well hidden an attack must be before its detector no longer tells it: one curve for each way of hiding.
import { startDetectors } from '../../sensor/src/detectors/index.ts';
import { compileRules } from '../../sensor/src/rules/load.ts';
import { remember, stageWords } from '../support/stage.ts';
import { type Attack, Stage } from './attack.ts';

export interface Limit {
  readonly attack: Attack;
  /** For each of the attack's values, the share of runs in which it was told. */
  readonly told: readonly number[];
}

const NO_RULES = compileRules([], stageWords);

/** Every detector at work, as in a sensor: whether the attack's own told it. */
export function isTold(attack: Attack, value: number, seed: number): boolean {
  const { raised, sink } = remember();
  const stage = new Stage(startDetectors(NO_RULES, {}, sink), seed);
  attack.play(stage, value);
  stage.end();
  return raised.some(
    ({ id }) => id === `behaviour.${attack.detector}` || id.startsWith(`behaviour.${attack.detector}.`),
  );
}

export function limitOf(attack: Attack, runs: number): Limit {
  const told = attack.values.map((value) => {
    let count = 0;
    for (let seed = 1; seed <= runs; seed++) if (isTold(attack, value, seed)) count++;
    return count / runs;
  });
  return { attack, told };
}

/** The last value, from the plain attack on, up to which at least half of the runs were told; undefined when none is. */
export function edgeOf({ attack, told }: Limit): number | undefined {
  const lost = told.findIndex((share) => share < 0.5);
  return attack.values[lost < 0 ? attack.values.length - 1 : lost - 1];
}
