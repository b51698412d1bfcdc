// Floods of names that do not exist: random ones below a domain (its servers are the target), or very many from one source.
/*
 * What: per registered domain the different names that were answered with NXDOMAIN or SERVFAIL within a minute, and the
 * sources that asked for them; per source the different names that failed within minutes.
 * Why it matters: random names below a domain pass every cache and press on its servers, and on the resolver between
 * (water torture). One source with hundreds of failing names is a list that is tried out: subdomains are enumerated, or
 * a program is broken.
 * Method: Maltrail's DNS exhaustion (1,000 subdomains in 60 s); failures per source as Slips and Maltrail count them (10
 * and 20), far above what a browser's search list makes. Counted by linear counting.
 * False positives: reputation look-ups (DNSBL) answer NXDOMAIN for everything that is good: their domains are left out by
 * name; mail servers with other lists are to be allowed.
 * ATT&CK: T1498 Network Denial of Service, T1590.002 Gather Victim Network Information: DNS.
 */
import type { Event } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Watch } from './detector.ts';
import { splitName } from './domain.ts';
import { Look } from './look.ts';
import { Key } from './sketch/key.ts';
import { moment } from './sketch/moment.ts';
import { Silence } from './sketch/silence.ts';
import { Slots } from './sketch/slots.ts';
import { Tally } from './sketch/tally.ts';

/** Domains below which names failed: some 600 bytes each; sources, 150. */
const MAX_DOMAINS = 2_048;
const MAX_SOURCES = 4_096;
const NAME_BITS = 1_024;
const SOURCE_BITS = 256;
/** Lists that say by NXDOMAIN that somebody is not on them. */
const LISTS =
  /(^|\.)(dnsbl|bl|rbl|dbl|sbl|xbl|zen|uribl|surbl|dnswl|spamhaus|sorbs|spamcop|barracudacentral)\./;

const EXHAUSTION: RuleIdentity = {
  id: 'behaviour.dns-exhaustion.domain',
  name: 'DNS exhaustion: random names below one domain',
  kind: 'behaviour',
  severity: 'medium',
  confidence: 80,
  tags: ['attack.impact', 'attack.t1498'],
};
const FAILING: RuleIdentity = {
  id: 'behaviour.dns-exhaustion.source',
  name: 'Hundreds of names that do not exist from one source',
  kind: 'behaviour',
  severity: 'low',
  confidence: 60,
  tags: ['attack.reconnaissance', 'attack.t1590.002'],
};

export const dnsExhaustion: Detector = {
  name: 'dns-exhaustion',
  about: 'Floods of names that do not exist, below one domain or from one source.',
  raises: [EXHAUSTION, FAILING],
  looksAt: { dns: ['dns.type', 'dns.rcode', 'dns.queries[].rrname'] },
  knobs: {
    names: {
      default: 1000,
      unit: 'distinct names',
      about: 'Failed below one domain within the window; Maltrail’s number.',
    },
    window_s: { default: 60, unit: 's', about: 'Maltrail’s minute: floods come at hundreds a second.' },
    source_names: {
      default: 200,
      unit: 'distinct names',
      about: 'Failed for one source within its window: a laptop that left its network fails with dozens.',
    },
    source_s: { default: 300, unit: 's', about: 'Lists of subdomains are tried within minutes.' },
    quiet_s: {
      default: 3600,
      unit: 's',
      about: 'The same domain or source is not told again for this long.',
    },
  },
  start(knobs, sink): Watch {
    return new DnsExhaustion(knobs, sink);
  },
};

class DnsExhaustion implements Watch {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #domains = new Slots(MAX_DOMAINS);
  readonly #names: Tally;
  readonly #askers: Tally;
  readonly #sources = new Slots(MAX_SOURCES);
  readonly #failed: Tally;
  readonly #told: Silence;
  readonly #key = new Key();
  readonly #short = new Key();
  readonly #type = new Look('dns.type');
  readonly #rcode = new Look('dns.rcode');
  readonly #name = new Look('dns.queries[].rrname');

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#names = new Tally(this.#domains, NAME_BITS, knobs['window_s'] * 1000);
    this.#askers = new Tally(this.#domains, SOURCE_BITS, knobs['window_s'] * 1000);
    this.#failed = new Tally(this.#sources, SOURCE_BITS, knobs['source_s'] * 1000);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_DOMAINS + MAX_SOURCES);
  }

  relieve(): void {
    this.#domains.age();
    this.#sources.age();
    this.#told.age();
  }

  get evicted(): number {
    return this.#domains.evicted + this.#sources.evicted;
  }

  event(event: Event): void {
    if (event.type !== 'dns') return;
    const rcode = this.#rcode.text(event);
    if ((rcode !== 'NXDOMAIN' && rcode !== 'SERVFAIL') || this.#type.text(event) === 'request') return;
    const name = this.#name.text(event);
    const parts = name === undefined ? undefined : splitName(name);
    if (parts === undefined || LISTS.test(name!)) return;
    const value = this.#short.begin().text(name!).short;
    if (parts.below !== '') this.#below(parts.registered, value, event);
    this.#from(value, event);
  }

  #below(domain: string, value: number, { flow, time }: Event): void {
    const { names: limit, window_s: seconds } = this.#knobs;
    const slot = this.#domains.claim(this.#key.begin(1).text(domain));
    this.#askers.add(slot, this.#short.begin().source(flow).short, moment(time));
    if (!this.#names.add(slot, value, moment(time))) return;
    const names = this.#names.count(slot, moment(time));
    if (names < limit || !this.#told.tell(this.#key, time)) return;
    const sources = this.#askers.count(slot, moment(time));
    this.#sink.raise(
      {
        rule: EXHAUSTION,
        reason: {
          en: `About ${names} different names below ${domain} failed within ${seconds} s, asked for by about ${sources} sources.`,
          ja: `${seconds} 秒以内に ${domain} の下の約 ${names} の異なる名前の解決が失敗しました(送信元は約 ${sources})。`,
        },
        matched: ['src_ip', 'dest_ip'],
        facts: { 'yagura.domain': domain, 'yagura.names': names, 'yagura.sources': sources },
      },
      flow,
    );
  }

  #from(value: number, { flow, time }: Event): void {
    const { source_names: limit, source_s: seconds } = this.#knobs;
    const slot = this.#sources.claim(this.#key.begin(2).source(flow));
    if (!this.#failed.add(slot, value, moment(time))) return;
    const names = this.#failed.count(slot, moment(time));
    if (names < limit || !this.#told.tell(this.#key, time)) return;
    this.#sink.raise(
      {
        rule: FAILING,
        reason: {
          en: `About ${names} different names that ${flow.src_ip} asked for within ${seconds} s do not exist.`,
          ja: `${flow.src_ip} が ${seconds} 秒以内に問い合わせた約 ${names} の名前は存在しませんでした。`,
        },
        matched: ['src_ip'],
        facts: { 'yagura.names': names },
      },
      flow,
    );
  }
}
