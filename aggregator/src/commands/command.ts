// The contract of a command of the aggregator's command line, and what all of them share.
import { type ParseArgsConfig, parseArgs } from 'node:util';

import { SETTINGS } from '../config.ts';
import { Problem } from '../errors.ts';
import { openState, type State } from '../state.ts';

export interface Terminal {
  /** One line of result. */
  out(line: string): void;
  /** Where the log goes. */
  readonly log: NodeJS.WritableStream;
  /** Aborted when the person or the system asks to stop. */
  readonly stop: AbortSignal;
}

export interface Command {
  /** One or two words: `run`, `body add`. */
  readonly name: string;
  /** What follows the name. */
  readonly usage: string;
  /** One sentence. */
  readonly about: string;
  /** @returns exit status */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Words and values of a command line. @throws Problem usage */
export function parse<O extends Options>(args: readonly string[], options: O) {
  try {
    return parseArgs({
      args: [...args],
      options: { ...options, state: { type: 'string' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Problem('usage', (error as Error).message.split('. ')[0] + '.');
  }
}

/** A value that must be given. @throws Problem usage */
export function needed(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new Problem('usage', `${name} is missing.`);
  return value;
}

/** Opens the state directory for one act, beside a running aggregator if there is one. */
export async function withState<T>(
  directory: string | undefined,
  work: (state: State) => Promise<T>,
): Promise<T> {
  const state = await openState(directory ?? SETTINGS.state.default);
  try {
    return await work(state);
  } finally {
    await state.records.close();
  }
}
