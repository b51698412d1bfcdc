// The reference page of all protocols as Markdown, made from the registry: what `npm run reference` writes.
import { anomalyFields } from '../sensor/src/protocols/anomaly.ts';
import { envelope } from '../sensor/src/protocols/envelope.ts';
import type { Field } from '../sensor/src/protocols/event.ts';
import { protocols, recordFields } from '../sensor/src/protocols/index.ts';
import type { Protocol } from '../sensor/src/protocols/protocol.ts';
import { isFreeText, PRIVACY_CLASSES, PROFILES, type Profile, treatment } from '../sensor/src/wire/field.ts';
import { code, table } from './markdown.ts';

const all = (protocols as readonly Protocol[]).toSorted((a, b) => (a.name < b.name ? -1 : 1));
const NAMES = Object.keys(PROFILES) as Profile[];
const WORDS = { clear: 'leaves', hashed: 'leaves as a keyed hash', withheld: 'withheld' } as const;

const fieldTable = (fields: readonly Field[]): string =>
  table(
    ['field', 'type', 'class', 'also called', 'what it says'],
    fields.map((field) => [
      code(field.name),
      field.type,
      field.class,
      (field.aliases ?? []).map(code).join(', '),
      field.about + (isFreeText(field) ? ' Free text of the peer.' : ''),
    ]),
  );

const ports = ({ tcpPorts, udpPorts }: Protocol): string =>
  [
    tcpPorts.length > 0 ? `TCP ${tcpPorts.join(', ')}` : '',
    udpPorts.length > 0 ? `UDP ${udpPorts.join(', ')}` : '',
  ]
    .filter(Boolean)
    .join('; ') || 'none of its own';

function section(protocol: Protocol): string {
  const { name, about, record, fields, anomalies } = protocol;
  const parts = [`## ${name}`, about, `Usual ports: ${ports(protocol)}.`];
  if (record !== undefined && record !== name)
    parts.push(`Writes records of the type \`${record}\`, with the fields of [${record}](#${record}).`);
  else parts.push(fieldTable(fields));
  const oddities = Object.entries(anomalies);
  if (oddities.length > 0)
    parts.push(
      table(
        ['anomaly', 'what it says'],
        oddities.map(([one, text]) => [code(`${name}.${one}`), text]),
      ),
    );
  return parts.join('\n\n');
}

/** Types of events that no protocol writes, with what they are. */
const COMMON: readonly (readonly [name: string, about: string, fields: readonly Field[]])[] = [
  ['Every event', 'What stands at the top of every line: which conversation it belongs to.', envelope],
  [
    'flow',
    'What a conversation amounted to, at its end (and in `flow_update` while it lasts).',
    recordFields['flow'],
  ],
  ['anomaly', 'Something odd that was found.', anomalyFields],
];

export function referencePage(): string {
  const others = Object.keys(recordFields).filter(
    (type) =>
      !['flow', 'flow_update', 'anomaly'].includes(type) && !all.some((p) => (p.record ?? p.name) === type),
  );
  return `${[
    '# Protocols and fields',
    'Made from the registry by `npm run reference`; whoever changes a field runs it again. `yagura-sensor schema` prints the same for programs.',
    `${all.length} protocols, ${new Set(Object.values(recordFields).flat()).size} fields. A protocol is told from its bytes, on any port; its usual ports only say whom to ask first. A path with \`[]\` is a list of objects. Rules may use a field by its path without \`[]\`, or by what it is also called.`,
    table(
      ['class', ...NAMES.map(code)],
      PRIVACY_CLASSES.map((one) => [code(one), ...NAMES.map((profile) => WORDS[treatment(profile, one)])]),
    ),
    all.map(({ name }) => `[${name}](#${name})`).join(' · '),
    ...COMMON.map(([name, about, fields]) => [`## ${name}`, about, fieldTable(fields)].join('\n\n')),
    ...others.map((type) => [`## ${type}`, fieldTable(recordFields[type])].join('\n\n')),
    ...all.map(section),
  ].join('\n\n')}\n`;
}
