// A stage for rules and detectors: made-up flows and events in made-up time, and what they raised.
import type { AlertSink, Finding } from '../../sensor/src/detectors/detector.ts';
import { detectors } from '../../sensor/src/detectors/index.ts';
import type { Event, FlowView } from '../../sensor/src/protocols/event.ts';
import type { Field } from '../../sensor/src/protocols/protocol.ts';
import { type Vocabulary, vocabulary } from '../../sensor/src/rules/fields.ts';
import { words } from '../../sensor/src/rules/index.ts';
import { compileRules, type LoadOptions, type RuleSet } from '../../sensor/src/rules/load.ts';
import type { SigmaRule } from '../../sensor/src/rules/sigma/rule.ts';

/** Midnight of a quiet day, µs. */
export const DAY = Date.UTC(2026, 0, 5) * 1000;
/** µs of that day, from seconds. */
export const at = (seconds: number): number => DAY + Math.round(seconds * 1e6);

let flows = 0;

/** A flow with what matters to the case; everything else is an ordinary TCP connection. */
export function flow(given: Partial<FlowView> = {}): FlowView {
  const protocol = given.protocol ?? 6;
  return {
    id: ++flows,
    src_ip: '10.1.0.7',
    dest_ip: '198.51.100.9',
    src_port: 40_000 + (flows % 20_000),
    dest_port: 443,
    icmp_type: undefined,
    icmp_code: undefined,
    protocol,
    proto: { 6: 'TCP', 17: 'UDP', 1: 'ICMP', 58: 'IPv6-ICMP' }[protocol] ?? String(protocol),
    app_proto: undefined,
    app_proto_orig: undefined,
    community_id: undefined,
    vlan: [],
    start: DAY,
    last: given.start ?? DAY,
    pkts_toserver: 1,
    pkts_toclient: 0,
    bytes_toserver: 74,
    bytes_toclient: 0,
    payload_toserver: 0,
    min_ttl_toserver: 64,
    max_ttl_toserver: 64,
    min_ttl_toclient: 0,
    max_ttl_toclient: 0,
    retransmitted_toserver: 0,
    retransmitted_toclient: 0,
    missing_toserver: 0,
    missing_toclient: 0,
    history: '',
    conn_state: 'OTH',
    payload_toclient: 0,
    tcp_flags_ts: protocol === 6 ? 2 : 0,
    tcp_flags_tc: 0,
    state: 'new',
    tcp_state: 'none',
    response_icmp_type: undefined,
    reason: undefined,
    ...given,
  };
}

/** Fields whose values are members of a plain object, by name. */
export const plainFields = (names: Iterable<string>): Field[] =>
  [...new Set(names)].map((name) => ({
    name,
    type: 'string',
    class: 'flow',
    about: 'Made up.',
    read: (message) => (message as Record<string, never>)[name],
  }));

/** An event of our own protocols whose fields are given by path; readers are replaced by look-ups. */
export function event(type: string, values: Record<string, unknown>, time = DAY, about = flow()): Event {
  return { type, time, flow: { ...about, last: time }, message: values, fields: fieldsOf(type) };
}

const made = new Map<string, readonly Field[]>();
const FROM_FLOW = new Set(['src_ip', 'dest_ip', 'src_port', 'dest_port', 'proto', 'app_proto']);

/** The protocol's own field list, reading from a plain object keyed by path. */
export function fieldsOf(type: string): readonly Field[] {
  let fields = made.get(type);
  if (!fields) {
    const own = words.types.get(type);
    if (!own) throw new Error(`no event type ${type}`);
    const plain = type === 'flow' || type === 'anomaly';
    // Quicker ways to a value know only the bytes of a packet.
    fields = [...own.entries()].map(([path, { write: _, when: __, column: ___, ...field }]) => ({
      ...field,
      read: (message: unknown, happened: Event) =>
        FROM_FLOW.has(path) || (plain && !(path in (message as object)))
          ? field.read(message, happened)
          : (message as Record<string, never>)[path],
    }));
    made.set(type, fields);
  }
  return fields;
}

/** The sensor's vocabulary with readers that look into plain objects. */
export const stageWords: Vocabulary = vocabulary(
  [],
  Object.fromEntries([...words.types.keys()].map((type) => [type, fieldsOf(type)])),
);

/** Rules compiled for events made by `event`. */
export const rulesOf = (texts: Record<string, string>, options?: LoadOptions): RuleSet =>
  compileRules(
    Object.entries(texts).map(([file, text]) => ({ file, text })),
    stageWords,
    options,
  );

/** Shows one event to the rules of its type; calls `hit` for each that holds. */
export function show(rules: RuleSet, happened: Event, hit: (rule: SigmaRule) => void): void {
  rules.rows.get(happened.type)?.at(happened);
  rules.dispatch.get(happened.type)?.match(hit);
}

export interface Raised {
  readonly finding: Finding;
  readonly id: string;
  readonly src: string;
  readonly dest: string;
}

/** A sink that remembers. */
export function remember(): { raised: Raised[]; sink: AlertSink } {
  const raised: Raised[] = [];
  const raise: AlertSink['raise'] = (finding, about) => {
    const { src_ip: src, dest_ip: dest } = 'flow' in about ? about.flow : about;
    raised.push({ finding, id: finding.rule.id, src, dest });
  };
  return { raised, sink: { raise } };
}

const NO_RULES = compileRules([], stageWords);

/** Starts one detector by name with its defaults, or with what differs. */
export function start(name: string, knobs: Record<string, number> = {}, rules: RuleSet = NO_RULES) {
  const detector = detectors.find((candidate) => candidate.name === name);
  if (!detector) throw new Error(`no detector ${name}`);
  const { raised, sink } = remember();
  const defaults = Object.fromEntries(
    Object.entries(detector.knobs).map(([word, { default: d }]) => [word, d]),
  );
  return { watch: detector.start({ ...defaults, ...knobs }, sink, rules), raised };
}
