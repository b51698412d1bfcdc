// `schema`: every field that can leave the sensor, its privacy class, and what each profile lets out.
import { SensorError } from '../errors.ts';
import { describeOptions, parseOptions } from '../options.ts';
import { envelope } from '../protocols/envelope.ts';
import type { Field } from '../protocols/event.ts';
import { recordFields } from '../protocols/index.ts';
import { isProfile, PROFILES, type Profile, treatment } from '../wire/field.ts';
import { closedSchema } from './closed-schema.ts';
import type { Command } from './command.ts';

const NAMES = Object.keys(PROFILES) as Profile[];

const OPTIONS = {
  profile: { kind: 'text', about: `only what leaves under one of ${NAMES.join(', ')}` },
  json: { kind: 'flag', about: 'as JSON Schema, draft 2020-12' },
} as const;

const MARKS = { clear: 'clear', hashed: 'hash', withheld: '-' } as const;

function row(field: Field, profiles: readonly Profile[]): readonly string[] {
  return [field.name, field.type, field.class, ...profiles.map((one) => MARKS[treatment(one, field.class)])];
}

function table(profiles: readonly Profile[]): string {
  const head = ['field', 'type', 'class', ...profiles];
  const leaves = (field: Field): boolean =>
    profiles.some((one) => treatment(one, field.class) !== 'withheld');
  const parts = Object.entries({ 'every event': envelope, ...recordFields }).map(([type, fields]) => ({
    type,
    rows: fields.filter(leaves).map((field) => row(field, profiles)),
  }));
  const widths = head.map((word, i) =>
    Math.max(word.length, ...parts.flatMap(({ rows }) => rows.map((cells) => cells[i].length))),
  );
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, i) => cell.padEnd(widths[i])).join('  ')}`.trimEnd();
  return parts.map(({ type, rows }) => [type, ...[head, ...rows].map(line)].join('\n')).join('\n\n');
}

export const schemaCommand: Command = {
  help: `yagura-sensor schema [options]

Prints the closed schema: what is not in it does not leave the sensor.

${describeOptions(OPTIONS)}`,
  async run(args, terminal) {
    const { options, rest } = parseOptions(args, OPTIONS);
    if (rest.length > 0) throw new SensorError('usage', `schema takes no "${rest[0]}"`);
    const { profile } = options;
    if (profile !== undefined && !isProfile(profile))
      throw new SensorError(
        'config_invalid',
        `there is no profile "${profile}"; there are ${NAMES.join(', ')}`,
      );
    terminal.out(
      options.json
        ? `${JSON.stringify(closedSchema(profile), null, 2)}\n`
        : `${table(profile === undefined ? NAMES : [profile])}\n`,
    );
    return 0;
  },
};
