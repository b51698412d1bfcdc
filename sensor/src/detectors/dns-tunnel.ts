// Tunnels through DNS: one source asks for ever new, long names below one domain.
/*
 * What: counts distinct names below a registered domain per source in a sliding window, with the mean length of what
 * stands before the domain and how many different characters it uses.
 * Why it matters: DNS leaves almost every network. Whoever owns a domain reads each new name asked below it, and answers.
 * Method: RITA's "C2 over DNS" counts unique subdomains of a domain (100 and more is worth a look); the length separates
 * tunnels from content networks, whose names are many and short.
 * False positives: anti-virus and mail-reputation look-ups that put hashes into names; trackers. Look at the domain.
 * ATT&CK: T1071.004 Application Layer Protocol: DNS, T1572 Protocol Tunneling, T1048.003 Exfiltration.
 */
import type { Event } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Watch } from './detector.ts';
import { splitName } from './domain.ts';
import { Look } from './look.ts';
import { Lru } from './sketch/lru.ts';
import { Quiet } from './sketch/quiet.ts';
import { Ring } from './sketch/ring.ts';
import { ValueWindow } from './sketch/window.ts';

/** Pairs of source and domain. A full one holds some 10 KB: 50 MB at most, reached only by tunnels. */
const MAX_PAIRS = 5_000;
const MAX_TOLD = 5_000;

const TUNNEL: RuleIdentity = {
  id: 'behaviour.dns-tunnel',
  name: 'DNS tunnel: many long names below one domain',
  kind: 'behaviour',
  severity: 'high',
  confidence: 85,
  tags: [
    'attack.command-and-control',
    'attack.t1071.004',
    'attack.t1572',
    'attack.exfiltration',
    'attack.t1048.003',
  ],
};

interface Pair {
  readonly names: ValueWindow<number>;
  readonly lengths: Ring;
}

export const dnsTunnel: Detector = {
  name: 'dns-tunnel',
  about: 'Ever new, long names below one domain from one source.',
  raises: [TUNNEL],
  looksAt: { dns: 'whole' },
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
    quiet_s: { default: 3600, unit: 's', about: 'The same tunnel is not told again for this long.' },
  },
  start(knobs, sink): Watch {
    return new DnsTunnel(knobs, sink);
  },
};

class DnsTunnel implements Watch {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #pairs = new Lru<string, Pair>(MAX_PAIRS);
  readonly #told: Quiet;
  readonly #type = new Look('dns.type');
  readonly #name = new Look('dns.queries[].rrname');

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#told = new Quiet(knobs['quiet_s'] * 1e6, MAX_TOLD);
  }

  relieve(): void {
    this.#pairs.age();
    this.#told.age();
  }

  event(event: Event): void {
    if (event.type !== 'dns') return;
    if (this.#type.text(event) !== 'request') return;
    const name = this.#name.text(event);
    const parts = name === undefined ? undefined : splitName(name);
    if (!parts || parts.below === '') return;
    this.#asked(parts.registered, parts.below, event);
  }

  #asked(domain: string, below: string, event: Event): void {
    const { names: wanted, window_s: window, length: least } = this.#knobs;
    const { src_ip } = event.flow;
    const key = `${src_ip} ${domain}`;
    const pair = this.#pairs.touch(key, () => ({
      names: new ValueWindow(wanted),
      lengths: new Ring(wanted),
    }));
    pair.lengths.push(below.length);
    const names = pair.names.add(hashOf(below), event.time, window * 1e6);
    if (names < wanted) return;
    const mean = pair.lengths.values().reduce((sum, n) => sum + n, 0) / pair.lengths.size;
    if (mean < least || this.#told.tell(key, event.time) < 0) return;
    this.#sink.raise(
      {
        rule: TUNNEL,
        reason: {
          en: `${src_ip} asked for ${names} or more different names below ${domain} within ${window} s, ${mean.toFixed(0)} characters long on average.`,
          ja: `${src_ip} が ${window} 秒以内に ${domain} の下の ${names} 以上の異なる名前(平均 ${mean.toFixed(0)} 文字)を問い合わせました。`,
        },
        matched: ['src_ip', 'dns.queries.rrname'],
        facts: { 'yagura.domain': domain, 'yagura.names': names, 'yagura.length': Math.round(mean) },
      },
      event,
    );
  }
}

/** 32 bits of FNV-1a: a few names taken for one do not matter among a hundred. */
function hashOf(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
