// Rules and indicators: what people wrote down as worth an alert.
/*
 * What: every event is shown to the Sigma rules of its type, matches are counted by correlations, and names, addresses
 * and fingerprints are looked up in the indicator lists.
 * Why it matters: it is how knowledge of an attack travels from the one who saw it first to everybody else.
 * Method: Sigma 2.1 (SigmaHQ specification); see rules/README.md.
 * False positives: each rule names its own. ATT&CK: each rule's tags.
 */
import type { Event } from '../protocols/event.ts';
import type { Hit } from '../rules/indicators/where.ts';
import type { SigmaRule } from '../rules/sigma/rule.ts';
import type { Fired } from './correlation/correlator.ts';
import { Correlators } from './correlation/correlators.ts';
import { MEASURED } from './correlation/measure.ts';
import type { AccountWatch, Detector, Forgetful, PacketWatch, Watch } from './detector.ts';
import { indicatorFinding } from './indicator-alert.ts';
import { Observed } from './observed.ts';
import { RuleMeter } from './rule-meter.ts';
import { SignatureMatch } from './signature-match.ts';
import { Quiet } from './sketch/quiet.ts';

/** Rule, source and destination triples that are remembered as told. */
const MAX_TOLD = 50_000;

/** What goes on when rules are changed while it works. */
const going = new WeakMap<Watch, Correlators>();
/** The same of Suricata's rules. */
const matching = new WeakMap<Watch, SignatureMatch>();

export const ruleMatch: Detector = {
  name: 'rule-match',
  about: 'Sigma rules, correlations, Suricata rules and indicator lists.',
  /** An event is shown to it when a rule or an indicator holds for it; then it is there with all its fields. */
  raises: [],
  looksAt: {},
  knobs: {
    repeat_s: {
      default: 60,
      unit: 's',
      about:
        'The same rule between the same two addresses is told once in this time; how often it was held back is told with the next alert. A web scanner matches thousands of times a minute.',
    },
    indicator_repeat_s: {
      default: 600,
      unit: 's',
      about: 'The same for indicators: a call home every few seconds is one finding.',
    },
    budget: {
      default: 0,
      unit: '% of the time',
      about:
        'A rule that takes more of ten seconds is suspended, and that is told as blindness; 0 is never, so that a capture read again gives the same alerts. `run` sets it to rule_budget.',
    },
    groups: {
      default: 20_000,
      unit: 'groups per correlation',
      about:
        'The group touched longest ago is forgotten above this. 20,000 groups of a threshold of 20 take some 10 MB.',
    },
  },
  start(knobs, sink, rules, _, former): Watch {
    const before = former && going.get(former);
    const told = new Quiet(knobs['repeat_s'] * 1e6, MAX_TOLD);
    const toldIndicators = new Quiet(knobs['indicator_repeat_s'] * 1e6, MAX_TOLD);
    const fired: Fired = (rule, { about, measured }) => {
      meter.matched(rule, 'flow' in about ? about.time : about.last);
      sink.raise(
        {
          rule: rule.identity,
          reason: rule.reason,
          matched: [
            ...new Set(rule.inputs.flatMap(({ group, values }) => [...group, ...values].map((s) => s.path))),
          ],
          facts: { [`yagura.${MEASURED[rule.type]}`]: measured, 'yagura.seconds': rule.span / 1e6 },
        },
        about,
      );
    };
    const correlators = new Correlators(rules, knobs['groups'], fired, before);

    const metered = [...rules.rules, ...rules.correlations, ...rules.signatures.rules];
    const meter = new RuleMeter(metered, knobs['budget'] / 100);
    const atWork = (rule: SigmaRule): boolean => !meter.isSuspended(rule);
    const holds = (rule: SigmaRule): boolean => atWork(rule) && rule.test.holds();
    const measured = (rule: SigmaRule): boolean => atWork(rule) && meter.measured(rule, rule.test.holds);

    let current: Event;
    const hit = (rule: SigmaRule): void => {
      meter.matched(rule, current.time);
      correlators.match(rule, current);
      if (correlators.isSilent(rule)) return;
      const { flow, time } = current;
      const held = told.tell(`${rule.identity.id} ${flow.src_ip} ${flow.dest_ip}`, time);
      if (held < 0) return;
      sink.raise(
        {
          rule: rule.identity,
          reason: rule.reason,
          matched: rule.matched(),
          ...(held > 0 && { facts: { 'yagura.repeats': held } }),
        },
        current,
      );
    };

    const observed = new Observed();
    const indicated = (found: Hit, paths: readonly string[]): void => {
      const { flow, time } = current;
      if (found.sequence !== undefined && !observed.add(found.sequence, flow.src_ip, time)) return;
      const held = toldIndicators.tell(`${found.kind} ${found.value} ${flow.src_ip} ${flow.dest_ip}`, time);
      if (held >= 0) sink.raise(indicatorFinding(found, paths, held), current);
    };

    const signatures =
      rules.signatures.rules.length > 0
        ? new SignatureMatch(rules.signatures, sink, former && matching.get(former), meter)
        : undefined;
    const watch: Watch & PacketWatch & AccountWatch & Forgetful = {
      ...signatures?.watch,
      get evicted() {
        return correlators.evicted;
      },
      event(event) {
        current = event;
        rules.rows.get(event.type)?.at(event);
        const isTurn = meter.isTurn();
        rules.dispatch.get(event.type)?.match(hit, isTurn ? measured : holds);
        rules.lookups.get(event.type)?.find(indicated);
        signatures?.event(event, isTurn);
      },
      tick(now) {
        correlators.tick(now);
        meter.look();
      },
      costs: () => meter.costs(),
      suspended: () => meter.suspended,
      relieve() {
        told.age();
        toldIndicators.age();
        observed.age();
        correlators.age();
        signatures?.age();
      },
    };
    going.set(watch, correlators);
    if (signatures !== undefined) matching.set(watch, signatures);
    return watch;
  },
};
