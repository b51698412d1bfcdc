// ARP spoofing: a machine on the link claims addresses that are others'.
/*
 * What: which hardware address claims which IP address. One that takes over the addresses of two others within minutes,
 * an address that goes back and forth between two, a change of an address that many ask for (a gateway), one machine that
 * claims many addresses, and storms of claims that nobody asked for.
 * Why it matters: whoever is believed to be the gateway reads and changes what everybody sends; ARP believes everybody.
 * Method: arpwatch's table with its "flip flop" and "changed ethernet address" (Leres, LBNL); that poisoning needs both
 * ends of a conversation, hence two former owners, is what sets it apart from fail-over (Abad and Bonilla 2007, "An
 * Analysis on the Schemes for Detecting and Preventing ARP Cache Poisoning Attacks").
 * False positives: fail-over without a common hardware address, two machines with one address, proxy ARP of routers.
 * Hardware addresses belong to persons: none leaves.
 * ATT&CK: T1557.002 Adversary-in-the-Middle: ARP Cache Poisoning.
 */
import type { Event } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Finding, Forgetful, Learning, Learnt } from './detector.ts';
import { aboutEnds } from './flow-copy.ts';
import { Look } from './look.ts';
import { Distinct } from './sketch/distinct.ts';
import { Key } from './sketch/key.ts';
import { age, moment } from './sketch/moment.ts';
import { Silence } from './sketch/silence.ts';
import { type Column, type SavedSlots, Slots } from './sketch/slots.ts';
import { Watched } from './sketch/watched.ts';

/** Addresses with their owner: 29 bytes each. */
const MAX_ADDRESSES = 50_000;
const MAX_MACHINES = 5_000;
/** ms in which what belongs together happens: tools repeat their claims every second or two. */
const TOGETHER = 120_000;
/** Changes of owner within that time. */
const FLIPS = 3;
/** Former owners of what one machine took over. */
const OWNERS = 2;
/** s watched that an owner must have held an address which many ask for. */
const HELD = 3600;
/** Of 32 kinds of askers, those that make an address one that many ask for. */
const ASKERS = 5;

const identity = (
  id: string,
  name: string,
  severity: RuleIdentity['severity'],
  confidence: number,
): RuleIdentity => ({
  id: `behaviour.arp-spoof.${id}`,
  name,
  kind: 'behaviour',
  severity,
  confidence,
  tags: ['attack.credential-access', 'attack.collection', 'attack.t1557', 'attack.t1557.002'],
});
const TAKEOVER = identity(
  'takeover',
  'ARP spoofing: one machine takes over the addresses of two others',
  'high',
  85,
);
const FLIP = identity(
  'flip',
  'ARP spoofing: an address goes back and forth between two machines',
  'medium',
  60,
);
const GATEWAY = identity('gateway', 'ARP: an address that many ask for has another owner', 'medium', 50);
const MANY = identity('many', 'ARP: one machine claims many addresses', 'low', 40);
const STORM = identity('storm', 'ARP: a storm of claims that nobody asked for', 'low', 50);

const FIELDS = ['arp.opcode', 'arp.src_mac', 'arp.src_ip', 'arp.dest_ip'] as const;

export const arpSpoof: Detector = {
  name: 'arp-spoof',
  about: 'Machines that claim the addresses of others by ARP.',
  raises: [TAKEOVER, FLIP, GATEWAY, MANY, STORM],
  looksAt: { arp: 'whole' },
  learns: 1,
  knobs: {
    addresses: {
      default: 16,
      unit: 'addresses',
      about:
        'Claimed by one machine in answers within two minutes. A host has a few, a router that answers for others many.',
    },
    storm: {
      default: 100,
      unit: 'claims',
      about:
        'Nobody asked for, of one machine within ten seconds: a hundred times what a machine says that starts.',
    },
    quiet_s: { default: 3600, unit: 's', about: 'The same finding is not told again for this long.' },
  },
  start: (knobs, sink, _, before) => new ArpSpoof(knobs, sink, before),
};

