// Port scans: one source whose attempts fail at many ports of a host, or at many hosts.
/*
 * What: counts distinct failed attempts per source and host (vertical) and per source and port (horizontal). An attempt
 * failed when it was refused (RST, ICMP unreachable) or got no answer in time; what is answered is nobody's scan.
 * Why it matters: looking for open doors comes before walking in; inside a network it is a machine that spreads.
 * Method: Zeek's scan.zeek (15 ports of a host, 25 hosts of a port, failures only, 5 minutes), its 1 h of quiet from
 * bro-simple-scan; sliding windows and packet time are ours. Slow scans below these rates are not seen.
 * False positives: vulnerability scanners and inventories of the house (allow their addresses), a service that moved
 * away while many clients still ask, peer-to-peer programs with stale lists of peers.
 * ATT&CK: T1046 Network Service Discovery, T1595.001 Active Scanning: Scanning IP Blocks.
 */
import type { FlowView } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Finding, Watch } from './detector.ts';
import { aboutEnds, type Ends } from './flow-copy.ts';
import { Lru } from './sketch/lru.ts';
import { Queue } from './sketch/queue.ts';
import { Quiet } from './sketch/quiet.ts';
import { ValueWindow } from './sketch/window.ts';

/** Attempts that wait for an answer. Above this the oldest is taken as failed early. */
const MAX_WAITING = 65_536;
/** Source-host and source-port pairs with failures. */
const MAX_PAIRS = 20_000;
const MAX_TOLD = 20_000;

const TCP = 6;
const UDP = 17;
const ICMP = 1;
const ICMP6 = 58;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;
const ECHO_REQUEST = 8;
const ECHO_REQUEST6 = 128;

const identity = (id: string, name: string, severity: RuleIdentity['severity']): RuleIdentity => ({
  id: `behaviour.port-scan.${id}`,
  name,
  kind: 'behaviour',
  severity,
  confidence: 85,
  tags: ['attack.discovery', 'attack.t1046', 'attack.reconnaissance', 'attack.t1595.001'],
});
const VERTICAL = identity('vertical', 'Port scan: many ports of one host', 'medium');
const HORIZONTAL = identity('horizontal', 'Port scan: one port of many hosts', 'medium');
const SWEEP = identity('sweep', 'Address sweep: echo requests to many hosts', 'low');

interface Attempt extends Ends {
  readonly time: number;
}

interface PortState {
  readonly failed: ValueWindow;
  readonly answered: ValueWindow;
}

