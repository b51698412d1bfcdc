// From a rule that was read to one that can be asked: where it is asked, and what.
import { BOTH, type Place } from './buffers.ts';
import type { Columns } from './columns.ts';
import type { CompiledSignature, Ends, GroupTest, Probe, Scope, ValueTest } from './compiled.ts';
import type { Datasets } from './datasets.ts';
import type { Draft, Group } from './draft.ts';
import { invalid, unsupported } from './fault.ts';
import { isHeadPath } from './http-head.ts';
import { plain, suricataIdentity } from './identity.ts';
import { appNames, type Meant, meantBy } from './protocols.ts';
import { readDraft } from './read.ts';
import type { Settings } from './settings.ts';
import type { Threshold } from './thresholds.ts';

export interface Compiled {
  readonly rule: CompiledSignature;
  /** One for each type of event that it is asked of; none where its scope is another. */
  readonly probes: readonly Probe[];
}

/** What a Suricata gives a rule without a class. */
const USUAL_PRIORITY = 3;
const TO_SERVER = 1;

/** Where a rule stands. */
export interface Origin {
  readonly file: string;
  readonly line: number;
}

/** @throws RuleFault */
export function compileSignature(
  text: string,
  origin: Origin,
  settings: Settings,
  datasets: Datasets,
  columnsOf: (type: string) => Columns,
): Compiled {
  const draft = readDraft(text, settings, datasets);
  const { signature } = draft;
  const meant = meantBy(signature.protocol, (fault) => draft.refuse(fault));
  const ends: Ends = {
    source: settings.spaces.addresses(signature.source),
    sourcePorts: settings.spaces.ports(signature.sourcePorts),
    destination: settings.spaces.addresses(signature.destination),
    destinationPorts: settings.spaces.ports(signature.destinationPorts),
  };
  const scope = scopeOf(draft, meant, ends);
  if (draft.refused !== undefined) throw draft.refused;
  const rule = ruleOf(draft, origin, meant, ends, scope);
  return { rule, probes: scope === 'event' ? probesOf(draft, meant, rule, columnsOf) : [] };
}

const hasPorts = ({ sourcePorts, destinationPorts }: Ends): boolean =>
  sourcePorts !== undefined || destinationPorts !== undefined;

function scopeOf(draft: Draft, meant: Meant, ends: Ends): Scope {
  const { groups, fieldTests, anomalies, payload, packetTests, states, appProtocol } = draft;
  const [content] = payload.items;
  if (content !== undefined)
    draft.refuse(
      unsupported('content', 'contents without a sticky buffer read payload, which is never kept', 0),
    );
  if (groups.length > 0 || fieldTests.length > 0 || anomalies.length > 0) {
    if (packetTests.length > 0)
      draft.refuse(unsupported('packet', 'options about a packet beside those about a transaction', 0));
    return 'event';
  }
  const isApp = meant.apps !== undefined || appProtocol !== undefined;
  const isPlain = packetTests.length === 0 && states.length === 0;
  if (isPlain && isApp) return 'protocol';
  const isNegated = ends.source?.isNegated === true || ends.destination?.isNegated === true;
  return isPlain && !draft.flowSaid && !hasPorts(ends) && !isNegated ? 'flow' : 'packet';
}

function ruleOf(draft: Draft, origin: Origin, meant: Meant, ends: Ends, scope: Scope): CompiledSignature {
  const { gid, sid, rev, classification, settings, signature, metadata } = draft;
  const priority = draft.priority ?? classification?.priority ?? USUAL_PRIORITY;
  const all = (key: string): string[] => metadata.filter(([word]) => word === key).map(([, value]) => value);
  const identity = suricataIdentity({
    gid,
    sid,
    rev,
    msg: plain(draft.msg),
    priority,
    severity: all('signature_severity')[0],
    confidence: all('confidence')[0],
    tactics: all('mitre_tactic_id'),
    techniques: all('mitre_technique_id'),
  });
  const id = `${gid}:${sid}`;
  const { action } = signature;
  const { thresholds, suppressions } = settings.thresholds;
  return {
    ...origin,
    gid,
    sid,
    rev,
    action: action === 'pass' || action === 'drop' || action === 'alert' ? action : 'reject',
    priority,
    category: plain(classification?.about ?? ''),
    identity,
    reason: {
      en: `Suricata rule ${id} (revision ${rev}) holds: ${identity.name}`,
      ja: `Suricataルール${id}(リビジョン${rev})に一致しました:${identity.name}`,
    },
    references: draft.references,
    scope,
    ends,
    isBoth: signature.direction === '<>',
    transports: meant.transports,
    version: meant.version ?? 0,
    protocols: draft.appProtocol?.negated === false ? appNames(draft.appProtocol.name) : meant.apps,
    notProtocol: draft.appProtocol?.negated === true ? draft.appProtocol.name : undefined,
    sides: draft.flow.sides,
    established: draft.flow.established,
    packetTests: draft.packetTests,
    addressTests: draft.addressTests,
    states: draft.states,
    asksChanging: draft.asksChanging,
    noalert: draft.noalert,
    thresholds: thresholdsOf(draft, thresholds),
    suppressions: [id, `${gid}:0`, '0:0'].flatMap((key) => suppressions.get(key) ?? []),
    paths: pathsOf(draft),
    order: 0,
    matches: 0,
    alerts: 0,
    text: signature.text.trim(),
  };
}

