// What is remembered of exporters: their templates, clocks, sampling rates and numbers. Bounded; who is silent longest goes.
import { CollectorCounters, type Count, ExporterCounters, type Fault } from './counters.ts';
import type { Template } from './template.ts';

export interface Bounds {
  readonly exporters: number;
  /** Fields of all templates of all exporters. */
  readonly fields: number;
  /** Bytes of all sets that wait for their template. */
  readonly waitingBytes: number;
}

/** 10,000 exporters with four templates of 25 fields each; 6 bytes a field compiled, 8 as announced: 14 MiB. */
export const BOUNDS: Bounds = { exporters: 10_000, fields: 1_000_000, waitingBytes: 16 * 1024 * 1024 };
/** Source ids, observation domains or agents of one exporter. */
const MAX_DOMAINS = 256;
/** Templates of one domain. */
const MAX_TEMPLATES = 1024;
/** Bytes of sets that wait in one domain: a minute of an ordinary router. */
const MAX_WAITING = 64 * 1024;
const MAX_SAMPLERS = 256;
/** Numbers by which a datagram may come too late, or a gap be wide; beyond, the exporter began anew. */
const LATE = 1000;
const WIDE = 2 ** 24;
/** ms by which an uptime may fall behind because datagrams overtook each other. */
const OVERTAKEN = 60_000;

/** A set of data that came before its template. */
export interface Waiting {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly exported: number;
  readonly boot: number;
}

/** What a waiting set costs besides its bytes. */
const WAITING_COST = 128;
const sizeOf = ({ bytes }: Waiting): number => bytes.length + WAITING_COST;
const NOTHING: readonly Waiting[] = [];

/** One source id, observation domain, engine or agent: templates and numbers count within it. */
export class Domain {
  readonly id: number;
  readonly templates = new Map<number, Template>();
  /** Sampled one of so many, by sampler; 0 is the rate of those who name none. */
  readonly rates = new Map<number, number>();
  /** When the exporter started, µs; NaN while unknown. */
  boot = Number.NaN;
  /** Next number expected; NaN when none is. */
  expected = Number.NaN;
  /** ms since the start, of the last datagram; NaN before the first. */
  uptime = Number.NaN;
  /** By the number of the template that they wait for. */
  readonly waiting = new Map<number, Waiting[]>();
  /** Packets that an agent could not sample, as it counts them, by interface. */
  readonly unsampled = new Map<number, number>();
  waitingBytes = 0;

  constructor(id: number) {
    this.id = id;
  }
}

export class Exporter {
  readonly address: string;
  readonly counters = new ExporterCounters();
  /** µs. */
  lastSeen = 0;
  readonly domains = new Map<number, Domain>();
  readonly #all: Exporters;

  constructor(address: string, all: Exporters) {
    this.address = address;
    this.#all = all;
  }

  count(what: Count, by = 1): void {
    this.counters[what] += by;
    this.#all.counters[what] += by;
  }

  fault(fault: Fault): void {
    this.count('refused');
    this.#all.counters.faults[fault]++;
  }

  /** @param id what tells the domains of this exporter apart, versions included */
  domain(id: number): Domain {
    const found = this.domains.get(id);
    if (found !== undefined) return found;
    if (this.domains.size >= MAX_DOMAINS) {
      const oldest = this.domains.values().next().value as Domain;
      this.forget(oldest);
      this.domains.delete(oldest.id);
    }
    const made = new Domain(id);
    this.domains.set(id, made);
    return made;
  }

  /** @returns false when there is no room for it */
  keep(domain: Domain, id: number, template: Template): boolean {
    const before = domain.templates.get(id);
    if (before === undefined && domain.templates.size >= MAX_TEMPLATES) return false;
    if (!this.#all.hold('fields', template.fields - (before?.fields ?? 0), this)) return false;
    domain.templates.set(id, template);
    this.count(before === undefined ? 'templates' : 'changed');
    return true;
  }

  withdraw(domain: Domain, id: number): void {
    const template = domain.templates.get(id);
    if (template === undefined) return;
    domain.templates.delete(id);
    this.#all.release('fields', template.fields);
    this.count('withdrawn');
  }

  /** Keeps a copy of a set until its template comes; others of the domain give way. */
  wait(domain: Domain, set: Waiting): void {
    const size = sizeOf(set);
    // Ends: each turn lets one go.
    while (domain.waiting.size > 0 && domain.waitingBytes + size > MAX_WAITING) this.#giveUp(domain);
    if (size > MAX_WAITING || !this.#all.hold('waitingBytes', size, this)) {
      this.count('templatesMissing');
      return;
    }
    const others = domain.waiting.get(set.id);
    if (others === undefined) domain.waiting.set(set.id, [set]);
    else others.push(set);
    domain.waitingBytes += size;
  }

  /** The oldest of those that wait for the template that has been missing longest. */
  #giveUp(domain: Domain): void {
    const [id, sets] = domain.waiting.entries().next().value as [number, Waiting[]];
    this.#release(domain, sets.shift() as Waiting);
    if (sets.length === 0) domain.waiting.delete(id);
    this.count('templatesMissing');
  }

