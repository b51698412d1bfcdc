// Lateral movement: an inside host enters others by ways of administration that it never took, or runs something there.
/*
 * What: after a learning time, first connections of an inside host to another by SMB, RDP, WinRM, SSH, DCE/RPC or VNC:
 * one to a host that serves hardly anybody, or several within an hour. And at any time: who uses an administrative share
 * of a host and soon after starts a service, a task or a command there, as PsExec and its likes do.
 * Why it matters: the first host that falls is seldom the aim. On the way from it to the aim the attacker is still early.
 * Method: new edges that come together at one source are the signal of Neil et al. 2013 ("Scan Statistics for the Online
 * Detection of Locally Anomalous Subgraphs", stars); that an edge to a host which others do not administrate weighs more
 * is of Siadati and Memon 2017 ("Detecting Structurally Anomalous Logins"). Share and operation: MITRE CAR-2013-05-005,
 * CAR-2014-03-005. What SMB 3 encrypts is not seen; the edge is.
 * False positives: a new administrator or a new deployment server (told once, then known); scanners of the house.
 * ATT&CK: T1021.001/.002/.003/.004/.006 Remote Services, T1570 Lateral Tool Transfer, T1569.002 Service Execution.
 */
import type { Event, FlowView } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Finding, Forgetful, Learning, Learnt } from './detector.ts';
import { isInside } from './inside.ts';
import { Look } from './look.ts';
import { Distinct } from './sketch/distinct.ts';
import { Key } from './sketch/key.ts';
import { Known } from './sketch/known.ts';
import { age, moment } from './sketch/moment.ts';
import { Silence } from './sketch/silence.ts';
import { type Column, Slots } from './sketch/slots.ts';
import { Watched } from './sketch/watched.ts';

/** Client, server and service: 18 bytes each with their keys. */
const MAX_EDGES = 200_000;
const MAX_SERVERS = 20_000;
const MAX_PAIRS = 10_000;
const MAX_SOURCES = 5_000;
/** ms after a new edge in which others are counted with it. */
const TOGETHER = 3_600_000;
/** ms between a share and an operation that belong together. */
const SOON = 600_000;
const DAY = 86_400;

const SERVICES: Readonly<Record<number, string>> = {
  22: 'SSH',
  135: 'DCE/RPC',
  139: 'SMB',
  445: 'SMB',
  3389: 'RDP',
  5900: 'VNC',
  5985: 'WinRM',
  5986: 'WinRM',
};
const SHARE = /^(?:ADMIN|[A-Z])\$$/;
/** Operations that make a host run something (MS-SCMR, MS-TSCH, MS-WMI): what people call it. */
const OPERATIONS: ReadonlyMap<string, readonly [en: string, ja: string]> = new Map(
  (
    [
      [['a service', 'サービス'], 'CreateServiceW CreateServiceA CreateServiceWOW64W CreateServiceWOW64A'],
      [['a service', 'サービス'], 'StartServiceW StartServiceA ChangeServiceConfigW ChangeServiceConfigA'],
      [['a task', 'タスク'], 'SchRpcRegisterTask SchRpcRun NetrJobAdd'],
      [['a command by WMI', 'WMIコマンド'], 'ExecMethod ExecMethodAsync'],
    ] as const
  ).flatMap(([what, names]) => names.split(' ').map((name) => [name, what] as const)),
);

const identity = (
  id: string,
  name: string,
  severity: RuleIdentity['severity'],
  confidence: number,
  ...tags: string[]
): RuleIdentity => ({
  id: `behaviour.lateral-movement.${id}`,
  name,
  kind: 'behaviour',
  severity,
  confidence,
  tags: ['attack.lateral-movement', 'attack.t1021', ...tags],
});
const EXECUTION = identity(
  'execution',
  'Lateral movement: administrative share, then something started there',
  'medium',
  75,
  ...[
    'attack.t1021.002',
    'attack.t1570',
    'attack.execution',
    'attack.t1569.002',
    'attack.t1047',
    'attack.t1053.005',
  ],
);
const SPREAD = identity(
  'spread',
  'Lateral movement: new administrative connections to many hosts',
  'high',
  75,
);
const EDGE = identity('edge', 'Lateral movement: first administrative connection to a host', 'low', 40);

export const lateralMovement: Detector = {
  name: 'lateral-movement',
  about: 'First administrative connections between inside hosts, and programs started over shares.',
  raises: [EXECUTION, SPREAD, EDGE],
  looksAt: { smb: 'whole', dcerpc: 'whole' },
  learns: 1,
  knobs: {
    learn_days: {
      default: 7,
      unit: 'days',
      about: 'Watched time before an edge is new: a week holds what is done once a week.',
    },
    hosts: {
      default: 4,
      unit: 'hosts',
      about: 'New edges of one source within an hour. One or two are a help desk at work.',
    },
    clients: {
      default: 3,
      unit: 'hosts',
      about: 'A host that served so many by this service is a server: a first connection to it is ordinary.',
    },
    quiet_s: { default: 86_400, unit: 's', about: 'The same finding is not told again for a day.' },
  },
  start: (knobs, sink, _, before) => new LateralMovement(knobs, sink, before),
};

