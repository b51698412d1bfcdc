// Port scans: one source whose attempts fail at many ports of a host, or at many hosts; fast, slowly, or by many hands.
/*
 * What: counts distinct failed attempts per source and host (vertical), per source and port (horizontal), per source over
 * a day (slow) and per host from many sources (distributed). An attempt failed when it was refused (RST, ICMP
 * unreachable) or got no answer in time; what is answered is nobody's scan. Probes whose flags begin no connection (FIN,
 * NULL, Xmas) need far fewer.
 * Why it matters: looking for open doors comes before walking in; inside a network it is a machine that spreads.
 * Method: Zeek's scan.zeek (15 ports of a host, 25 hosts of a port, failures only, 5 minutes), its 1 h of quiet from
 * bro-simple-scan; Threshold Random Walk (Jung et al. 2004) over a day for slow ones, see scan/slow-walk.ts. Distributed
 * scans as Zeek counts vertical ones, with linear counting over all sources. One port of many hosts from many sources is
 * the internet's ordinary noise, and is not told.
 * False positives: vulnerability scanners and inventories of the house (allow their addresses), a service that moved
 * away while many clients still ask, peer-to-peer programs with stale lists of peers.
 * ATT&CK: T1046 Network Service Discovery, T1595.001 Active Scanning: Scanning IP Blocks.
 */
import { ACK, RST, SYN } from '../layers/tcp.ts';
import type { FlowView } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Finding, Watch } from './detector.ts';
import { aboutEnds } from './flow-copy.ts';
import { isPrivate } from './inside.ts';
import { type Attempt, Attempts } from './scan/attempts.ts';
import { SlowWalk, targetOf } from './scan/slow-walk.ts';
import { isForMany } from './sketch/addresses.ts';
import { Distinct } from './sketch/distinct.ts';
import { Key } from './sketch/key.ts';
import { moment } from './sketch/moment.ts';
import { Silence } from './sketch/silence.ts';
import { Slots } from './sketch/slots.ts';
import { Tally } from './sketch/tally.ts';

/** Source-host and source-port pairs with failures: 130 and 290 bytes each. */
const MAX_PAIRS = 20_000;
/** Hosts that attempts failed at. */
const MAX_HOSTS = 8_192;
const MAX_TOLD = 20_000;
const BITS = 256;
const HOUR = 3600e6;

const TCP = 6;
const UDP = 17;

const identity = (
  id: string,
  name: string,
  severity: RuleIdentity['severity'],
  confidence = 85,
): RuleIdentity => ({
  id: `behaviour.port-scan.${id}`,
  name,
  kind: 'behaviour',
  severity,
  confidence,
  tags: ['attack.discovery', 'attack.t1046', 'attack.reconnaissance', 'attack.t1595.001'],
});
const VERTICAL = identity('vertical', 'Port scan: many ports of one host', 'medium');
const HORIZONTAL = identity('horizontal', 'Port scan: one port of many hosts', 'medium');
const PROBE = identity('probe', 'Port scan: probes whose flags begin no connection', 'medium', 90);
const SLOW = identity('slow', 'Slow port scan from inside', 'medium', 75);
const SLOW_OUTSIDE = identity('slow-outside', 'Slow port scan from outside', 'low', 75);
const DISTRIBUTED = identity('distributed', 'Port scan of one host by many sources', 'low', 60);

