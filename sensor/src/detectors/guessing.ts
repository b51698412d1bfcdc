// Password guessing, told from the shape of connections: one source opens many short, alike ones to a log-in service.
/*
 * What: per source and service (address and port) the sizes of the last connections that spoke and ended soon. Many of
 * them within minutes, nearly all of the same size, are a program that tries one password after another.
 * Why it matters: guessed passwords are the commonest way in. The content may be sealed; a refusal always looks alike.
 * Method: Zeek's detect-bruteforcing counts 30 failed SSH log-ins in 30 minutes, Slips calls a connection with less than
 * 4,290 bytes back no success; alikeness replaces reading the outcome. Where the protocol says it, see login-failure.
 * A success is a connection of the same source that is several times as large while guessing goes on.
 * False positives: scripts that run one short command per connection (deployment, backup): allow their source.
 * ATT&CK: T1110 Brute Force, T1110.001 Password Guessing, T1078 Valid Accounts.
 */
import type { Event } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Watch } from './detector.ts';
import { Key } from './sketch/key.ts';
import { moment } from './sketch/moment.ts';
import { Recent } from './sketch/recent.ts';
import { Silence } from './sketch/silence.ts';
import { Slots } from './sketch/slots.ts';

/** Sources × services: some 150 bytes each. */
const MAX_PAIRS = 10_000;
const TCP = 6;
const SERVICES: Readonly<Record<number, string>> = {
  21: 'FTP',
  22: 'SSH',
  23: 'Telnet',
  88: 'Kerberos',
  110: 'POP3',
  143: 'IMAP',
  389: 'LDAP',
  445: 'SMB',
  587: 'SMTP submission',
  636: 'LDAP over TLS',
  993: 'IMAP over TLS',
  995: 'POP3 over TLS',
  1433: 'SQL Server',
  2222: 'SSH',
  3306: 'MySQL',
  3389: 'RDP',
  5432: 'PostgreSQL',
  5900: 'VNC',
  5985: 'WinRM',
  5986: 'WinRM over TLS',
};
/** What is said before anybody is let in is smaller: so many times the middle size is somebody at work. */
const MUCH_LARGER = 3;

const identity = (
  id: string,
  name: string,
  severity: RuleIdentity['severity'],
  confidence: number,
  technique: string,
): RuleIdentity => ({
  id,
  name,
  kind: 'behaviour',
  severity,
  confidence,
  tags: ['attack.credential-access', 'attack.t1110', `attack.${technique}`],
});
const GUESSING = identity(
  'behaviour.guessing',
  'Password guessing: many alike connections to a log-in service',
  'high',
  80,
  't1110.001',
);
const GUESSED = identity(
  'behaviour.guessing.success',
  'Password guessed: a long connection after many alike ones',
  'critical',
  60,
  't1078',
);

export const guessing: Detector = {
  name: 'guessing',
  about: 'Many short, alike connections from one source to one log-in service.',
  raises: [GUESSING, GUESSED],
  looksAt: { flow: 'whole' },
  knobs: {
    attempts: {
      default: 15,
      unit: 'connections',
      about: 'Connections within the window. Each may hold several guesses.',
    },
    window_s: { default: 600, unit: 's', about: 'Slower guessing is left to the accounts’ own locks.' },
    longest_s: {
      default: 60,
      unit: 's',
      about:
        'A connection that lives longer is somebody at work. OpenSSH’s grace is 120 s, tools wait 1 to 20.',
    },
    most_bytes: {
      default: 4290,
      unit: 'bytes either way',
      about: 'Above it an SSH log-in succeeded; Slips’ number.',
    },
    alike: {
      default: 0.8,
      unit: 'share',
      about: 'So many of the connections must be within a tenth of the median size.',
    },
    quiet_s: { default: 3600, unit: 's', about: 'The same guesser is not told again for this long.' },
  },
  start(knobs, sink): Watch {
    return new Guessing(knobs, sink);
  },
};

const TOLD = { guessing: 1, success: 2 } as const;