class LateralMovement implements Learning, Forgetful {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #watched: Watched;
  readonly #edges: Known;
  /** Servers by service, with the number of their clients. */
  readonly #servers: Known;
  /** Pairs that started something over a share before. */
  readonly #administrators: Known;
  readonly #sources = new Slots(MAX_SOURCES);
  readonly #targets: Distinct;
  readonly #pairs = new Slots(MAX_PAIRS);
  /** When a pair used an administrative share; 0 is never. */
  readonly #shared: Column<Uint32Array> = this.#pairs.words();
  readonly #told: Silence;
  readonly #key = new Key();
  readonly #command = new Look('smb.command');
  readonly #share = new Look('smb.well_known_share');
  readonly #overSmb = new Look('smb.dcerpc.interfaces[].procedure');
  readonly #alone = new Look('dcerpc.interfaces[].procedure');

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink, before: Learnt = {}) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#watched = new Watched(before['seconds']);
    this.#edges = new Known(MAX_EDGES, before['edges']);
    this.#servers = new Known(MAX_SERVERS, before['servers']);
    this.#administrators = new Known(MAX_PAIRS, before['administrators']);
    this.#targets = new Distinct(this.#sources, knobs['hosts']);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_PAIRS);
  }

  learnt(): Learnt {
    return {
      seconds: this.#watched.seconds,
      edges: this.#edges.learnt(),
      servers: this.#servers.learnt(),
      administrators: this.#administrators.learnt(),
    };
  }

  tick(now: number): void {
    this.#watched.tick(now);
  }

  get evicted(): number {
    return this.#edges.evicted + this.#servers.evicted + this.#sources.evicted + this.#pairs.evicted;
  }

  relieve(): void {
    this.#edges.relieve();
    this.#servers.relieve();
    this.#administrators.relieve();
    this.#sources.age();
    this.#pairs.age();
    this.#told.age();
  }

  answered(flow: FlowView): void {
    const { dest_port: port } = flow;
    const service = SERVICES[port];
    if (service === undefined || !isInside(flow, true) || !isInside(flow, false)) return;
    const key = this.#key.begin(service.length).source(flow).destination(flow).word(port);
    if (this.#edges.meet(key, this.#watched) >= 0) return;
    key.begin(service.length).destination(flow).word(port);
    this.#servers.meet(key, this.#watched);
    const clients = this.#servers.count;
    this.#servers.add();
    if (this.#watched.seconds < this.#knobs['learn_days'] * DAY) return;
    this.#newEdge(flow, service, clients);
  }

  #newEdge(flow: FlowView, service: string, clients: number): void {
    const { hosts, clients: enough } = this.#knobs;
    const now = flow.last;
    const target = this.#key.begin().destination(flow).short;
    const source = this.#sources.claim(this.#key.begin().source(flow));
    const count = clients >= enough ? 0 : this.#targets.add(source, target, moment(now), TOGETHER);
    const facts = { 'yagura.baseline_days': this.#watched.days };
    const matched = ['src_ip', 'dest_ip', 'dest_port'];
    const { src_ip, dest_ip } = flow;
    if (count >= hosts) {
      if (!this.#told.tell(this.#key.begin(1).source(flow), now)) return;
      const reason = {
        en: `${src_ip} reached ${count} or more inside hosts by ${service} or its likes within an hour that it had never reached before.`,
        ja: `${src_ip} が1時間以内に、これまで接続したことのない ${count} 台以上の内部ホストへ ${service} などの管理用プロトコルで接続しました。`,
      };
      this.#sink.raise({ rule: SPREAD, reason, matched, facts: { 'yagura.hosts': count, ...facts } }, flow);
    } else if (count > 0 && this.#told.tell(this.#key.begin(2).source(flow).destination(flow), now)) {
      const reason = {
        en: `${src_ip} connected to ${dest_ip} by ${service} for the first time; hardly anybody does.`,
        ja: `${src_ip} が初めて ${service} で ${dest_ip} に接続しました。この接続先を利用するホストはほとんどありません。`,
      };
      this.#sink.raise({ rule: EDGE, reason, matched, facts }, flow);
    }
  }

  event(event: Event): void {
    const { type, flow } = event;
    if (type === 'smb') {
      const share = this.#share.text(event);
      if (share !== undefined && SHARE.test(share) && isInside(flow, true) && isInside(flow, false))
        this.#uses(event);
    }
    const procedure = type === 'smb' ? this.#overSmb.text(event) : this.#alone.text(event);
    const what = procedure === undefined ? undefined : OPERATIONS.get(procedure);
    if (what !== undefined && isInside(flow, true) && isInside(flow, false)) this.#starts(event, what);
  }

  #uses(event: Event): void {
    if (!this.#command.text(event)?.includes('TREE_CONNECT')) return;
    const slot = this.#pairs.claim(this.#key.begin().source(event.flow).destination(event.flow));
    this.#shared.cells[slot] = moment(event.time) || 1;
  }

  /** Something is started; told when a share came before, unless this pair has done so since long. */
  #starts(event: Event, [en, ja]: readonly [string, string]): void {
    const { flow, time } = event;
    const key = this.#key.begin().source(flow).destination(flow);
    const slot = this.#pairs.find(key);
    const shared = slot < 0 ? 0 : this.#shared.cells[slot];
    if (shared === 0 || age(shared, moment(time)) > SOON) return;
    const since = this.#administrators.meet(key, this.#watched);
    if (since >= this.#knobs['learn_days'] * DAY || !this.#told.tell(key, time)) return;
    const finding: Finding = {
      rule: EXECUTION,
      reason: {
        en: `${flow.src_ip} opened an administrative share of ${flow.dest_ip} and then had it start ${en}.`,
        ja: `${flow.src_ip} が ${flow.dest_ip} の管理共有を開いた後、そこで${ja}を起動させました。`,
      },
      matched: [
        'src_ip',
        'dest_ip',
        event.type === 'smb' ? 'smb.dcerpc.interfaces.procedure' : 'dcerpc.interfaces.procedure',
      ],
      facts: { 'yagura.seconds': Math.round(age(shared, moment(time)) / 1000) },
    };
    this.#sink.raise(finding, event);
  }
}
