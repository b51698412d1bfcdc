// The command line: finds the command, gives it the terminal, turns its errors into two lines and an exit status.
import pkg from '../package.json' with { type: 'json' };
import { loginLink, revoke, token } from './commands/access.ts';
import { authorityAdd, bodyAdd, list } from './commands/bodies.ts';
import type { Command, Terminal } from './commands/command.ts';
import { ledgerVerify } from './commands/ledger.ts';
import { run } from './commands/run.ts';
import { SETTINGS } from './config.ts';
import { Problem } from './errors.ts';

export const commands = [
  run,
  bodyAdd,
  authorityAdd,
  token,
  revoke,
  loginLink,
  list,
  ledgerVerify,
] as const satisfies readonly Command[];

const shown = (value: unknown): string =>
  Array.isArray(value) && value.length === 0 ? '(none)' : String(value ?? '(none)');

const settings = (): string =>
  Object.entries(SETTINGS)
    .map(
      ([name, s]) =>
        `  --${name.padEnd(15)} ${s.unit}; default ${shown(s.default)}\n${' '.repeat(20)}${s.about}`,
    )
    .join('\n');

const help =
  (): string => `yagura-aggregator ${pkg.version}: admits, groups and keeps the alerts of many sensors

${commands.map((c) => `  yagura-aggregator ${c.name} ${c.usage}\n      ${c.about}`).join('\n')}

Every command takes --state DIR. Settings of "run" ("--print-config" shows them as JSON):

${settings()}
`;

const defaults = (): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(SETTINGS).map(([name, s]) => [name, s.default ?? null])),
    null,
    2,
  );

function find(args: readonly string[]): { command: Command; rest: readonly string[] } {
  for (const command of commands) {
    const words = command.name.split(' ');
    if (words.every((word, i) => args[i] === word)) return { command, rest: args.slice(words.length) };
  }
  throw new Problem('usage', `There is no command "${args.slice(0, 2).join(' ')}".`);
}

function terminal(): Terminal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return { out: (line) => process.stdout.write(line + '\n'), log: process.stderr, stop: stop.signal };
}

/** Runs one command line. @throws Problem */
export async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  const print = (text: string): number => {
    terminal.out(text);
    return 0;
  };
  if (args.includes('--help') || args[0] === 'help') return print(help());
  if (args.includes('--version')) return print(pkg.version);
  if (args.includes('--print-config')) return print(defaults());
  const { command, rest } = find(args);
  return command.run(rest, terminal);
}

/** @returns exit status: 0 done, 1 something failed, 2 the command line is wrong */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args, terminal());
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    process.stderr.write(String(error) + '\n');
    return error.code === 'usage' || error.code === 'config_invalid' ? 2 : 1;
  }
}
