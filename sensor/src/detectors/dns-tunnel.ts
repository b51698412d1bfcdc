// Tunnels through DNS: one source asks for ever new, long names below one domain, at once or a few an hour.
/*
 * What: counts distinct names below a registered domain per source, in a window of minutes and over a day, with the mean
 * length and entropy of what stands before the domain and the share of questions of unusual types (TXT, NULL, CNAME …);
 * and the text that answers bring back, where names are short.
 * Why it matters: DNS leaves almost every network. Whoever owns a domain reads each new name asked below it, and answers.
 * Method: RITA's "C2 over DNS" counts unique subdomains of a domain (100, 500, 800, 1,000 a day); the length separates
 * tunnels from content networks, whose names are many and short; types and entropy as Born and Gustafson 2010 and the
 * features that Paxson et al. 2013 bound the information of a domain by. Counted by linear counting, in bits.
 * False positives: anti-virus and mail-reputation look-ups that put hashes into names; trackers. Over a day a domain that
 * many inside hosts ask so is left out; else look at the domain.
 * ATT&CK: T1071.004 Application Layer Protocol: DNS, T1572 Protocol Tunneling, T1048.003 Exfiltration.
 */
import type { Event } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Watch } from './detector.ts';
import { splitName } from './domain.ts';
import { Look } from './look.ts';
import { entropy } from './names/likeness.ts';
import { Distinct } from './sketch/distinct.ts';
import { Key } from './sketch/key.ts';
import { moment } from './sketch/moment.ts';
import { Silence } from './sketch/silence.ts';
import { type Column, Slots } from './sketch/slots.ts';
import { Tally } from './sketch/tally.ts';

/** Pairs of source and domain below which something was asked: some 450 bytes each. */
const MAX_PAIRS = 8_192;
/** Domains below which something was asked. */
const MAX_DOMAINS = 8_192;
const MAX_TOLD = 4_096;
const FAST_BITS = 512;
const SLOW_BITS = 1_024;
const DAY = 86_400e6;
/** What programs of people hardly ask for below names of ever new hosts. */
const UNUSUAL = new Set(['TXT', 'NULL', 'CNAME', 'MX', 'KEY', 'PRIVATE', 'SRV', 'ANY']);
/** Numbers of types without a word. */
const NUMBERED = /^(TYPE)?\d+$/;

const identity = (
  id: string,
  name: string,
  severity: RuleIdentity['severity'],
  confidence: number,
): RuleIdentity => ({
  id,
  name,
  kind: 'behaviour',
  severity,
  confidence,
  tags: [
    'attack.command-and-control',
    'attack.t1071.004',
    'attack.t1572',
    'attack.exfiltration',
    'attack.t1048.003',
  ],
});
const TUNNEL = identity('behaviour.dns-tunnel', 'DNS tunnel: many long names below one domain', 'high', 85);
const SLOW = identity(
  'behaviour.dns-tunnel.slow',
  'DNS tunnel, slow: long names below one domain over a day',
  'medium',
  65,
);

const ANSWERS = identity(
  'behaviour.dns-tunnel.answers',
  'DNS tunnel: much text in the answers of one domain',
  'medium',
  70,
);

export const dnsTunnel: Detector = {
  name: 'dns-tunnel',
  about: 'Ever new, long names below one domain from one source.',
  raises: [TUNNEL, SLOW, ANSWERS],
  looksAt: {
    dns: [
      'dns.type',
      'dns.queries[].rrname',
      'dns.queries[].rrtype',
      'dns.answers[].rrtype',
      'dns.answers[].text',
    ],
  },
  knobs: {
    names: {
      default: 100,
      unit: 'distinct names',
      about: 'Below one domain within the window; RITA’s lowest level.',
    },
    window_s: {
      default: 600,
      unit: 's',
      about: 'A tunnel in use makes a hundred names in seconds, one that waits makes them in minutes.',
    },
    length: {
      default: 20,
      unit: 'characters',
      about:
        'Mean length before the domain. Host names have 5 to 15, tunnels 30 to 200, their idle polls about 20.',
    },
    slow_names: {
      default: 100,
      unit: 'distinct names',
      about: 'Below one domain within a day, when they are as long as the next knob says.',
    },
    slow_length: {
      default: 30,
      unit: 'characters',
      about: 'Mean length of the slow ones: what goes out a few names an hour must carry much in each.',
    },
    unusual: {
      default: 0.5,
      unit: '0 … 1',
      about: 'With so many questions of unusual types a mean of 12 characters is long enough.',
    },
    answer_bytes: {
      default: 8_000,
      unit: 'bytes',
      about: 'Text that answers of one domain bring within the window: mail asks a domain for a few records.',
    },
    answer_names: {
      default: 20,
      unit: 'distinct names',
      about:
        'Asked for below the domain meanwhile: who fetches something in pieces asks for each by its own.',
    },
    sources: {
      default: 5,
      unit: 'hosts',
      about:
        'A domain that so many inside hosts ask so within a day is software of the house: no slow tunnel.',
    },
    quiet_s: { default: 3600, unit: 's', about: 'The same tunnel is not told again for this long.' },
  },
  start(knobs, sink): Watch {
    return new DnsTunnel(knobs, sink);
  },
};