  #release(domain: Domain, set: Waiting): void {
    domain.waitingBytes -= sizeOf(set);
    this.#all.release('waitingBytes', sizeOf(set));
  }

  /** Takes what waited for this template, in the order in which it came. */
  ready(domain: Domain, id: number): readonly Waiting[] {
    const ready = domain.waiting.get(id);
    if (ready === undefined) return NOTHING;
    domain.waiting.delete(id);
    for (const set of ready) this.#release(domain, set);
    this.count('waited', ready.length);
    return ready;
  }

  /** The domain starts anew: templates and rates of before say nothing any more. */
  forget(domain: Domain): void {
    for (const { fields } of domain.templates.values()) this.#all.release('fields', fields);
    domain.templates.clear();
    domain.rates.clear();
    domain.unsampled.clear();
    // Ends: each turn lets one go.
    while (domain.waiting.size > 0) this.#giveUp(domain);
    domain.boot = domain.expected = domain.uptime = Number.NaN;
  }

  /** @param sampler 0 for the rate of those who name none */
  sample(domain: Domain, sampler: number, rate: number): void {
    if (domain.rates.size < MAX_SAMPLERS || domain.rates.has(sampler)) domain.rates.set(sampler, rate);
  }

  /** An agent's count of packets that it could not sample; it only grows, until the agent begins anew. */
  unsampled(domain: Domain, at: number, count: number): void {
    const before = domain.unsampled.get(at);
    if (before === undefined && domain.unsampled.size >= MAX_SAMPLERS) return;
    if (before !== undefined && count > before) this.count('unsampled', count - before);
    domain.unsampled.set(at, count);
  }

  /** Sampling rate by sampler, else of the domain, else of the exporter as a whole. */
  rate(domain: Domain, sampler: number, whole: number): number {
    return domain.rates.get(sampler) ?? domain.rates.get(0) ?? this.domains.get(whole)?.rates.get(0) ?? 1;
  }

  /** A datagram of an exporter with a clock of its own, which began anew when its uptime went back. @param uptime ms */
  alive(domain: Domain, uptime: number): void {
    const back = domain.uptime - uptime;
    // 2^32 ms are 49.7 days: then the count begins again, though the exporter did not.
    if (back > OVERTAKEN && back < 2 ** 32 - OVERTAKEN) {
      this.count('restarts');
      this.forget(domain);
    }
    if (!(back > 0 && back <= OVERTAKEN)) domain.uptime = uptime;
  }

  /**
   * A datagram's number, of 32 bits.
   * @param next the number after it; NaN when what it holds could not be counted
   */
  follow(domain: Domain, sequence: number, next: number): void {
    const { expected } = domain;
    const ahead = (sequence - expected) | 0;
    if (Number.isNaN(expected) || ahead === 0) domain.expected = next >>> 0;
    else if (ahead > 0 && ahead < WIDE) {
      this.count('gaps');
      this.count('lost', ahead);
      domain.expected = next >>> 0;
    } else if (ahead < 0 && ahead >= -LATE && sequence !== 0) return this.count('late');
    else {
      this.count('restarts');
      domain.expected = next >>> 0;
    }
    if (Number.isNaN(next)) domain.expected = Number.NaN;
  }
}

type Held = 'fields' | 'waitingBytes';

/** All exporters, in the order in which they were last seen. */
export class Exporters {
  readonly counters = new CollectorCounters();
  readonly #bounds: Bounds;
  readonly #byAddress = new Map<string, Exporter>();
  readonly #held: Record<Held, number> = { fields: 0, waitingBytes: 0 };
  #last: Exporter | undefined;

  constructor(bounds: Bounds = BOUNDS) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#byAddress.size;
  }

  /** The longest silent first. */
  values(): IterableIterator<Exporter> {
    return this.#byAddress.values();
  }

  /** The exporter, seen now. @param now µs */
  seen(address: string, now: number): Exporter {
    // Datagrams come in bursts: most are of the one before.
    let exporter = this.#last?.address === address ? this.#last : this.#byAddress.get(address);
    if (exporter === undefined) {
      if (this.#byAddress.size >= this.#bounds.exporters) this.#forgetOldest();
      exporter = new Exporter(address, this);
      this.#byAddress.set(address, exporter);
    } else if (exporter !== this.#last) {
      this.#byAddress.delete(address);
      this.#byAddress.set(address, exporter);
    }
    this.#last = exporter;
    exporter.lastSeen = now;
    return exporter;
  }

  #forgetOldest(): void {
    const oldest = this.#byAddress.values().next().value as Exporter;
    for (const domain of oldest.domains.values()) oldest.forget(domain);
    this.#byAddress.delete(oldest.address);
    if (this.#last === oldest) this.#last = undefined;
    this.counters.forgotten++;
  }

  /** Takes so much of what all share; the longest silent give way. @returns false when there is not enough for this one alone */
  hold(what: Held, amount: number, by: Exporter): boolean {
    // Ends: each turn an exporter goes, and never the one that asks, which is the last.
    while (this.#held[what] + amount > this.#bounds[what]) {
      if (this.#byAddress.values().next().value === by) return false;
      this.#forgetOldest();
    }
    this.#held[what] += amount;
    return true;
  }

  release(what: Held, amount: number): void {
    this.#held[what] -= amount;
  }
}
