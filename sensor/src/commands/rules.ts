// `rules`: what people who write and own rules need, one verb each.
import { SensorError } from '../errors.ts';
import { hint } from '../rules/fields.ts';
import type { Command } from './command.ts';
import { checkRules } from './rules-check.ts';
import { coverRules } from './rules-coverage.ts';
import { explainRules } from './rules-explain.ts';
import { importRules } from './rules-import.ts';
import { listRules } from './rules-list.ts';
import { testRules } from './rules-test.ts';

/** What each does stands in the first line of its help, after the blank one. */
const VERBS: Readonly<Record<string, Command>> = {
  check: checkRules,
  test: testRules,
  list: listRules,
  explain: explainRules,
  import: importRules,
  coverage: coverRules,
};

const verbOf = (verb: string | undefined): Command | undefined =>
  verb !== undefined && Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;

const line = ([verb, { help }]: [string, Command]): string =>
  `  ${verb.padEnd(9)} ${help.split('\n\n')[1].replaceAll('\n', ' ').split('. ')[0].replace(/\.$/, '')}`;

export const rulesCommand: Command = {
  help: `yagura-sensor rules VERB …

${Object.entries(VERBS).map(line).join('\n')}

"yagura-sensor rules VERB --help" tells more of each.`,
  helpOf: ([verb]) => verbOf(verb)?.help ?? rulesCommand.help,
  async run([verb, ...rest], terminal) {
    const command = verbOf(verb);
    if (command === undefined)
      throw new SensorError(
        'usage',
        `rules needs a verb (${Object.keys(VERBS).join(', ')})${verb === undefined ? '' : `; there is no "${verb}"${hint(verb, Object.keys(VERBS))}`}`,
      );
    return command.run(rest, terminal);
  },
};
