// Password guessing: one source opens many short, alike connections to a log-in service.
/*
 * What: per source and service (address and port) the sizes of the last connections that spoke and ended soon. Many of
 * them within minutes, nearly all of the same size, are a program that tries one password after another.
 * Why it matters: guessed passwords are the commonest way in. The content may be sealed; a refusal always looks alike.
 * Method: Zeek's detect-bruteforcing counts 30 failed SSH log-ins in 30 minutes, Slips calls a connection with less than
 * 4,290 bytes back no success; alikeness replaces reading the outcome. Web log-ins are rules' work (http status).
 * False positives: scripts that run one short command per connection (deployment, backup): allow their source.
 * ATT&CK: T1110 Brute Force, T1110.001 Password Guessing, T1110.003 Password Spraying.
 */
import type { Event } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Watch } from './detector.ts';
import { Lru } from './sketch/lru.ts';
import { Quiet } from './sketch/quiet.ts';
import { Ring } from './sketch/ring.ts';

/** Sources × services. */
const MAX_PAIRS = 10_000;
const TCP = 6;
const SERVICES: Readonly<Record<number, string>> = {
  21: 'FTP',
  22: 'SSH',
  23: 'Telnet',
  110: 'POP3',
  143: 'IMAP',
  389: 'LDAP',
  445: 'SMB',
  587: 'SMTP submission',
  1433: 'SQL Server',
  3306: 'MySQL',
  3389: 'RDP',
  5432: 'PostgreSQL',
  5900: 'VNC',
};

const GUESSING: RuleIdentity = {
  id: 'behaviour.guessing',
  name: 'Password guessing: many alike connections to a log-in service',
  kind: 'behaviour',
  severity: 'high',
  confidence: 80,
  tags: ['attack.credential-access', 'attack.t1110', 'attack.t1110.001'],
};

interface Pair {
  readonly times: Ring;
  readonly sizes: Ring;
}

export const guessing: Detector = {
  name: 'guessing',
  about: 'Many short, alike connections from one source to one log-in service.',
  raises: [GUESSING],
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

class Guessing implements Watch {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #pairs = new Lru<string, Pair>(MAX_PAIRS);
  readonly #told: Quiet;

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#told = new Quiet(knobs['quiet_s'] * 1e6, MAX_PAIRS);
  }

  relieve(): void {
    this.#pairs.age();
    this.#told.age();
  }

  event(event: Event): void {
    const { flow } = event;
    if (event.type !== 'flow' || flow.protocol !== TCP || SERVICES[flow.dest_port] === undefined) return;
    const { attempts, window_s, longest_s, most_bytes, alike } = this.#knobs;
    if (flow.payload_toserver === 0 || flow.payload_toclient === 0) return;
    if (Math.max(flow.payload_toserver, flow.payload_toclient) > most_bytes) return;
    if (flow.last - flow.start > longest_s * 1e6) return;
    const key = `${flow.src_ip} ${flow.dest_ip} ${flow.dest_port}`;
    const pair = this.#pairs.touch(key, () => ({ times: new Ring(attempts), sizes: new Ring(attempts) }));
    pair.times.push(flow.start);
    pair.sizes.push(flow.payload_toserver + flow.payload_toclient);
    if (pair.times.size < attempts) return;
    const times = pair.times.values();
    const span = Math.max(...times) - Math.min(...times);
    if (span > window_s * 1e6) return;
    const sizes = pair.sizes.values().sort((a, b) => a - b);
    const middle = sizes[sizes.length >> 1];
    const near = sizes.filter((size) => Math.abs(size - middle) <= middle / 10).length;
    if (near < alike * attempts || this.#told.tell(key, event.time) < 0) return;
    const service = SERVICES[flow.dest_port];
    const seconds = Math.max(1, Math.round(span / 1e6));
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
}
