// `rules list`: every rule of some folders, one a line.
import { SensorError } from '../errors.ts';
import { describeOptions, parseOptions } from '../options.ts';
import type { Command } from './command.ts';
import { describedIn } from './rules-described.ts';

const OPTIONS = {
  behaviour: { kind: 'flag', about: 'the rules that detectors hold, too' },
  json: { kind: 'flag', about: 'one JSON object a line, with all that is known of each' },
} as const;

export const listRules: Command = {
  help: `yagura-sensor rules list PATH… [options]

Names every rule: severity, kind, id, title and where it stands, between tabs.

${describeOptions(OPTIONS)}`,
  async run(args, terminal) {
    const { options, rest: paths } = parseOptions(args, OPTIONS);
    if (paths.length === 0 && !options.behaviour)
      throw new SensorError('usage', 'rules list needs at least one path');
    const { all, problems } = describedIn(paths, options.behaviour);
    for (const problem of problems) terminal.say(problem.toString());
    for (const rule of all) {
      const { severity, kind, id, name } = rule.identity;
      terminal.out(
        options.json ? `${JSON.stringify(rule)}\n` : `${severity}\t${kind}\t${id}\t${name}\t${rule.place}\n`,
      );
    }
    return problems.length === 0 ? 0 : 1;
  },
};
