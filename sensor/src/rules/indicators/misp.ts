// MISP events as JSON: their attributes, and those of their objects, that are marked for detection (`to_ids`).
import type { Severity } from '../../wire/scale.ts';
import type { ListFile } from './file.ts';
import type { ListFormat } from './format.ts';
import { type Intake, kindOf } from './intake.ts';
import type { IndicatorKind } from './kinds.ts';
import type { Label, Tlp } from './label.ts';
import { attackTags, shortened, strictest, tlpOf, unseen } from './terms.ts';

type Json = Readonly<Record<string, unknown>>;

/** What attributes take over from the event that they stand in. */
interface Around {
  readonly list: string;
  readonly name: string;
  readonly severity: Severity;
  readonly confidence: number | undefined;
  readonly tlp: Tlp | undefined;
  readonly tags: readonly string[];
}

/** `threat_level_id`; 4 says that nobody judged it. */
const SEVERITY: Readonly<Record<string, Severity>> = { 1: 'high', 2: 'medium', 3: 'low', 4: 'medium' };
/** MISP's taxonomy of confidence. */
const CONFIDENCE: Readonly<Record<string, number>> = {
  'completely-confident': 100,
  'usually-confident': 75,
  'fairly-confident': 50,
  'rarely-confident': 25,
  unconfident: 0,
};

const record = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
const list = (value: unknown): readonly Json[] =>
  (Array.isArray(value) ? value : []).flatMap((one): Json[] => {
    const found = record(one);
    return found === undefined ? [] : [found];
  });
const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
const isSet = (value: unknown): boolean => value === true || value === 1 || value === '1';

export const misp = {
  name: 'misp',
  about: 'MISP events, objects or attributes as JSON, as exported or as the API answers.',
  takes(file) {
    if (!file.name.endsWith('.json')) return false;
    const json = record(file.json()) ?? record(list(file.json())[0]);
    return (
      json !== undefined &&
      ['response', 'Event', 'Attribute', 'Object'].some((key) => Object.hasOwn(json, key))
    );
  },
  read(file, intake) {
    const json = file.json();
    const around: Around = {
      ...{
        list: file.list,
        name: file.list,
        severity: 'high',
        confidence: undefined,
        tlp: undefined,
        tags: [],
      },
    };
    if (Array.isArray(json)) each(json, '', (one, at) => whole(one, at, around, file, intake));
    else whole(record(json) ?? {}, '', around, file, intake);
  },
} as const satisfies ListFormat;

function each(values: unknown, at: string, take: (value: Json, at: string) => void): void {
  if (!Array.isArray(values)) return;
  for (const [i, value] of values.entries()) {
    const found = record(value);
    if (found !== undefined) take(found, `${at}/${i}`);
  }
}

function whole(json: Json, at: string, around: Around, file: ListFile, intake: Intake): void {
  const { response } = json;
  if (Array.isArray(response))
    each(response, `${at}/response`, (one, place) => part(one, place, around, file, intake));
  else part(record(response) ?? json, record(response) ? `${at}/response` : at, around, file, intake);
}

/** Something that holds an event, an object, or attributes. */
function part(json: Json, at: string, around: Around, file: ListFile, intake: Intake): void {
  const event = record(json['Event']);
  const object = record(json['Object']);
  const attribute = record(json['Attribute']);
  if (event !== undefined) members(event, `${at}/Event`, eventWords(event, file), intake);
  if (object !== undefined) members(object, `${at}/Object`, around, intake);
  if (attribute !== undefined) take(attribute, `${at}/Attribute`, around, intake);
  if (event === undefined && object === undefined && attribute === undefined)
    members(json, at, around, intake);
}

function members(json: Json, at: string, around: Around, intake: Intake): void {
  each(json['Attribute'], `${at}/Attribute`, (one, place) => take(one, place, around, intake));
  each(json['Object'], `${at}/Object`, (object, place) => {
    if (isSet(object['deleted'])) return;
    each(object['Attribute'], `${place}/Attribute`, (one, inner) => take(one, inner, around, intake));
  });
}

function eventWords(event: Json, file: ListFile): Around {
  const owner = text(record(event['Orgc'])?.['name']) || file.list;
  return {
    list: shortened(owner, 100),
    name: shortened(text(event['info']), 100) || owner,
    severity: SEVERITY[text(event['threat_level_id'])] ?? 'medium',
    ...tagWords(event),
  };
}

/** What tags and galaxies say. */
function tagWords(json: Json): Pick<Around, 'tlp' | 'confidence' | 'tags'> {
  const names = list(json['Tag']).map(({ name }) => text(name));
  const clusters = list(json['Galaxy']).flatMap((galaxy) => list(galaxy['GalaxyCluster']));
  const galaxies = clusters
    .filter(({ type }) => /attack/.test(text(type)))
    .map((cluster) => text(record(cluster['meta'])?.['external_id']) || text(cluster['value']));
  let tlp: Tlp | undefined;
  let confidence: number | undefined;
  for (const name of names) {
    if (/^tlp:/i.test(name)) tlp = strictest(tlp, tlpOf(name));
    const sure = /^misp:confidence-level="([a-z-]+)"$/.exec(name);
    if (sure !== null) confidence = CONFIDENCE[sure[1]] ?? confidence;
  }
  const attack = names.filter((name) => /attack/i.test(name));
  return { tlp, confidence, tags: attackTags([...attack, ...galaxies]) };
}

function take(attribute: Json, at: string, around: Around, intake: Intake): void {
  intake.pointer = at;
  if (isSet(attribute['deleted'])) return intake.leaveOut('deleted');
  if (!isSet(attribute['to_ids'])) return intake.leaveOut('not marked for detection (to_ids)');
  const [type, value] = [text(attribute['type']).toLowerCase(), text(attribute['value'])];
  if (type === '' || value === '') return intake.refuse('an attribute has a type and a value');
  const own = tagWords(attribute);
  const label: Label = {
    ...{ list: around.list, name: around.name, severity: around.severity },
    confidence: own.confidence ?? around.confidence ?? 80,
    tlp: strictest(own.tlp, around.tlp),
    description: shortened(text(attribute['comment']), 128) || undefined,
    tags: [...new Set([...around.tags, ...own.tags])],
  };
  for (const [kind, part] of split(type, value) ?? [])
    if (kind === undefined) intake.leaveOut(unseen(type));
    else intake.add(kind, part, label);
}

/** Composite types hold two values. A kind that is undefined is one that networks do not show. */
function split(type: string, value: string): (readonly [IndicatorKind | undefined, string])[] {
  const [first, second = ''] = value.split('|', 2);
  switch (type) {
    case 'domain|ip':
      return [
        ['domain', first],
        ['address', second],
      ];
    case 'hostname|port':
      return [['domain', first]];
    case 'ip-dst|port':
    case 'ip-src|port':
      return [['endpoint', first.includes(':') ? `[${first}]:${second}` : `${first}:${second}`]];
    case 'uri':
      return [[value.includes('://') ? 'url' : undefined, value]];
    case 'email':
      return [['email', value]];
    default:
      // Of MISP's types only these: its words are not all that we take elsewhere.
      return [[/^(md5|sha|filename\|)/.test(type) ? undefined : kindOf(type), value]];
  }
}