/** ms in which a storm is one. */
const STORM_WITHIN = 10_000;

class ArpSpoof implements Learning, Forgetful {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #watched: Watched;
  readonly #addresses = new Slots(MAX_ADDRESSES);
  /** Hash of the hardware address that holds it, and of the one before. */
  readonly #owner: Column<Uint32Array> = this.#addresses.words();
  readonly #former: Column<Uint32Array> = this.#addresses.words();
  readonly #changed: Column<Uint32Array> = this.#addresses.words();
  readonly #flips: Column<Uint8Array> = this.#addresses.bytes();
  /** Stamp of the time since which the owner holds it. */
  readonly #since: Column<Uint32Array> = this.#addresses.words();
  /** A bit for each kind of asker. */
  readonly #askers: Column<Uint32Array> = this.#addresses.words();
  readonly #machines = new Slots(MAX_MACHINES);
  readonly #robbed = new Distinct(this.#machines, OWNERS);
  readonly #claimed: Distinct;
  readonly #stormBegan: Column<Uint32Array> = this.#machines.words();
  readonly #unasked: Column<Uint16Array> = this.#machines.shorts();
  readonly #told: Silence;
  readonly #key = new Key();
  readonly #looks = FIELDS.map((name) => new Look(name));

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink, before: Learnt = {}) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#watched = new Watched(before['seconds']);
    this.#claimed = new Distinct(this.#machines, knobs['addresses']);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_MACHINES);
    if (before['addresses'] !== undefined) this.#addresses.restore(before['addresses'] as SavedSlots);
  }

  learnt(): Learnt {
    return { seconds: this.#watched.seconds, addresses: this.#addresses.saved() };
  }

  tick(now: number): void {
    this.#watched.tick(now);
  }

  get evicted(): number {
    return this.#addresses.evicted + this.#machines.evicted;
  }

  relieve(): void {
    this.#addresses.age();
    this.#machines.age();
    this.#told.age();
  }

  event(event: Event): void {
    if (event.type !== 'arp') return;
    const [operation, mac, ip, target] = this.#looks.map((look) => look.text(event));
    if (mac === undefined || ip === undefined || target === undefined) return;
    // Whoever has no address yet asks whether one is free.
    if (ip === '0.0.0.0') return;
    const network = event.flow.vlan[0] ?? -1;
    const key = this.#key;
    const owner = key.begin().text(mac).short;
    if (operation === 'request' && ip !== target) {
      const wanted = this.#addresses.claim(key.begin().word(network).text(target));
      this.#askers.cells[wanted] |= 1 << (owner & 31);
    }
    const machine = this.#machines.claim(key.begin().word(network).word(owner));
    const address = this.#addresses.claim(key.begin().word(network).text(ip));
    const about = new Claim(event, ip, target, network, owner);
    this.#hold(about, address, machine);
    if (operation === 'reply' || ip === target) this.#count(about, machine, ip === target);
  }

  /** Who holds the address now? */
  #hold(claim: Claim, address: number, machine: number): void {
    const { owner } = claim;
    const former = this.#owner.cells[address];
    if (former === owner) return;
    const now = moment(claim.event.time);
    const held = this.#watched.since(this.#since.cells[address]);
    this.#owner.cells[address] = owner;
    this.#since.cells[address] = this.#watched.stamp;
    if (former === 0) return;
    const isBack = this.#former.cells[address] === owner;
    const isSoon = age(this.#changed.cells[address], now) <= TOGETHER;
    const flips = isBack && isSoon ? Math.min(255, this.#flips.cells[address] + 1) : 1;
    this.#former.cells[address] = former;
    this.#changed.cells[address] = now;
    this.#flips.cells[address] = flips;
    // An owner that takes back what was his robs nobody.
    if (!isBack && this.#robbed.add(machine, former, now, TOGETHER) >= OWNERS) this.#raise(TAKEOVER, claim);
    else if (flips >= FLIPS) this.#raise(FLIP, claim);
    else if (!isBack && held >= HELD && ones(this.#askers.cells[address]) >= ASKERS)
      this.#raise(GATEWAY, claim);
  }

  #count(claim: Claim, machine: number, isUnasked: boolean): void {
    const now = moment(claim.event.time);
    const count = this.#claimed.add(machine, this.#key.begin().text(claim.ip).short, now, TOGETHER);
    if (count >= this.#knobs['addresses']) this.#raise(MANY, claim, count);
    if (!isUnasked) return;
    if (age(this.#stormBegan.cells[machine], now) > STORM_WITHIN) {
      this.#stormBegan.cells[machine] = now;
      this.#unasked.cells[machine] = 0;
    }
    if (this.#unasked.cells[machine] < 0xffff) this.#unasked.cells[machine]++;
    if (this.#unasked.cells[machine] >= this.#knobs['storm'])
      this.#raise(STORM, claim, this.#unasked.cells[machine]);
  }

  #raise(rule: RuleIdentity, { event, ip, target, network, owner }: Claim, count = 0): void {
    const key = this.#key.begin().text(rule.id).word(network);
    // Two who quarrel about an address are one finding, as is one who takes many.
    if (rule === FLIP || rule === GATEWAY) key.text(ip);
    else key.word(owner);
    if (!this.#told.tell(key, event.time)) return;
    const ends = {
      src_ip: ip,
      dest_ip: target,
      src_port: 0,
      dest_port: 0,
      protocol: 0,
      proto: event.flow.proto,
    };
    const { flow } = aboutEnds(ends, event.time, event.time);
    const about: Event = { ...event, fields: event.fields, message: event.message, flow };
    const facts: Finding['facts'] = count > 0 ? { 'yagura.count': count } : undefined;
    this.#sink.raise(
      {
        rule,
        reason: REASONS[rule.id](ip, count),
        matched: ['arp.src_mac', 'arp.src_ip'],
        ...(facts && { facts }),
      },
      about,
    );
  }
}

/** What is claimed, and by whom. */
class Claim {
  readonly event: Event;
  readonly ip: string;
  readonly target: string;
  readonly network: number;
  readonly owner: number;

  constructor(event: Event, ip: string, target: string, network: number, owner: number) {
    this.event = event;
    this.ip = ip;
    this.target = target;
    this.network = network;
    this.owner = owner;
  }
}

const REASONS: Readonly<Record<string, (ip: string, count: number) => Finding['reason']>> = {
  [TAKEOVER.id]: (ip) => ({
    en: `A machine claims ${ip} and another address, both of which belonged to others until now.`,
    ja: `あるホストが、これまで別々のホストのものだった ${ip} ともう一つのアドレスをARPで名乗っています。`,
  }),
  [FLIP.id]: (ip) => ({
    en: `Two machines claim ${ip} in turn.`,
    ja: `2台のホストが ${ip} を交互にARPで名乗っています。`,
  }),
  [GATEWAY.id]: (ip) => ({
    en: `${ip}, which many ask for, belongs to another machine than before.`,
    ja: `多くのホストが参照する ${ip} の持ち主(MACアドレス)が変わりました。`,
  }),
  [MANY.id]: (ip, count) => ({
    en: `One machine claims ${count} or more addresses, ${ip} among them.`,
    ja: `1台のホストが ${ip} を含む ${count} 以上のアドレスをARPで名乗っています。`,
  }),
  [STORM.id]: (ip, count) => ({
    en: `One machine claimed ${ip} or others ${count} times within ten seconds, though nobody asked.`,
    ja: `1台のホストが問い合わせなしに、${ip} などを10秒間に ${count} 回ARPで名乗りました。`,
  }),
};

function ones(word: number): number {
  let count = 0;
  // Ends: each turn puts one bit out.
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}
