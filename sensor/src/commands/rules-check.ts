// `rules check`: whether a folder of rules and lists loads, and what is wrong with what does not.
import { SensorError } from '../errors.ts';
import { describeOptions, parseOptions } from '../options.ts';
import { loadRules } from '../rules/index.ts';
import { linesOf } from '../rules/indicators/intake.ts';
import type { Command } from './command.ts';

const OPTIONS = {} as const;

export const checkRules: Command = {
  help: `yagura-sensor rules check PATH…

Loads rules and indicator lists and says what is wrong with each, by file and line. Ends with 1 when one is refused.

${describeOptions(OPTIONS)}`.trimEnd(),
  async run(args, terminal) {
    const { rest: paths } = parseOptions(args, OPTIONS);
    if (paths.length === 0) throw new SensorError('usage', 'rules check needs at least one path');
    const set = loadRules(paths);
    for (const problem of set.problems) terminal.say(problem.toString());
    for (const list of set.lists) for (const line of linesOf(list)) terminal.say(line);
    const { rules: own, refused, count } = set.signatures;
    const suricata = count === 0 ? '' : `${own.length} of Suricata's (${refused.length} not for us), `;
    terminal.say(
      `${set.rules.length} rules, ${set.correlations.length} correlations, ${suricata}${set.indicators.size} indicators, ${set.problems.length} refused`,
    );
    return set.problems.length === 0 ? 0 : 1;
  },
};
