// Stage 1: may this record be here at all? Scope and dates of the authority, and the closed schema, decide.
import {
  type Alert,
  type Coverage,
  type Evidence,
  isHash,
  leaves,
  type Profile,
  treatment,
  type WireRecord,
} from 'yagura-sensor/wire';
import { inForce } from '../authority/authority.ts';
import { fromRfc3339 } from '../time.ts';
import type { Arrival, Origin, Refusal, RefusalCode } from './alert.ts';
import type { Flight, Outcome, Submission, Warrant } from './flight.ts';

/** Facts of a detector's own: `yagura.<word>`, class `flow`. Text among them stays short. */
const FACT = /^yagura\.[a-z0-9_]{1,64}$/;
const FACT_TEXT = 128;
/** Event types that one series record may count. */
const EVENT_TYPES = 64;
/** Classes that one span of blindness may count. */
const CLASSES = 16;

export function admit(flight: Flight): void {
  flight.submissions.forEach((submission, from) => {
    for (const arrival of submission.arrivals) {
      const fault = judge(arrival.record, submission.warrant);
      if (fault === undefined) letIn(flight, { submission: from, index: arrival.index }, submission, arrival);
      else flight.outcomes[from].refused.push({ index: arrival.index, ...fault });
    }
  });
}

type Fault = Omit<Refusal, 'index'>;
const fault = (code: RefusalCode, reason: string): Fault => ({ code, reason });

function judge(record: WireRecord, { authority, scope }: Warrant): Fault | undefined {
  if (record.kind === 'blind') {
    const span = fromRfc3339(record.until) - fromRfc3339(record.from);
    if (!(span >= 0)) return fault('malformed', '/from and /until are not a span of time');
    return Object.keys(record.counts ?? {}).length <= CLASSES
      ? undefined
      : fault('malformed', `/counts names more than ${CLASSES} classes`);
  }
  const time = fromRfc3339(record.kind === 'alert' ? record.time : record.bucket);
  if (Number.isNaN(time)) return fault('malformed', 'the time does not exist');
  if (!inForce(authority, time))
    return fault('outside_dates', `the time lies outside authority ${authority.id}'s dates`);
  if (record.kind === 'series')
    return Object.keys(record.events).length <= EVENT_TYPES
      ? undefined
      : fault('malformed', `/events names more than ${EVENT_TYPES} types`);
  if (!scope.has(record.src_ip) && !scope.has(record.dest_ip))
    return fault('outside_scope', `neither address lies in authority ${authority.id}'s networks`);
  return undefined;
}

function letIn(flight: Flight, origin: Origin, submission: Submission, { id, record }: Arrival): void {
  const { sensor, body, header, warrant } = submission;
  if (record.kind === 'series') {
    flight.series.push({ origin, sensor, body, series: record, bucket: fromRfc3339(record.bucket) });
  } else if (record.kind === 'blind') {
    const span = { from: fromRfc3339(record.from), until: fromRfc3339(record.until) };
    const { reason, count, counts } = record;
    flight.blinds.push({ origin, id, sensor, ...span, reason, count, ...(counts && { counts }) });
  } else {
    const alert = withinSchema(record, header.profile, warrant, flight.outcomes[origin.submission]);
    flight.admitted.push({ origin, id, alert, time: fromRfc3339(record.time) });
  }
}

/** The alert rebuilt from the members that the schema names; whatever else the sender put in does not get past here. */
function withinSchema(alert: Alert, profile: Profile, warrant: Warrant, outcome: Outcome): Alert {
  const { rule, reason } = alert;
  const named = (name: string): boolean => {
    const known = FACT.test(name) || warrant.vocabulary.has(name);
    if (!known) outcome.stripped++;
    return known;
  };
  return {
    kind: 'alert',
    time: alert.time,
    rule: {
      id: rule.id,
      name: rule.name,
      kind: rule.kind,
      severity: rule.severity,
      confidence: rule.confidence,
      tags: rule.tags,
    },
    reason: { en: reason.en, ja: reason.ja },
    event_type: alert.event_type,
    src_ip: alert.src_ip,
    src_port: alert.src_port,
    dest_ip: alert.dest_ip,
    dest_port: alert.dest_port,
    proto: alert.proto,
    ...(alert.app_proto === undefined ? {} : { app_proto: alert.app_proto }),
    ...(alert.community_id === undefined ? {} : { community_id: alert.community_id }),
    evidence: lawfulEvidence(alert.evidence, profile, warrant, outcome),
    matched: alert.matched.filter(named),
    withheld: alert.withheld.filter(named),
    ...(alert.coverage === undefined ? {} : { coverage: counted(alert.coverage) }),
  };
}

/** The counts that the schema names, and no other member. */
const counted = ({ seen, dropped_kernel, dropped_decoder, shed, sampled }: Coverage): Coverage => ({
  seen,
  dropped_kernel,
  dropped_decoder,
  shed,
  sampled,
});

function lawfulEvidence(evidence: Evidence, profile: Profile, warrant: Warrant, outcome: Outcome): Evidence {
  const lawful: Evidence = {};
  for (const name of Object.keys(evidence)) {
    const value = evidence[name];
    if (mayStay(name, value, profile, warrant)) lawful[name] = value;
    else outcome.stripped++;
  }
  return lawful;
}

function mayStay(name: string, value: Evidence[string], profile: Profile, warrant: Warrant): boolean {
  if (FACT.test(name))
    return !Array.isArray(value) && !(typeof value === 'string' && value.length > FACT_TEXT);
  const fieldClass = warrant.vocabulary.get(name);
  if (fieldClass === undefined) return false;
  if (treatment(profile, fieldClass) === 'hashed') return [value].flat().every(isHash);
  if (!leaves(profile, fieldClass)) return false;
  // What only "lawful-order" lets out, the authority itself must name as well.
  return leaves('strict', fieldClass) || warrant.authority.discloses.includes(fieldClass);
}
