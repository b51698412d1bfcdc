// `rules coverage`: which techniques of ATT&CK some rules and the detectors see, as a table or as a layer of the Navigator.
import { writeFileSync } from 'node:fs';
import { SensorError } from '../errors.ts';
import { describeOptions, parseOptions } from '../options.ts';
import { coverageOf, navigatorLayer } from '../rules/coverage.ts';
import type { Command } from './command.ts';
import { describedIn } from './rules-described.ts';

const OPTIONS = {
  'no-behaviour': { kind: 'flag', about: 'without the rules that detectors hold' },
  missing: { kind: 'flag', about: 'name the techniques that a wire shows and nothing sees' },
  navigator: {
    kind: 'text',
    about: 'write a layer for the ATT&CK Navigator to this file; - is standard output',
  },
} as const;

export const coverRules: Command = {
  help: `yagura-sensor rules coverage PATH… [options]

Counts the techniques of ATT&CK that rules and detectors see, of those that network traffic shows.

${describeOptions(OPTIONS)}`,
  async run(args, terminal) {
    const { options, rest: paths } = parseOptions(args, OPTIONS);
    const { all } = describedIn(paths, !options['no-behaviour']);
    const coverage = coverageOf(all);
    const { navigator } = options;
    if (navigator !== undefined) {
      const layer = `${JSON.stringify(navigatorLayer(coverage), null, 2)}\n`;
      if (navigator === '-') terminal.out(layer);
      else
        try {
          writeFileSync(navigator, layer);
        } catch (error) {
          throw new SensorError(
            'output_unwritable',
            `${navigator}: ${(error as NodeJS.ErrnoException).code}`,
          );
        }
      return 0;
    }
    const rows = coverage.techniques
      .filter(({ rules }) => rules.length > 0 !== options.missing)
      .map(({ id, name, rules }) => `${id.padEnd(10)} ${String(rules.length).padStart(4)}  ${name}`);
    terminal.out(`${rows.join('\n')}\n`);
    const { seen, known } = coverage;
    terminal.say(
      `${seen} of ${known} techniques that network traffic shows (${((100 * seen) / known).toFixed(0)} %), by ${all.length} rules`,
    );
    return 0;
  },
};
