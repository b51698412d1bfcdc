// Industrial commands: somebody writes to, switches or stops a controller that never commanded it before.
/*
 * What: after a learning time, the first command of a host to a device (a write, a switch, a set point; more gravely a
 * stop, a restart, another program or another configuration), and a known master's first grave command. At any time:
 * commands from an address outside.
 * Why it matters: these protocols ask for no password. Whoever reaches a controller moves what it moves; attacks on plants
 * (Stuxnet, Industroyer, TRITON) ended in such commands from a host that had no business to give them.
 * Method: traffic of plants is regular enough for a list of what is allowed to be learnt from it (Barbosa, Sadre and Pras
 * 2013, "Flow Whitelisting in SCADA Networks"); we learn who commands what instead of who talks to whom, as Goldenberg and
 * Wool 2013 do for Modbus by function. Eight protocols say in one word what a message does (`effect`).
 * False positives: an engineer's laptop, a new operator station, maintenance. Each is told once, and worth a question.
 * ATT&CK: T0855 Unauthorized Command Message, T0836 Modify Parameter, T0843 Program Download, T0858 Operating Mode.
 */
import type { Event } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Forgetful, Learning, Learnt } from './detector.ts';
import { isAbroad, isInside } from './inside.ts';
import { Look } from './look.ts';
import { Key } from './sketch/key.ts';
import { Known } from './sketch/known.ts';
import { Silence } from './sketch/silence.ts';
import { Watched } from './sketch/watched.ts';

/** Masters with their devices: plants have hundreds. */
const MAX_PAIRS = 20_000;
const DAY = 86_400;

const PROTOCOLS: Readonly<Record<string, string>> = {
  modbus: 'Modbus',
  dnp3: 'DNP3',
  iec104: 'IEC 104',
  s7comm: 'S7comm',
  's7comm-plus': 'S7comm-plus',
  enip: 'EtherNet/IP',
  bacnet: 'BACnet',
  opcua: 'OPC UA',
};
const FIELD: Readonly<Record<string, string>> = { 's7comm-plus': 's7comm_plus.effect' };
const fieldOf = (type: string): string => FIELD[type] ?? `${type}.effect`;

/** What changes a value, and what changes the device itself. Starting and stopping the transfer of IEC 104 is neither. */
const ORDINARY = new Set('write control setpoint parameter clock'.split(' '));
const GRAVE = new Set(
  'start stop restart reset mode download upload configure file file-write create delete sequence'.split(' '),
);
const NOT_GRAVE: Readonly<Record<string, ReadonlySet<string>>> = { iec104: new Set(['start', 'stop']) };

const identity = (
  id: string,
  name: string,
  severity: RuleIdentity['severity'],
  confidence: number,
): RuleIdentity => ({
  id: `behaviour.industrial-command.${id}`,
  name,
  kind: 'behaviour',
  severity,
  confidence,
  tags: ['attack.impair-process-control', 'attack.t0855', 'attack.t0836', 'attack.t0843', 'attack.t0858'],
});
const NEW_MASTER = identity('new-master', 'Industrial command from a host that never gave any', 'high', 80);
const NEW_DEVICE = identity(
  'new-device',
  'Industrial command of a known master to another device',
  'medium',
  60,
);
const FIRST_GRAVE = identity(
  'first-grave',
  'First start, stop or program change by a known master',
  'medium',
  70,
);
const OUTSIDE = identity('outside', 'Industrial command from outside', 'high', 85);

export const industrialCommand: Detector = {
  name: 'industrial-command',
  about: 'Commands to controllers from hosts that never gave them.',
  raises: [NEW_MASTER, NEW_DEVICE, FIRST_GRAVE, OUTSIDE],
  looksAt: Object.fromEntries(Object.keys(PROTOCOLS).map((type) => [type, 'whole' as const])),
  learns: 1,
  knobs: {
    learn_days: {
      default: 7,
      unit: 'days',
      about: 'Watched time before a command is new: a week holds the shifts and the weekend of a plant.',
    },
    quiet_s: {
      default: 3600,
      unit: 's',
      about: 'Commands of the same pair are not told again for this long.',
    },
  },
  start: (knobs, sink, _, before) => new IndustrialCommand(knobs, sink, before),
};