export const portScan: Detector = {
  name: 'port-scan',
  about: 'Many failed attempts at the ports of one host, or at one port of many hosts.',
  raises: [VERTICAL, HORIZONTAL, SWEEP],
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
      about: 'Zeek’s epoch. Longer finds slower scans and more stale clients.',
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

class PortScan implements Watch {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #window: number;
  readonly #sink: AlertSink;
  /** By flow id. */
  readonly #waiting = new Queue<number, Attempt>();
  readonly #byHost = new Lru<string, ValueWindow<number>>(MAX_PAIRS);
  readonly #byPort = new Lru<string, PortState>(MAX_PAIRS);
  readonly #told: Quiet;

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#window = knobs['window_s'] * 1e6;
    this.#sink = sink;
    this.#told = new Quiet(knobs['quiet_s'] * 1e6, MAX_TOLD);
  }

  /** Attempts that wait for an answer longest go uncounted. */
  relieve(): void {
    for (let n = this.#waiting.size >> 1; n > 0; n--) this.#waiting.shift();
    this.#byHost.age();
    this.#byPort.age();
    this.#told.age();
  }

  opened(flow: FlowView): void {
    if (!this.#isAttempt(flow)) return;
    const { id, src_ip, dest_ip, src_port, dest_port, protocol, proto, start: time } = flow;
    this.#waiting.push(id, { src_ip, dest_ip, src_port, dest_port, protocol, proto, time });
    if (this.#waiting.size > MAX_WAITING) this.#failFirst(time);
  }

  answered(flow: FlowView): void {
    const attempt = this.#waiting.take(flow.id);
    if (!attempt) return;
    const { src_ip, dest_ip, protocol, dest_port } = attempt;
    // Kept only beside failures: who never fails costs nothing.
    this.#byPort.peek(`${src_ip} ${protocol}/${dest_port}`)?.answered.add(dest_ip, flow.last, this.#window);
  }

  refused(flow: FlowView): void {
    const attempt = this.#waiting.take(flow.id);
    if (!attempt) return;
    this.#failed(attempt, flow.last);
  }

  tick(now: number): void {
    const late = now - this.#knobs['answer_s'] * 1e6;
    // Ends: each turn takes one away.
    for (
      let first = this.#waiting.first;
      first !== undefined && first.time <= late;
      first = this.#waiting.first
    )
      this.#failFirst(now);
  }

  #isAttempt(flow: FlowView): boolean {
    const { protocol, dest_port: port } = flow;
    // Without SYN it may be a connection older than the capture; without any of ACK and RST it can only be a probe.
    if (protocol === TCP)
      return (flow.tcp_flags_ts & SYN) !== 0
        ? !(flow.tcp_flags_ts & ACK)
        : !(flow.tcp_flags_ts & (ACK | RST));
    if (protocol === ICMP) return flow.icmp_type === ECHO_REQUEST;
    if (protocol === ICMP6) return flow.icmp_type === ECHO_REQUEST6;
    if (protocol !== UDP) return false;
    // An answer that came after its flow was forgotten looks like a probe from a service's port.
    if (flow.src_port < 1024 && port >= 1024) return false;
    const traceroute = this.#knobs['traceroute_port'];
    return !(port >= traceroute && port < traceroute + 100) && !isMany(flow.dest_ip);
  }

  #failFirst(now: number): void {
    const first = this.#waiting.shift();
    if (first !== undefined) this.#failed(first, now);
  }

  #failed(attempt: Attempt, now: number): void {
    const { src_ip, dest_ip, dest_port, protocol } = attempt;
    const { ports, hosts } = this.#knobs;
    const isEcho = protocol === ICMP || protocol === ICMP6;
    if (!isEcho) {
      const window = this.#byHost.touch(`${src_ip} ${dest_ip}`, () => new ValueWindow(ports));
      const count = window.add(protocol * 65_536 + dest_port, now, this.#window);
      if (count >= ports && this.#told.tell(`v ${src_ip} ${dest_ip}`, now) >= 0) {
        const reason = {
          en: `${src_ip} failed at ${count} or more ports of ${dest_ip} within ${this.#knobs['window_s']} s.`,
          ja: `${src_ip} が ${this.#knobs['window_s']} 秒以内に ${dest_ip} の ${count} 以上のポートで接続に失敗しました。`,
        };
        this.#raise(VERTICAL, reason, { 'yagura.ports': count }, attempt, now);
      }
    }
    const port = this.#byPort.touch(`${src_ip} ${protocol}/${dest_port}`, () => ({
      failed: new ValueWindow(hosts),
      answered: new ValueWindow(hosts),
    }));
    const count = port.failed.add(dest_ip, now, this.#window);
    // A resolver or a crawler fails often and succeeds more often.
    if (count < hosts || port.answered.count(now, this.#window) >= count) return;
    if (this.#told.tell(`h ${src_ip} ${protocol}/${dest_port}`, now) < 0) return;
    const what = isEcho ? ['echo requests', 'エコー要求'] : [`port ${dest_port}`, `ポート ${dest_port} `];
    const reason = {
      en: `${src_ip} failed with ${what[0]} at ${count} or more hosts within ${this.#knobs['window_s']} s.`,
      ja: `${src_ip} が ${this.#knobs['window_s']} 秒以内に ${count} 以上のホストの${what[1]}で失敗しました。`,
    };
    this.#raise(isEcho ? SWEEP : HORIZONTAL, reason, { 'yagura.hosts': count }, attempt, now);
  }

  #raise(
    rule: RuleIdentity,
    reason: Finding['reason'],
    facts: Finding['facts'],
    attempt: Attempt,
    now: number,
  ): void {
    const matched =
      rule === SWEEP ? ['src_ip'] : rule === VERTICAL ? ['src_ip', 'dest_ip'] : ['src_ip', 'dest_port'];
    this.#sink.raise({ rule, reason, matched, facts }, aboutEnds(attempt, attempt.time, now));
  }
}

/** Multicast and broadcast: many hear it, none must answer. */
const isMany = (address: string): boolean =>
  /^(22[4-9]|23\d)\./.test(address) || address.endsWith('.255') || address.startsWith('ff');
