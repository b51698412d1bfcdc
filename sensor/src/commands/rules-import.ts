// `rules import`: what of a folder of Suricata rules works here, what does not, and why.
import { writeFileSync } from 'node:fs';
import { SensorError } from '../errors.ts';
import { describeOptions, parseOptions } from '../options.ts';
import { type RuleSet, suricataRules } from '../rules/index.ts';
import type { Command } from './command.ts';

const OPTIONS = {
  to: { kind: 'text', about: 'write the rules that work into this one file' },
  json: { kind: 'flag', about: 'one JSON object instead of tables' },
  commented: { kind: 'flag', about: 'take rules that are commented out, too' },
  each: { kind: 'flag', about: 'name every rule that is refused, with its line' },
} as const;

/** Rules of the same words that are named in the table. */
const NAMED = 3;

interface Reason {
  readonly keyword: string;
  readonly count: number;
  readonly why: string;
  readonly where: readonly string[];
}

type Signatures = RuleSet['signatures'];

export const importRules: Command = {
  help: `yagura-sensor rules import PATH… [options]

Reads Suricata rules and says which work here, which are refused, and by what. A rule that reads payload never works: no
payload is kept. Settings that lie beside the rules are read with them: suricata.yaml (its variables),
classification.config, reference.config, threshold.config, categories.txt and reputation.list. Ends with 1 when a rule is
invalid.

${describeOptions(OPTIONS)}`,
  async run(args, terminal) {
    const { options, rest: paths } = parseOptions(args, OPTIONS);
    if (paths.length === 0) throw new SensorError('usage', 'rules import needs at least one path');
    const { signatures, problems, files } = suricataRules(paths, options.commented);
    const reasons = reasonsOf(signatures);
    const invalid = problems.map(({ message }) => message);
    if (options.json) {
      const { count, rules, refused } = signatures;
      const counts = { files, rules: count, compiled: rules.length, refused: refused.length };
      const listed = options.each ? { refusals: refused } : {};
      terminal.out(`${JSON.stringify({ ...counts, invalid, reasons, ...listed })}\n`);
    } else {
      for (const line of invalid) terminal.say(line);
      terminal.out(table(signatures, reasons, files, problems.length));
      if (options.each)
        for (const { file, line, why } of signatures.refused) terminal.out(`${file}:${line}: ${why}\n`);
    }
    if (options.to !== undefined) write(options.to, signatures);
    return problems.length === 0 ? 0 : 1;
  },
};

/** By the option that is to blame, the most frequent first. */
function reasonsOf({ refused }: Signatures): Reason[] {
  return [...Map.groupBy(refused, ({ keyword }) => keyword)]
    .map(([keyword, own]) => ({
      keyword,
      count: own.length,
      why: own[0].why,
      where: own.slice(0, NAMED).map(({ file, line }) => `${file}:${line}`),
    }))
    .sort((a, b) => b.count - a.count || (a.keyword < b.keyword ? -1 : 1));
}

function table(
  { count, rules, refused }: Signatures,
  reasons: readonly Reason[],
  files: number,
  invalid: number,
): string {
  const share = (n: number): string => `${((100 * n) / Math.max(1, count)).toFixed(1).padStart(5)} %`;
  const row = (name: string, n: number): string =>
    `${name.padEnd(9)} ${String(n).padStart(7)}  ${share(n)}\n`;
  const wide = Math.max(7, ...reasons.map(({ keyword }) => keyword.length));
  const lines = reasons.map(
    ({ keyword, count: n, why, where }) =>
      `${keyword.padEnd(wide)} ${String(n).padStart(6)}  ${why} (${where.join(', ')}${n > NAMED ? ' …' : ''})\n`,
  );
  return [
    `${count} rules in ${files} files\n`,
    row('compiled', rules.length),
    row('refused', refused.length),
    row('invalid', invalid),
    ...(lines.length === 0 ? [] : [`\n${'refused by'.padEnd(wide)} ${'rules'.padStart(6)}  why\n`, ...lines]),
  ].join('');
}

/** @throws SensorError output_unwritable */
function write(path: string, { rules }: Signatures): void {
  const lines = [...rules]
    .sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line))
    .map(({ text }) => text);
  try {
    writeFileSync(path, `# ${lines.length} rules that speak of metadata.\n${lines.join('\n')}\n`);
  } catch (error) {
    throw new SensorError('output_unwritable', `${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
}
