// Command-line options: one table a command; unknown words are refused with the nearest known one.
import { SensorError } from './errors.ts';
import { hint } from './rules/fields.ts';

export interface Option {
  /** `flag` takes no value; `list` may be given several times. */
  readonly kind: 'text' | 'number' | 'flag' | 'list';
  readonly default?: string | number | boolean;
  readonly unit?: string;
  /** One line for --help, with the reason of the default. */
  readonly about: string;
}
export type OptionTable = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = O['kind'] extends 'flag'
  ? boolean
  : O['kind'] extends 'list'
    ? readonly string[]
    : O['kind'] extends 'number'
      ? O extends { default: number }
        ? number
        : number | undefined
      : O extends { default: string }
        ? string
        : string | undefined;
export type Options<T extends OptionTable> = { readonly [K in keyof T]: ValueOf<T[K]> };

/** @throws SensorError usage */
export function parseOptions<T extends OptionTable>(
  args: readonly string[],
  table: T,
): { options: Options<T>; rest: string[] } {
  const options: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(table))
    options[name] = option.kind === 'list' ? [] : option.kind === 'flag' ? false : option.default;
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (!arg.startsWith('--') || arg === '-') {
      rest.push(arg);
      continue;
    }
    const [name, inline] = split(arg.slice(2));
    const option = Object.hasOwn(table, name) ? table[name] : undefined;
    if (option === undefined)
      throw new SensorError('usage', `there is no option --${name}${hint(name, Object.keys(table))}`);
    if (option.kind === 'flag') {
      options[name] = true;
      continue;
    }
    const text = inline ?? args[++i];
    if (text === undefined) throw new SensorError('usage', `--${name} needs a value`);
    if (option.kind === 'list') (options[name] as string[]).push(text);
    else options[name] = option.kind === 'number' ? number(name, text, option) : text;
  }
  return { options: options as Options<T>, rest };
}

function split(text: string): [string, string | undefined] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)];
}

function number(name: string, text: string, option: Option): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new SensorError(
      'usage',
      `--${name} must be a number of 0 or more${option.unit ? ` (${option.unit})` : ''}, not "${text}"`,
    );
  return value;
}

/** The options as lines for --help. */
export function describeOptions(table: OptionTable): string {
  const rows = Object.entries(table).map(([name, o]) => {
    const value =
      o.kind === 'flag' ? '' : o.kind === 'number' ? ` N${o.unit ? ` (${o.unit})` : ''}` : ' VALUE';
    const standard = o.default === undefined || o.kind === 'flag' ? '' : ` [${o.default}]`;
    return [`  --${name}${value}`, o.about + standard] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => left.padEnd(width) + right).join('\n');
}
