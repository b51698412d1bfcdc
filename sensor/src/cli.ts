// The command line: finds the command, gives it the terminal, turns its errors into one line and an exit status.
import type { Command, Terminal } from './commands/command.ts';
import { VERSION } from './commands/version.ts';
import { SensorError } from './errors.ts';
import { hint } from './rules/fields.ts';

/** Loaded when called: a command pays for what it needs itself. */
export const commands = [
  {
    name: 'read',
    about: 'read captures: events, alerts, and a summary',
    load: async () => (await import('./commands/read.ts')).read,
  },
  {
    name: 'run',
    about: 'watch live: several sources, until it is stopped',
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    name: 'print',
    about: 'print the headers of each packet of a capture',
    load: async () => (await import('./commands/print.ts')).printCommand,
  },
  {
    name: 'enrol',
    about: 'get an identity from the aggregator',
    load: async () => (await import('./commands/enrol.ts')).enrolCommand,
  },
  {
    name: 'rules',
    about: 'check rules: yagura-sensor rules check DIR…',
    load: async () => (await import('./commands/rules.ts')).rulesCommand,
  },
  {
    name: 'schema',
    about: 'print every field that can leave, its class, and which profile lets it out',
    load: async () => (await import('./commands/schema.ts')).schemaCommand,
  },
] as const satisfies readonly { name: string; about: string; load: () => Promise<Command> }[];

const OVERVIEW = `yagura-sensor ${VERSION}: packets to metadata, detection, alerts

${commands.map(({ name, about }) => `  yagura-sensor ${name.padEnd(8)}${about}`).join('\n')}

"yagura-sensor COMMAND --help" tells more.
`;

function terminal(): Terminal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  // Whoever read our output has gone: nobody is left to tell.
  process.stdout.on('error', () => stop.abort());
  let drawn = 0;
  const clear = (): void => {
    if (drawn > 0) process.stderr.write(`\r${' '.repeat(drawn)}\r`);
    drawn = 0;
  };
  return {
    out: (text) => process.stdout.write(text),
    say: (text) => {
      clear();
      process.stderr.write(text + '\n');
    },
    redraw: (text) => {
      clear();
      process.stderr.write(text);
      drawn = text.length;
    },
    isTerminal: process.stderr.isTTY === true,
    hasColour: process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
    stop: stop.signal,
    onReload: (listener) => process.on('SIGHUP', listener),
    environment: process.env,
    pid: process.pid,
  };
}

/** @returns exit status: 0 done, 1 something failed, 2 the command line is wrong */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === '--version') {
      process.stdout.write(VERSION + '\n');
      return 0;
    }
    const found = commands.find((c) => c.name === name);
    if (found === undefined) {
      if (name === undefined || name === '--help' || name === 'help') {
        process.stdout.write(OVERVIEW);
        return name === undefined ? 2 : 0;
      }
      throw new SensorError(
        'usage',
        `there is no command "${name}"${hint(
          name,
          commands.map((c) => c.name),
        )}`,
      );
    }
    const command = await found.load();
    if (rest.includes('--help')) {
      process.stdout.write(`${command.helpOf?.(rest) ?? command.help}\n`);
      return 0;
    }
    return await command.run(rest, terminal());
  } catch (error) {
    if (!(error instanceof SensorError)) throw error;
    process.stderr.write(error.toString() + '\n');
    return error.code === 'usage' || error.code === 'config_invalid' ? 2 : 1;
  }
}
