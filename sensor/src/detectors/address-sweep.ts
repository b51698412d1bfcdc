// Address sweeps: one source asks many addresses whether somebody is there, by ICMP or by ARP.
/*
 * What: distinct addresses that one source sent ICMP requests to (echo, timestamp, address mask) or asked for by ARP,
 * within seconds; and hosts that left its echo requests unanswered, within minutes.
 * Why it matters: who does not know a network first finds out who is in it; who lives in it knows the few it needs.
 * Method: counts as Zeek's scan.zeek does for ports (25 hosts, 5 minutes, unanswered); the fast level as Slips counts ARP
 * scans (10 addresses in 2 s) with room for a monitor that starts, since answers tell nothing here.
 * False positives: monitoring that pings all at once, a router that is scanned itself and asks for each address by ARP, a
 * host that comes back to its network. Therefore low: what comes next (a port scan) is told louder.
 * ATT&CK: T1018 Remote System Discovery, T1595.001 Active Scanning: Scanning IP Blocks.
 */
import { ICMP, ICMPV6 } from '../layers/packet.ts';
import type { Event, FlowView } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Watch } from './detector.ts';
import { aboutEnds } from './flow-copy.ts';
import { Look } from './look.ts';
import { Attempts } from './scan/attempts.ts';
import { Distinct } from './sketch/distinct.ts';
import { Key } from './sketch/key.ts';
import { moment } from './sketch/moment.ts';
import { Silence } from './sketch/silence.ts';
import { Slots } from './sketch/slots.ts';

/** Sources that sent a request: some 550 bytes each. */
const MAX_SOURCES = 8_192;
/** Echo, timestamp, information, address mask; echo of version 6. */
const REQUESTS = new Set([8, 13, 15, 17]);
const ECHO_REQUEST6 = 128;
/** Tells what was told of ARP from what was told of ICMP. */
const BY_ARP_TOLD = 1;

const identity = (id: string, name: string): RuleIdentity => ({
  id: `behaviour.address-sweep.${id}`,
  name,
  kind: 'behaviour',
  severity: 'low',
  confidence: 70,
  tags: ['attack.discovery', 'attack.t1018', 'attack.reconnaissance', 'attack.t1595.001'],
});
const BY_ICMP = identity('icmp', 'Address sweep: ICMP requests to many hosts');
const BY_ARP = identity('arp', 'Address sweep: many addresses asked for by ARP');

export const addressSweep: Detector = {
  name: 'address-sweep',
  about: 'One source asks many addresses whether somebody is there.',
  raises: [BY_ICMP, BY_ARP],
  looksAt: { arp: 'whole' },
  knobs: {
    fast_hosts: {
      default: 12,
      unit: 'distinct addresses',
      about: 'ICMP requests within the fast window, answered or not: above what a host pings at once.',
    },
    fast_s: { default: 10, unit: 's', about: 'Tools ask a whole subnet in a few seconds.' },
    silent_hosts: {
      default: 25,
      unit: 'distinct addresses',
      about: 'ICMP requests without an answer within the slow window; Zeek’s number.',
    },
    silent_s: { default: 300, unit: 's', about: 'Zeek’s epoch; what is slower is a person at work.' },
    asked: {
      default: 40,
      unit: 'distinct addresses',
      about: 'Asked for by ARP within the fast window: above a server whose clients all come back at once.',
    },
    answer_s: { default: 3, unit: 's', about: 'A request without an answer for this long has none.' },
    quiet_s: { default: 3600, unit: 's', about: 'The same sweep is not told again for this long.' },
  },
  start(knobs, sink): Watch {
    return new AddressSweep(knobs, sink);
  },
};

