// STIX 2.1 as JSON: bundles, single objects, lists of them, and what a TAXII server answers (`objects`).
import type { Severity } from '../../wire/scale.ts';
import { RegexFault } from '../regex/parse.ts';
import { compileRegex } from '../regex/run.ts';
import type { ListFormat } from './format.ts';
import type { Intake } from './intake.ts';
import type { Label, Tlp } from './label.ts';
import { type Expression, type Observation, PatternFault, parsePattern } from './stix-grammar.ts';
import { leaves, planOf } from './stix-plan.ts';
import { attackTags, shortened, strictest, timeOf, tlpOf, unseen } from './terms.ts';

type Json = Readonly<Record<string, unknown>>;

/** Patterns that are more than values. */
const MAX_PATTERNS = 50_000;
/** Those of them that no value leads to: each is asked at every event of its kind. */
const MAX_FREE = 200;

/** Markings that are the same everywhere: TLP 2.0, and 1.0 before it. */
const MARKINGS: Readonly<Record<string, Tlp>> = {
  '94868c89-83c2-464b-929b-a1a8aa3c8487': 'clear',
  'bab4a63c-aed9-4cf5-a766-dfca5abac2bb': 'green',
  '55d920b0-5e8b-4f79-9ee9-91f868d9b421': 'amber',
  '939a9414-2ddd-4d32-a0cd-375ea402b003': 'amber+strict',
  'e828b379-4e03-4974-9ac4-e53a884c97c1': 'red',
  '613f2e26-407d-48c7-9eca-b8e91df99dc9': 'clear',
  '34098fce-860f-48ae-8e50-ebd3cc5e41da': 'green',
  'f88d31f6-486f-44da-b317-01333bde0b82': 'amber',
  '5e57c739-391a-4eb3-b6be-7d15ca92d5ed': 'red',
};

/** Where an indicator says how bad it is. */
const SEVERITY: Readonly<Record<string, Severity>> = {
  'malicious-activity': 'high',
  compromised: 'high',
  attribution: 'medium',
  'anomalous-activity': 'medium',
  unknown: 'medium',
  anonymization: 'low',
};

const record = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : []).filter((one): one is string => typeof one === 'string');
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const isObject = (value: unknown): boolean => /^[a-z0-9-]+--/.test(text(record(value)?.['id']));

export const stix = {
  name: 'stix',
  about: 'STIX 2.1 bundles, objects and TAXII envelopes as JSON.',
  takes(file) {
    if (!file.name.endsWith('.json')) return false;
    const json = file.json();
    return (
      Array.isArray(record(json)?.['objects']) ||
      isObject(json) ||
      (Array.isArray(json) && json.some(isObject))
    );
  },
  read(file, intake) {
    const json = file.json();
    const objects = record(json)?.['objects'] ?? json;
    const all: unknown[] = Array.isArray(objects) ? objects : [objects];
    const around = new Around(all, file.list);
    const at = objects === json ? '' : '/objects';
    for (const [i, one] of all.entries()) {
      const object = record(one);
      if (object?.['type'] !== 'indicator') continue;
      intake.pointer = Array.isArray(objects) ? `${at}/${i}` : '/';
      indicator(object, around, intake);
    }
  },
} as const satisfies ListFormat;

/** What other objects of the same file say of an indicator. */
class Around {
  readonly list: string;
  readonly #names = new Map<string, string>();
  readonly #markings = new Map<string, Tlp>();
  /** Indicator → ATT&CK tags of what it indicates. */
  readonly #tags = new Map<string, string[]>();

  constructor(objects: readonly unknown[], list: string) {
    this.list = list;
    const techniques = new Map<string, string[]>();
    for (const one of objects) {
      const object = record(one);
      if (object === undefined) continue;
      const id = text(object['id']);
      if (object['type'] === 'identity') this.#names.set(id, text(object['name']));
      else if (object['type'] === 'marking-definition') this.#mark(id, object);
      else if (object['type'] === 'attack-pattern') techniques.set(id, references(object));
    }
    for (const one of objects) {
      const object = record(one);
      if (object?.['type'] !== 'relationship' || object['relationship_type'] !== 'indicates') continue;
      const tags = techniques.get(text(object['target_ref']));
      if (tags === undefined) continue;
      const source = text(object['source_ref']);
      this.#tags.set(source, [...(this.#tags.get(source) ?? []), ...tags]);
    }
  }