export const portScan: Detector = {
  name: 'port-scan',
  about: 'Many failed attempts at the ports of one host, or at one port of many hosts.',
  raises: [VERTICAL, HORIZONTAL, PROBE, SLOW, SLOW_OUTSIDE, DISTRIBUTED],
  looksAt: {},
  knobs: {
    ports: {
      default: 15,
      unit: 'distinct ports',
      about: 'Failed ports of one host within the window; Zeek’s number.',
    },
    hosts: {
      default: 25,
      unit: 'distinct hosts',
      about: 'Hosts where the same port failed within the window; Zeek’s number.',
    },
    window_s: {
      default: 300,
      unit: 's',
      about: 'Zeek’s epoch. What is slower is left to the slow targets.',
    },
    probes: {
      default: 3,
      unit: 'distinct ports',
      about: 'Probes without SYN, ACK and RST: no program sends one by itself, a broken one may send one.',
    },
    slow_targets: {
      default: 40,
      unit: 'distinct targets',
      about:
        'Hosts and ports that one source failed at, four times as many as answered: a stale list is shorter.',
    },
    slow_hours: {
      default: 24,
      unit: 'h',
      about: 'So long they are remembered: a scan of one port a quarter hour.',
    },
    many_ports: {
      default: 60,
      unit: 'distinct ports',
      about: 'TCP ports of one host that failed for many sources within the window.',
    },
    many_sources: {
      default: 20,
      unit: 'distinct sources',
      about: 'From so many on it is many hands’ work; each of them stays below the limit for one.',
    },
    answer_s: {
      default: 3,
      unit: 's',
      about:
        'An attempt without an answer for this long failed: above a satellite link’s round trip and one SYN sent again.',
    },
    quiet_s: {
      default: 3600,
      unit: 's',
      about: 'The same scan is not told again for this long; bro-simple-scan’s number.',
    },
    traceroute_port: {
      default: 33_434,
      unit: 'UDP port',
      about: 'From here on 100 ports are what traceroute counts through at one host: not counted.',
    },
  },
  start(knobs, sink): Watch {
    return new PortScan(knobs, sink);
  },
};

/** Kinds of keys that are told. */
const TOLD = { vertical: 1, horizontal: 2, probe: 3, slow: 4, distributed: 5 } as const;

