// `rules`: what people who write rules need: check a folder, list what is in it.
import { SensorError } from '../errors.ts';
import { describeOptions, parseOptions } from '../options.ts';
import { loadRules } from '../rules/index.ts';
import type { Command } from './command.ts';

const OPTIONS = {
  list: { kind: 'flag', about: 'name every rule' },
} as const;

export const rulesCommand: Command = {
  help: `yagura-sensor rules check PATH… [options]

Loads rules and indicator lists and says what is wrong with each, by file and line.

${describeOptions(OPTIONS)}`,
  async run(args, terminal) {
    const { options, rest } = parseOptions(args, OPTIONS);
    const [verb, ...paths] = rest;
    if (verb !== 'check' || paths.length === 0)
      throw new SensorError('usage', 'rules needs the word "check" and at least one path');
    const set = loadRules(paths);
    for (const problem of set.problems) terminal.say(problem.toString());
    if (options.list)
      for (const rule of [...set.rules, ...set.correlations])
        terminal.out(`${rule.identity.severity}\t${rule.identity.id}\t${rule.identity.name}\n`);
    terminal.say(
      `${set.rules.length} rules, ${set.correlations.length} correlations, ${set.problems.length} refused`,
    );
    return set.problems.length === 0 ? 0 : 1;
  },
};