class IndustrialCommand implements Learning, Forgetful {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #watched: Watched;
  readonly #masters: Known;
  readonly #pairs: Known;
  readonly #grave: Known;
  readonly #told: Silence;
  readonly #key = new Key();
  readonly #effects = new Map(Object.keys(PROTOCOLS).map((type) => [type, new Look(fieldOf(type))]));

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink, before: Learnt = {}) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#watched = new Watched(before['seconds']);
    this.#masters = new Known(MAX_PAIRS, before['masters']);
    this.#pairs = new Known(MAX_PAIRS, before['pairs']);
    this.#grave = new Known(MAX_PAIRS, before['grave']);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_PAIRS);
  }

  learnt(): Learnt {
    const { seconds } = this.#watched;
    const [masters, pairs, grave] = [this.#masters.learnt(), this.#pairs.learnt(), this.#grave.learnt()];
    return { seconds, masters, pairs, grave };
  }

  tick(now: number): void {
    this.#watched.tick(now);
  }

  get evicted(): number {
    return this.#masters.evicted + this.#pairs.evicted + this.#grave.evicted;
  }

  relieve(): void {
    this.#masters.relieve();
    this.#pairs.relieve();
    this.#grave.relieve();
    this.#told.age();
  }

  event(event: Event): void {
    const { type, flow } = event;
    const effect = this.#effects.get(type)?.text(event);
    if (effect === undefined) return;
    const isGrave = GRAVE.has(effect) && !NOT_GRAVE[type]?.has(effect);
    if (!isGrave && !ORDINARY.has(effect)) return;
    const key = this.#key;
    if (isAbroad(flow, true) && isInside(flow, false)) {
      if (this.#told.tell(key.begin(9).source(flow).destination(flow), event.time))
        this.#raise(OUTSIDE, event, effect);
      return;
    }
    const master = this.#masters.meet(key.begin().text(type).source(flow), this.#watched);
    const pair = this.#pairs.meet(key.begin().text(type).source(flow).destination(flow), this.#watched);
    const grave = isGrave ? this.#grave.meet(key, this.#watched) : 0;
    if (this.#watched.seconds < this.#knobs['learn_days'] * DAY) return;
    const rule = master < 0 ? NEW_MASTER : pair < 0 ? NEW_DEVICE : grave < 0 ? FIRST_GRAVE : undefined;
    if (rule !== undefined && this.#told.tell(key, event.time)) this.#raise(rule, event, effect);
  }

  #raise(rule: RuleIdentity, event: Event, effect: string): void {
    const { src_ip, dest_ip } = event.flow;
    const what = PROTOCOLS[event.type];
    const { days } = this.#watched;
    const [en, ja] =
      rule === OUTSIDE
        ? [`from outside`, '外部から']
        : rule === NEW_MASTER
          ? [`as it never did to any device within ${days} days`, `${days} 日間どの機器にも送ったことのない`]
          : rule === NEW_DEVICE
            ? [
                `as it did within ${days} days to others, and never to this one`,
                `${days} 日間この機器には送ったことのない`,
              ]
            : [`the first of its kind within ${days} days`, `${days} 日間で初めての種類の`];
    this.#sink.raise(
      {
        rule,
        reason: {
          en: `${src_ip} sent a ${what} command (${effect}) to ${dest_ip}, ${en}.`,
          ja: `${src_ip} が ${dest_ip} へ、${ja} ${what} コマンド(${effect})を送信しました。`,
        },
        matched: ['src_ip', 'dest_ip', fieldOf(event.type)],
        facts: { 'yagura.baseline_days': days },
      },
      event,
    );
  }
}