class PortScan implements Watch {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #window: number;
  readonly #sink: AlertSink;
  readonly #waiting = new Attempts();
  readonly #byHost = new Slots(MAX_PAIRS);
  readonly #ports: Distinct;
  readonly #byPort = new Slots(MAX_PAIRS);
  readonly #hosts: Distinct;
  readonly #answered: Tally;
  readonly #byProbe = new Slots(MAX_HOSTS);
  readonly #probed: Distinct;
  readonly #byTarget = new Slots(MAX_HOSTS);
  readonly #targetPorts: Tally;
  readonly #targetSources: Tally;
  readonly #slow: SlowWalk;
  readonly #told: Silence;
  readonly #toldSlowly: Silence;
  readonly #key = new Key();
  readonly #short = new Key();

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#window = knobs['window_s'] * 1000;
    this.#sink = sink;
    this.#ports = new Distinct(this.#byHost, knobs['ports']);
    this.#hosts = new Distinct(this.#byPort, knobs['hosts']);
    this.#answered = new Tally(this.#byPort, BITS, 2 * this.#window);
    this.#probed = new Distinct(this.#byProbe, knobs['probes']);
    this.#targetPorts = new Tally(this.#byTarget, BITS, this.#window);
    this.#targetSources = new Tally(this.#byTarget, BITS, this.#window);
    this.#slow = new SlowWalk(knobs['slow_hours'] * HOUR);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_TOLD);
    this.#toldSlowly = new Silence(knobs['slow_hours'] * HOUR, MAX_TOLD);
  }

  /** Attempts that wait for an answer longest go uncounted. */
  relieve(): void {
    this.#waiting.age();
    for (const slots of [this.#byHost, this.#byPort, this.#byProbe, this.#byTarget]) slots.age();
    this.#slow.age();
    this.#told.age();
    this.#toldSlowly.age();
  }

  get evicted(): number {
    const { evicted } = this.#slow;
    return (
      evicted + this.#byHost.evicted + this.#byPort.evicted + this.#byProbe.evicted + this.#byTarget.evicted
    );
  }

  opened(flow: FlowView): void {
    if (!this.#isAttempt(flow)) return;
    if (flow.protocol === TCP && (flow.tcp_flags_ts & SYN) === 0) this.#probe(flow);
    if (this.#waiting.push(flow)) this.#failed(this.#waiting.at, flow.start);
  }

  answered(flow: FlowView): void {
    if (!this.#waiting.take(flow.id)) return;
    const { at } = this.#waiting;
    // Kept only beside failures: who never fails costs nothing.
    this.#slow.answered(at.source(this.#key.begin()), targetOf(at, this.#short), flow.last);
    const slot = this.#byPort.find(this.#portKey(at));
    if (slot >= 0) this.#answered.add(slot, at.destination(this.#short.begin()).short, moment(flow.last));
  }

  refused(flow: FlowView): void {
    if (this.#waiting.take(flow.id)) this.#failed(this.#waiting.at, flow.last);
  }

  tick(now: number): void {
    const patience = this.#knobs['answer_s'] * 1e6;
    // Ends: each turn takes one away.
    while (this.#waiting.takeLate(now, patience)) this.#failed(this.#waiting.at, now);
  }

  #isAttempt(flow: FlowView): boolean {
    const { protocol } = flow;
    // Without SYN it may be a connection older than the capture; without any of ACK and RST it can only be a probe.
    if (protocol === TCP)
      return (flow.tcp_flags_ts & SYN) !== 0
        ? !(flow.tcp_flags_ts & ACK)
        : !(flow.tcp_flags_ts & (ACK | RST));
    if (protocol !== UDP) return false;
    const port = flow.dest_port;
    // An answer that came after its flow was forgotten looks like a probe from a service's port.
    if (flow.src_port < 1024 && port >= 1024) return false;
    const traceroute = this.#knobs['traceroute_port'];
    return !(port >= traceroute && port < traceroute + 100) && !isForMany(flow);
  }

  #portKey(attempt: Attempt): Key {
    return attempt.source(this.#key.begin()).word((attempt.protocol << 16) | attempt.destPort);
  }

  #failed(attempt: Attempt, now: number): void {
    const at = moment(now);
    this.#vertical(attempt, now, at);
    this.#horizontal(attempt, now, at);
    if (attempt.protocol === TCP) this.#distributed(attempt, now, at);
    this.#slowly(attempt, now);
  }

  #vertical(attempt: Attempt, now: number, at: number): void {
    const slot = this.#byHost.claim(attempt.destination(attempt.source(this.#key.begin())));
    const count = this.#ports.add(slot, (attempt.protocol << 16) | attempt.destPort, at, this.#window);
    if (count < this.#knobs['ports'] || !this.#tell(TOLD.vertical, this.#key, now)) return;
    const [from, to] = [attempt.srcIp, attempt.destIp];
    const reason = {
      en: `${from} failed at ${count} or more ports of ${to} within ${this.#knobs['window_s']} s.`,
      ja: `${from} が ${this.#knobs['window_s']} 秒以内に ${to} の ${count} 以上のポートで接続に失敗しました。`,
    };
    this.#raise(VERTICAL, reason, ['src_ip', 'dest_ip'], { 'yagura.ports': count }, attempt, now);
  }

  #horizontal(attempt: Attempt, now: number, at: number): void {
    const slot = this.#byPort.claim(this.#portKey(attempt));
    const host = attempt.destination(this.#short.begin()).short;
    const count = this.#hosts.add(slot, host, at, this.#window);
    // A resolver or a crawler fails often and succeeds more often.
    if (count < this.#knobs['hosts'] || this.#answered.count(slot, at) >= count) return;
    if (!this.#tell(TOLD.horizontal, this.#key, now)) return;
    const { srcIp: from, destPort: port } = attempt;
    const reason = {
      en: `${from} failed with port ${port} at ${count} or more hosts within ${this.#knobs['window_s']} s.`,
      ja: `${from} が ${this.#knobs['window_s']} 秒以内に ${count} 以上のホストのポート ${port} で失敗しました。`,
    };
    this.#raise(HORIZONTAL, reason, ['src_ip', 'dest_port'], { 'yagura.hosts': count }, attempt, now);
  }

  /** Whatever comes of it: nothing honest begins so. */
  #probe(flow: FlowView): void {
    const slot = this.#byProbe.claim(this.#key.begin().source(flow).destination(flow));
    const count = this.#probed.add(slot, flow.dest_port, moment(flow.start), this.#window);
    if (count < this.#knobs['probes'] || !this.#tell(TOLD.probe, this.#key, flow.start)) return;
    const reason = {
      en: `${flow.src_ip} probed ${count} or more ports of ${flow.dest_ip} with TCP flags that begin no connection.`,
      ja: `${flow.src_ip} が接続開始ではあり得ないTCPフラグで ${flow.dest_ip} の ${count} 以上のポートを探りました。`,
    };
    const matched = ['src_ip', 'dest_ip'];
    this.#sink.raise({ rule: PROBE, reason, matched, facts: { 'yagura.ports': count } }, flow);
  }

  #distributed(attempt: Attempt, now: number, at: number): void {
    const slot = this.#byTarget.claim(attempt.destination(this.#key.begin()));
    this.#targetSources.add(slot, attempt.source(this.#short.begin()).short, at);
    if (!this.#targetPorts.add(slot, this.#short.begin().word(attempt.destPort).short, at)) return;
    const ports = this.#targetPorts.count(slot, at);
    if (ports < this.#knobs['many_ports']) return;
    const sources = this.#targetSources.count(slot, at);
    if (sources < this.#knobs['many_sources'] || ports > sources * this.#knobs['ports']) return;
    if (!this.#tell(TOLD.distributed, this.#key, now)) return;
    const { destIp: to } = attempt;
    const reason = {
      en: `About ${sources} sources failed at some ${ports} ports of ${to} within ${this.#knobs['window_s']} s.`,
      ja: `約 ${sources} の送信元が ${this.#knobs['window_s']} 秒以内に ${to} の約 ${ports} のポートで接続に失敗しました。`,
    };
    const facts = { 'yagura.ports': ports, 'yagura.sources': sources };
    this.#raise(DISTRIBUTED, reason, ['dest_ip'], facts, attempt, now);
  }

  #slowly(attempt: Attempt, now: number): void {
    const target = targetOf(attempt, this.#short);
    const targets = this.#slow.failed(attempt.source(this.#key.begin()), target, now);
    // What is fast has its own words.
    if (targets < this.#knobs['slow_targets'] || this.#slow.since < 2e3 * this.#window) return;
    if (!this.#tellSlowly(attempt, now)) return;
    const from = attempt.srcIp;
    const minutes = Math.round(this.#slow.since / 60e6);
    const reason = {
      en: `${from} failed at about ${targets} different hosts and ports in ${minutes} minutes; hardly any answered.`,
      ja: `${from} が ${minutes} 分間に約 ${targets} の異なる宛先で接続に失敗し、応答はほとんどありませんでした。`,
    };
    const facts = { 'yagura.targets': targets, 'yagura.minutes': minutes };
    this.#raise(isPrivate(from) ? SLOW : SLOW_OUTSIDE, reason, ['src_ip'], facts, attempt, now);
  }

  #tell(kind: number, { high, low }: Key, now: number): boolean {
    return this.#told.tell(this.#short.begin(kind).word(high).word(low), now);
  }

  #tellSlowly(attempt: Attempt, now: number): boolean {
    return this.#toldSlowly.tell(attempt.source(this.#short.begin(TOLD.slow)), now);
  }

  #raise(
    rule: RuleIdentity,
    reason: Finding['reason'],
    matched: readonly string[],
    facts: Finding['facts'],
    attempt: Attempt,
    now: number,
  ): void {
    // Who was told for a fast scan is no news as a slow one.
    if (rule !== SLOW && rule !== SLOW_OUTSIDE) this.#tellSlowly(attempt, now);
    this.#sink.raise({ rule, reason, matched, facts }, aboutEnds(attempt.ends(), attempt.time, now));
  }
}