class Guessing implements Watch {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #pairs = new Slots(MAX_PAIRS);
  readonly #calls: Recent;
  readonly #told: Silence;
  readonly #sizes: Float64Array;
  readonly #key = new Key();
  readonly #short = new Key();

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#calls = new Recent(this.#pairs, knobs['attempts'], true);
    this.#sizes = new Float64Array(this.#calls.most);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_PAIRS);
  }

  relieve(): void {
    this.#pairs.age();
    this.#told.age();
  }

  get evicted(): number {
    return this.#pairs.evicted;
  }

  event(event: Event): void {
    const { flow } = event;
    if (event.type !== 'flow' || flow.protocol !== TCP || SERVICES[flow.dest_port] === undefined) return;
    const { payload_toserver: sent, payload_toclient: received } = flow;
    if (sent === 0 || received === 0) return;
    this.#key.begin().source(flow).destination(flow).word(flow.dest_port);
    const isShort = flow.last - flow.start <= this.#knobs['longest_s'] * 1e6;
    if (isShort && Math.max(sent, received) <= this.#knobs['most_bytes']) this.#brief(event);
    else this.#long(event);
  }

  /** A connection that nobody was let in by, as far as its shape tells. */
  #brief(event: Event): void {
    const { flow } = event;
    const slot = this.#pairs.claim(this.#key);
    const now = moment(flow.last);
    this.#calls.add(slot, now, flow.payload_toserver + flow.payload_toclient);
    const middle = this.#middle(slot, now);
    if (middle === 0 || !this.#tell(TOLD.guessing, event.time)) return;
    const { attempts, window_s } = this.#knobs;
    const service = SERVICES[flow.dest_port];
    const seconds = Math.max(1, Math.round(this.#calls.reach(slot, now, window_s * 1000) / 1000));
    this.#sink.raise(
      {
        rule: GUESSING,
        reason: {
          en: `${flow.src_ip} opened ${attempts} or more short connections of the same size to ${service} on ${flow.dest_ip} within ${seconds} s.`,
          ja: `${flow.src_ip} が ${seconds} 秒以内に ${flow.dest_ip} の ${service} へ同じ大きさの短い接続を ${attempts} 回以上開きました。`,
        },
        matched: [
          'src_ip',
          'dest_ip',
          'dest_port',
          'flow.payload_bytes_toserver',
          'flow.payload_bytes_toclient',
        ],
        facts: { 'yagura.connections': attempts, 'yagura.seconds': seconds, 'yagura.bytes': middle },
      },
      event,
    );
  }

  /** Somebody was let in; it matters when the same source was guessing. */
  #long(event: Event): void {
    const slot = this.#pairs.find(this.#key);
    if (slot < 0) return;
    const { flow } = event;
    const middle = this.#middle(slot, moment(flow.start));
    const size = flow.payload_toserver + flow.payload_toclient;
    if (middle === 0 || size < MUCH_LARGER * middle || !this.#tell(TOLD.success, event.time)) return;
    const service = SERVICES[flow.dest_port];
    this.#sink.raise(
      {
        rule: GUESSED,
        reason: {
          en: `After many short, alike connections to ${service} on ${flow.dest_ip}, ${flow.src_ip} held one that carried ${Math.round(size / middle)} times as much.`,
          ja: `${flow.src_ip} は ${flow.dest_ip} の ${service} への多数の短く同じ大きさの接続の後、${Math.round(size / middle)} 倍のデータを運ぶ接続を保ちました。`,
        },
        matched: ['src_ip', 'dest_ip', 'dest_port', 'flow.age'],
        facts: { 'yagura.bytes': size, 'yagura.usual': middle },
      },
      event,
    );
  }

  /** The middle size when enough of them within the window are alike; else 0. */
  #middle(slot: number, now: number): number {
    const { attempts, window_s, alike } = this.#knobs;
    const count = this.#calls.values(slot, now, window_s * 1000, this.#sizes);
    if (count < Math.min(attempts, this.#calls.most)) return 0;
    const sizes = this.#sizes.subarray(0, count).sort();
    const middle = sizes[count >> 1];
    let near = 0;
    for (const size of sizes) if (Math.abs(size - middle) <= middle / 10) near++;
    return near >= alike * count ? middle : 0;
  }

  #tell(kind: number, now: number): boolean {
    return this.#told.tell(this.#short.begin(kind).word(this.#key.high).word(this.#key.low), now);
  }
}