  #mark(id: string, object: Json): void {
    const extensions = Object.values(record(object['extensions']) ?? {});
    const own = text(record(object['definition'])?.['tlp']) || text(record(extensions[0])?.['tlp_2_0']);
    const tlp = tlpOf(own || text(object['name']));
    if (tlp !== undefined) this.#markings.set(id, tlp);
  }

  name(id: string): string {
    return this.#names.get(id) ?? '';
  }

  tags(id: string): readonly string[] {
    return this.#tags.get(id) ?? [];
  }

  tlp(ids: readonly string[]): Tlp | undefined {
    let tlp: Tlp | undefined;
    for (const id of ids)
      tlp = strictest(tlp, MARKINGS[id.replace('marking-definition--', '')] ?? this.#markings.get(id));
    return tlp;
  }
}

const references = (object: Json): string[] =>
  (Array.isArray(object['external_references']) ? object['external_references'] : []).flatMap((one) => {
    const reference = record(one);
    return /attack/.test(text(reference?.['source_name']))
      ? attackTags([text(reference?.['external_id'])])
      : [];
  });

function indicator(object: Json, around: Around, intake: Intake): void {
  const pattern = text(object['pattern']);
  const language = text(object['pattern_type']) || 'stix';
  if (object['revoked'] === true) return intake.leaveOut('revoked');
  if (texts(object['indicator_types']).includes('benign')) return intake.leaveOut('says what is benign');
  if (language !== 'stix')
    return intake.leaveOut(`patterns in ${unseen(language).split(':')[0]}: only those of STIX are read`);
  const label = labelOf(object, around);
  if (typeof label === 'string') return intake.refuse(label);
  try {
    add(pattern, label, intake);
  } catch (error) {
    if (!(error instanceof PatternFault) && !(error instanceof RegexFault)) throw error;
    intake.refuse(error.message);
  }
}

function labelOf(object: Json, around: Around): Label | string {
  const times = ['valid_from', 'valid_until'].map((name) => {
    const given = text(object[name]);
    return given === '' ? undefined : (timeOf(given) ?? null);
  });
  if (times.includes(null)) return 'valid_from and valid_until are times such as 2026-01-01T00:00:00Z';
  const { confidence } = object;
  const list = shortened(around.name(text(object['created_by_ref'])), 100) || around.list;
  const types = texts(object['indicator_types']);
  const phases = (Array.isArray(object['kill_chain_phases']) ? object['kill_chain_phases'] : []).map(
    (phase) => text(record(phase)?.['phase_name']),
  );
  return {
    list,
    name: shortened(text(object['name']), 100) || list,
    severity: SEVERITY[types.find((type) => SEVERITY[type] !== undefined) ?? ''] ?? 'high',
    confidence:
      typeof confidence === 'number' && confidence >= 0 && confidence <= 100 ? Math.round(confidence) : 80,
    tlp: around.tlp(texts(object['object_marking_refs'])),
    from: times[0] ?? undefined,
    until: times[1] ?? undefined,
    description: shortened(text(object['description']), 128) || undefined,
    tags: [
      ...new Set([
        ...attackTags([...phases, ...texts(object['labels'])]),
        ...references(object),
        ...around.tags(text(object['id'])),
      ]),
    ],
  };
}

/** @throws PatternFault, RegexFault */
function add(pattern: string, label: Label, intake: Intake): void {
  const plan = planOf(pattern);
  if (plan.is === 'unseen') return intake.leaveOut(plan.why);
  if (plan.is === 'values') {
    const within = {
      ...label,
      from: Math.max(label.from ?? 0, plan.from ?? 0) || undefined,
      until: least(label.until, plan.until),
    };
    const row = intake.set.label(within);
    for (const { kind, value } of plan.values) intake.add(kind, value, row);
    return;
  }
  const { set } = intake;
  compileAll(parsePattern(pattern));
  if (set.patterns >= MAX_PATTERNS)
    return intake.leaveOut(`more than ${MAX_PATTERNS} patterns that are no list of values`);
  if (plan.values === undefined && set.free >= MAX_FREE)
    return intake.leaveOut(`more than ${MAX_FREE} patterns that name no value to look up`);
  const number = set.pattern(pattern);
  const row = set.label({ ...label, pattern: number + 1 });
  if (plan.values === undefined) set.addFree(number, row);
  else for (const { kind, value } of plan.values) intake.lead(kind, value, row);
  intake.count();
}

const least = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);

/** Expressions that cannot be run are refused now, not when an event comes. */
function compileAll(whole: Observation): void {
  const each = (expression: Expression): void => {
    if (expression.kind !== 'compare') for (const part of expression.of) each(part);
    else if (expression.operator === 'MATCHES')
      compileRegex(String(expression.values[0].value), { ignoreCase: true, multiline: false, dotAll: true });
  };
  for (const { expression } of leaves(whole)) each(expression);
}
