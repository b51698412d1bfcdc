// "body add", "authority add", "list": who may be watched, on what legal basis.
import { PRIVACY_CLASSES, type PrivacyClass } from 'yagura-sensor/wire';
import { BODY_KINDS, type BodyKind, current, statusOf } from '../authority/authority.ts';
import { sensorStatus } from '../authority/sensor.ts';
import { SETTINGS } from '../config.ts';
import { Problem } from '../errors.ts';
import { Operator } from '../operator.ts';
import { now, SECOND, toRfc3339 } from '../time.ts';
import { type Command, needed, parse, withState } from './command.ts';

const text = { type: 'string' } as const;

export const bodyAdd: Command = {
  name: 'body add',
  usage: `ID --name-en NAME --name-ja NAME [--kind ${BODY_KINDS.join('|')}]`,
  about: 'Adds an organisation that may be watched once it has an authority.',
  async run(args, { out }) {
    const { values, positionals } = parse(args, { 'name-en': text, 'name-ja': text, kind: text });
    const id = needed('The id of the body', positionals[0]);
    const en = needed('--name-en', values['name-en']);
    const kind = (values.kind ?? 'other') as BodyKind;
    if (!BODY_KINDS.includes(kind))
      throw new Problem('usage', `--kind ${kind}: one of ${BODY_KINDS.join(', ')}.`);
    await withState(values.state, ({ records }) =>
      new Operator(records).addBody({ id, name: { en, ja: values['name-ja'] ?? en }, kind }),
    );
    out(`body ${id} added`);
    return 0;
  },
};

export const authorityAdd: Command = {
  name: 'authority add',
  usage:
    '--body ID --article TEXT --instrument TEXT --prefix CIDR… --from DATE --until DATE [--discloses CLASS…]',
  about: 'Records on what legal basis, over which networks and from when until when a body is watched.',
  async run(args, { out }) {
    const many = { type: 'string', multiple: true } as const;
    const { values, positionals } = parse(args, {
      ...{ body: text, article: text, instrument: text, from: text, until: text },
      prefix: many,
      discloses: many,
    });
    const discloses = (values.discloses ?? []) as PrivacyClass[];
    const wrong = discloses.find((c) => !PRIVACY_CLASSES.includes(c));
    if (wrong !== undefined)
      throw new Problem('usage', `--discloses ${wrong}: one of ${PRIVACY_CLASSES.join(', ')}.`);
    const authority = await withState(values.state, ({ records }) =>
      new Operator(records).addAuthority({
        body: needed('--body', values.body),
        article: needed('--article', values.article),
        instrument: needed('--instrument', values.instrument),
        prefixes: [...(values.prefix ?? []), ...positionals],
        from: needed('--from', values.from),
        until: needed('--until', values.until),
        discloses,
      }),
    );
    out(`authority ${authority.id} added to body ${authority.body}: ${authority.prefixes.join(', ')}`);
    return 0;
  },
};

const padded = (rows: readonly (readonly string[])[]): string[] => {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
};

export const list: Command = {
  name: 'list',
  usage: 'bodies|sensors',
  about: 'Shows the bodies with their authorities, or the sensors with when they were last heard.',
  async run(args, { out }) {
    const { values, positionals } = parse(args, {});
    const [what] = positionals;
    const at = now();
    const rows = await withState(values.state, async ({ records }) => {
      if (what === 'bodies') {
        const bodies = await records.bodies();
        const shown = bodies.map(async ({ id, name, kind }) => {
          const authority = current(await records.authorities(id), at);
          const scope =
            authority === undefined ? '-' : `${authority.article}: ${authority.prefixes.join(', ')}`;
          return [id, name.en, kind, statusOf(authority, at), scope];
        });
        return [['BODY', 'NAME', 'KIND', 'AUTHORITY', 'SCOPE'], ...(await Promise.all(shown))];
      }
      if (what === 'sensors') {
        const silentAfter = SETTINGS['silent-after'].default * SECOND;
        const shown = (await records.sensors()).map((sensor) => [
          sensor.id,
          sensor.revoked === null ? sensorStatus(sensor, at, silentAfter) : 'revoked',
          sensor.last_seen === null ? '-' : toRfc3339(sensor.last_seen),
          toRfc3339(sensor.certificate_until),
        ]);
        return [['SENSOR', 'STATUS', 'LAST SEEN', 'CERTIFICATE UNTIL'], ...shown];
      }
      throw new Problem('usage', 'Say what to list: bodies or sensors.');
    });
    for (const line of padded(rows)) out(line);
    return 0;
  },
};