class AddressSweep implements Watch {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #waiting = new Attempts();
  readonly #sources = new Slots(MAX_SOURCES);
  readonly #asked: Distinct;
  readonly #silent: Distinct;
  readonly #arping = new Slots(MAX_SOURCES);
  readonly #wanted: Distinct;
  readonly #told: Silence;
  readonly #key = new Key();
  readonly #short = new Key();
  readonly #opcode = new Look('arp.opcode');
  readonly #sender = new Look('arp.src_ip');
  readonly #target = new Look('arp.dest_ip');

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#asked = new Distinct(this.#sources, knobs['fast_hosts']);
    this.#silent = new Distinct(this.#sources, knobs['silent_hosts']);
    this.#wanted = new Distinct(this.#arping, knobs['asked']);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_SOURCES);
  }

  relieve(): void {
    this.#waiting.age();
    this.#sources.age();
    this.#arping.age();
    this.#told.age();
  }

  get evicted(): number {
    return this.#sources.evicted + this.#arping.evicted;
  }

  opened(flow: FlowView): void {
    const { protocol, icmp_type: type = -1 } = flow;
    if (protocol !== ICMP && protocol !== ICMPV6) return;
    if (!(protocol === ICMP ? REQUESTS.has(type) : type === ECHO_REQUEST6)) return;
    if (this.#waiting.push(flow)) this.#unanswered(flow.start);
    const { fast_hosts: hosts, fast_s: seconds } = this.#knobs;
    const slot = this.#sources.claim(this.#key.begin().source(flow));
    const host = this.#short.begin().destination(flow).short;
    const count = this.#asked.add(slot, host, moment(flow.start), seconds * 1000);
    if (count >= hosts) this.#swept(flow.src_ip, count, seconds, 'asked', flow, flow.start);
  }

  answered(flow: FlowView): void {
    this.#waiting.take(flow.id);
  }

  tick(now: number): void {
    const patience = this.#knobs['answer_s'] * 1e6;
    // Ends: each turn takes one away.
    while (this.#waiting.takeLate(now, patience)) this.#unanswered(now);
  }

  event(event: Event): void {
    if (event.type !== 'arp' || this.#opcode.text(event) !== 'request') return;
    const from = this.#sender.text(event);
    const target = this.#target.text(event);
    // Who asks for its own address only says that it is there; who has none yet asks whether it is free.
    if (from === undefined || target === undefined || from === target || from === '0.0.0.0') return;
    const { asked, fast_s: seconds } = this.#knobs;
    const slot = this.#arping.claim(this.#key.begin().text(from));
    const value = this.#short.begin().text(target).short;
    const count = this.#wanted.add(slot, value, moment(event.time), seconds * 1000);
    if (count < asked || !this.#told.tell(this.#key.word(BY_ARP_TOLD), event.time)) return;
    this.#sink.raise(
      {
        rule: BY_ARP,
        reason: {
          en: `${from} asked for ${count} or more addresses by ARP within ${seconds} s.`,
          ja: `${from} が ${seconds} 秒以内に ${count} 以上のアドレスをARPで問い合わせました。`,
        },
        matched: ['arp.src_ip', 'arp.dest_ip'],
        facts: { 'yagura.hosts': count, 'yagura.seconds': seconds },
      },
      event,
    );
  }

  /** The attempt that was taken out last had no answer. */
  #unanswered(now: number): void {
    const { at } = this.#waiting;
    const { silent_hosts: hosts, silent_s: seconds } = this.#knobs;
    const slot = this.#sources.claim(at.source(this.#key.begin()));
    const host = at.destination(this.#short.begin()).short;
    const count = this.#silent.add(slot, host, moment(now), seconds * 1000);
    if (count >= hosts)
      this.#swept(at.srcIp, count, seconds, 'silent', aboutEnds(at.ends(), at.time, now), now);
  }

  #swept(
    from: string,
    count: number,
    seconds: number,
    how: 'asked' | 'silent',
    about: Event | FlowView,
    now: number,
  ): void {
    if (!this.#told.tell(this.#key, now)) return;
    const [en, ja] =
      how === 'asked'
        ? ['sent ICMP requests to', 'にICMP要求を送りました']
        : ['got no answer to ICMP requests from', 'へのICMP要求に応答がありませんでした'];
    this.#sink.raise(
      {
        rule: BY_ICMP,
        reason: {
          en: `${from} ${en} ${count} or more hosts within ${seconds} s.`,
          ja: `${from} が ${seconds} 秒以内に ${count} 以上のホスト${ja}。`,
        },
        matched: ['src_ip'],
        facts: { 'yagura.hosts': count, 'yagura.seconds': seconds },
      },
      about,
    );
  }
}