/** What threshold.config says of this rule wins over the rule's own; what it says of all does not. */
function thresholdsOf(
  { gid, sid, threshold }: Draft,
  settings: ReadonlyMap<string, readonly Threshold[]>,
): Threshold[] {
  const own = settings.get(`${gid}:${sid}`);
  const isRate = ({ type }: Threshold): boolean => type === 'rate_filter';
  const rates = [...(own ?? []), ...(settings.get(`${gid}:0`) ?? []), ...(settings.get('0:0') ?? [])].filter(
    isRate,
  );
  const said = own?.filter((one) => !isRate(one)) ?? [];
  if (said.length > 0) return [...said, ...rates];
  if (threshold !== undefined) return [threshold, ...rates];
  const general = settings.get(`${gid}:0`) ?? settings.get('0:0') ?? [];
  return [...general.filter((one) => !isRate(one)), ...rates];
}

const pathsOf = ({ groups, fieldTests, anomalies }: Draft): string[] => [
  ...new Set([
    ...[...groups, ...fieldTests]
      .flatMap(({ places }) => (places ?? []).map(({ path }) => path))
      // What is no field of ours has no name that an alert could say.
      .filter((path) => !isHeadPath(path)),
    ...(anomalies.length > 0 ? ['anomaly.event'] : []),
  ]),
];

function probesOf(
  draft: Draft,
  meant: Meant,
  rule: CompiledSignature,
  columnsOf: (type: string) => Columns,
): Probe[] {
  const { groups, fieldTests, anomalies } = draft;
  const asked = [...groups, ...fieldTests].map(({ places }) => places ?? []);
  if (anomalies.length > 0) asked.push([{ type: 'anomaly', path: 'anomaly.event', sides: BOTH }]);
  const [first = [], ...others] = asked.filter((places) => places.some(({ type }) => type !== '*'));
  const types = [...new Set(first.map(({ type }) => type))].filter(
    (type) =>
      others.every((places) => places.some((place) => place.type === type)) &&
      (meant.types?.includes(type) ?? true),
  );
  if (meant.types !== undefined && anomalies.length > 0) types.push('anomaly');
  if (types.length === 0)
    throw invalid('', `"${draft.signature.protocol}" has no transaction that has all of these buffers`, 0);
  const probes = [...new Set(types)].flatMap(
    (type) => probeOf(draft, type, rule, asked, columnsOf(type)) ?? [],
  );
  if (probes.length === 0)
    throw invalid(
      'flow',
      'no transaction has all of these buffers on one way: the directions do not go together',
      0,
    );
  return probes;
}

const of = (places: readonly Place[], type: string): Place[] =>
  places.filter((place) => place.type === type || place.type === '*');

function probeOf(
  draft: Draft,
  type: string,
  rule: CompiledSignature,
  asked: readonly (readonly Place[])[],
  columns: Columns,
): Probe | undefined {
  // A transaction is looked at as a whole where the rule says so.
  const isWhole = draft.signature.direction === '=>';
  let sides = draft.flow.sides;
  let isOneSided = false;
  for (const places of asked) {
    const here = of(places, type);
    const of_ = here.reduce((bits, place) => bits | place.sides, 0);
    if (!isWhole) sides &= of_;
    if (here.some((place) => place.sides !== BOTH)) isOneSided = true;
  }
  if (sides === 0) return undefined;
  // What does not say whose it is, is looked at once.
  if ((isWhole || !isOneSided) && sides === BOTH && isMerged(type)) sides = TO_SERVER;
  const groups = draft.groups.map((group) => groupTest(group, type, columns, isWhole));
  const values: ValueTest[] = draft.fieldTests.map(({ places, holds }) => ({
    slots: of(places, type).flatMap((place) => {
      const slot = columns.slot(place.path);
      return slot === undefined ? [] : [{ slot, sides: isWhole ? BOTH : place.sides }];
    }),
    holds,
  }));
  for (const { only } of asked.flatMap((places) => of(places, type))) {
    const slot = only && columns.slot(only.path);
    if (only === undefined || slot === undefined) continue;
    values.push({ slots: [{ slot, sides: BOTH }], holds: (value) => only.text.test(String(value)) });
  }
  for (const name of draft.anomalies) {
    const slot = columns.slot('anomaly.event');
    if (slot !== undefined) values.push({ slots: [{ slot, sides: BOTH }], holds: (value) => value === name });
  }
  return { type, rule, sides, groups, values };
}

/** Types whose records speak for one side each, and say for which. */
export const ONE_SIDED = ['dns', 'mqtt', 'sip', 'mdns', 'llmnr', 'snmp'] as const;
const isMerged = (type: string): boolean => !(ONE_SIDED as readonly string[]).includes(type);

function groupTest(group: Group, type: string, columns: Columns, isWhole: boolean): GroupTest {
  return {
    columns: of(group.places ?? [], type).flatMap((place) => {
      const column = columns.column(place.path, place.form, group.transforms);
      return column === undefined ? [] : [{ column, sides: isWhole ? BOTH : place.sides }];
    }),
    items: group.items,
    absent: group.absent,
  };
}