/** Characters before the domain when types say that it is no browsing. */
const SHORT_LENGTH = 12;

class DnsTunnel implements Watch {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #pairs = new Slots(MAX_PAIRS);
  readonly #fast: Tally;
  readonly #slow: Tally;
  /** Of names that were new: how many, their characters, those of unusual types, and their entropy in bits × 16. */
  readonly #new: Column<Uint32Array>;
  readonly #characters: Column<Uint32Array>;
  readonly #unusual: Column<Uint32Array>;
  readonly #entropy: Column<Uint32Array>;
  readonly #began: Column<Float64Array>;
  /** Text that came back, and since when. */
  readonly #came: Column<Uint32Array>;
  readonly #cameSince: Column<Float64Array>;
  readonly #domains = new Slots(MAX_DOMAINS);
  readonly #askers: Distinct;
  readonly #told: Silence;
  readonly #toldSlowly: Silence;
  readonly #key = new Key();
  readonly #short = new Key();
  readonly #type = new Look('dns.type');
  readonly #name = new Look('dns.queries[].rrname');
  readonly #kind = new Look('dns.queries[].rrtype');
  readonly #kinds = new Look('dns.answers[].rrtype');
  readonly #texts = new Look('dns.answers[].text');

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#fast = new Tally(this.#pairs, FAST_BITS, knobs['window_s'] * 1000);
    this.#slow = new Tally(this.#pairs, SLOW_BITS, DAY / 1000);
    this.#new = this.#pairs.words();
    this.#characters = this.#pairs.words();
    this.#unusual = this.#pairs.words();
    this.#entropy = this.#pairs.words();
    this.#began = this.#pairs.floats();
    this.#came = this.#pairs.words();
    this.#cameSince = this.#pairs.floats();
    this.#askers = new Distinct(this.#domains, knobs['sources']);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_TOLD);
    this.#toldSlowly = new Silence(DAY, MAX_TOLD);
  }

  relieve(): void {
    this.#pairs.age();
    this.#domains.age();
    this.#told.age();
    this.#toldSlowly.age();
  }

  get evicted(): number {
    return this.#pairs.evicted + this.#domains.evicted;
  }

  event(event: Event): void {
    if (event.type !== 'dns') return;
    const isQuestion = this.#type.text(event) === 'request';
    const bytes = isQuestion ? 0 : this.#textBytes(event);
    if (!isQuestion && bytes === 0) return;
    const name = this.#name.text(event);
    const parts = name === undefined ? undefined : splitName(name);
    if (!parts || parts.below === '') return;
    this.#key.begin(1).source(event.flow).text(parts.registered);
    if (isQuestion) this.#asked(parts.registered, parts.below, event);
    else this.#answered(parts.registered, bytes, event);
  }

  /** Length of the text of all answers; it is not read. */
  #textBytes(event: Event): number {
    const kinds = this.#kinds.read(event);
    if (typeof kinds !== 'object' || !kinds.some((kind) => kind === 'TXT' || kind === 'NULL')) return 0;
    const texts = this.#texts.read(event);
    if (typeof texts !== 'object') return typeof texts === 'string' ? texts.length : 0;
    return texts.reduce((sum: number, text) => sum + (typeof text === 'string' ? text.length : 0), 0);
  }

  #answered(domain: string, bytes: number, event: Event): void {
    const slot = this.#pairs.find(this.#key);
    if (slot < 0) return;
    const { time, flow } = event;
    const { window_s: seconds, answer_bytes, answer_names } = this.#knobs;
    const since = this.#cameSince.cells[slot];
    if (time - since > seconds * 1e6 || time < since) {
      this.#cameSince.cells[slot] = time;
      this.#came.cells[slot] = 0;
    }
    this.#came.cells[slot] += bytes;
    const came = this.#came.cells[slot];
    if (came < answer_bytes) return;
    const names = this.#fast.count(slot, moment(time));
    if (names < answer_names) return;
    const { high, low } = this.#key;
    if (!this.#told.tell(this.#short.begin(2).word(high).word(low), time)) return;
    this.#sink.raise(
      {
        rule: ANSWERS,
        reason: {
          en: `Answers below ${domain} brought ${came} bytes of text to ${flow.src_ip} within ${seconds} s, for about ${names} names.`,
          ja: `${domain} の下の約 ${names} の名前への応答が ${seconds} 秒以内に ${came} バイトのテキストを ${flow.src_ip} へ運びました。`,
        },
        matched: ['src_ip', 'dest_ip'],
        facts: { 'yagura.domain': domain, 'yagura.names': names, 'yagura.bytes': came },
      },
      flow,
    );
  }

  #asked(domain: string, below: string, event: Event): void {
    const { flow, time } = event;
    const now = moment(time);
    const slot = this.#pairs.claim(this.#key);
    const name = this.#short.begin().text(below).short;
    const isNew = this.#slow.add(slot, name, now);
    const isNewNow = this.#fast.add(slot, name, now);
    if (!isNew && !isNewNow) return;
    this.#measure(slot, below, event);
    const asker = this.#domains.claim(this.#short.begin().text(domain));
    const askers = this.#askers.add(asker, this.#short.begin().source(flow).short, now, DAY / 1000);
    const { names, window_s, slow_names, length, slow_length, unusual, sources } = this.#knobs;
    const mean = this.#characters.cells[slot] / this.#new.cells[slot];
    const share = this.#unusual.cells[slot] / this.#new.cells[slot];
    const isOdd = share >= unusual && mean >= SHORT_LENGTH;
    if (this.#new.cells[slot] < Math.min(names, slow_names) / 2) return;
    const soon = isNewNow && (mean >= length || isOdd) ? this.#fast.count(slot, now) : 0;
    if (soon >= names) return this.#tell(TUNNEL, slot, domain, soon, event);
    // What is fast has its own words.
    const isSlow = time - this.#began.cells[slot] > 2e6 * window_s;
    if (!isSlow || askers >= sources || (mean < slow_length && !isOdd)) return;
    const today = this.#slow.count(slot, now);
    if (today >= slow_names) this.#tell(SLOW, slot, domain, today, event);
  }

  /** Adds a new name to the sums; they begin anew with a new day, and when time was set back. */
  #measure(slot: number, below: string, event: Event): void {
    const began = this.#began.cells[slot];
    if (event.time - began > DAY || event.time < began) {
      this.#began.cells[slot] = event.time;
      for (const { cells } of [this.#new, this.#characters, this.#unusual, this.#entropy]) cells[slot] = 0;
    }
    const kind = this.#kind.text(event);
    this.#new.cells[slot]++;
    this.#characters.cells[slot] += below.length;
    this.#entropy.cells[slot] += Math.round(entropy(below) * 16);
    if (kind !== undefined && (UNUSUAL.has(kind) || NUMBERED.test(kind))) this.#unusual.cells[slot]++;
  }

  #tell(rule: RuleIdentity, slot: number, domain: string, names: number, { flow, time }: Event): void {
    // A tunnel that was told as fast is none the slower, for the day.
    const isFirst = this.#toldSlowly.tell(this.#key, time);
    if (rule === TUNNEL ? !this.#told.tell(this.#key, time) : !isFirst) return;
    const count = this.#new.cells[slot];
    const mean = this.#characters.cells[slot] / count;
    const span = rule === TUNNEL ? `${this.#knobs['window_s']} s` : 'a day';
    const ja = rule === TUNNEL ? `${this.#knobs['window_s']} 秒` : '1 日';
    this.#sink.raise(
      {
        rule,
        reason: {
          en: `${flow.src_ip} asked for about ${names} different names below ${domain} within ${span}, ${mean.toFixed(0)} characters long on average.`,
          ja: `${flow.src_ip} が ${ja}以内に ${domain} の下の約 ${names} の異なる名前(平均 ${mean.toFixed(0)} 文字)を問い合わせました。`,
        },
        matched: ['src_ip', 'dest_ip'],
        facts: {
          'yagura.domain': domain,
          'yagura.names': names,
          'yagura.length': Math.round(mean),
          'yagura.entropy': Math.round((100 * this.#entropy.cells[slot]) / 16 / count) / 100,
          'yagura.unusual': Math.round((100 * this.#unusual.cells[slot]) / count) / 100,
        },
      },
      flow,
    );
  }
}
