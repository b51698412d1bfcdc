// Failed log-ins, where the protocol says how they ended: many at one service, many users from one source, and one that
// succeeds after them.
/*
 * What: per source, host and protocol the log-ins that failed within minutes (brute force); per source the different users
 * whose log-in failed within an hour, against those who got in (password spraying); a success after either.
 * Why it matters: guessed passwords are the commonest way in, and the success is the moment when it becomes a break-in.
 * Method: counts of failures in a window as Zeek's detect-bruteforcing (FTP: 20 in 15 minutes) and Slips (SMTP: 3 in 10 s)
 * take them; spraying by distinct users per source, few tries each, as MITRE describes T1110.003. Users are counted by a
 * hash, in place: nobody's name leaves.
 * False positives: a program with an old password that tries again and again (one user, hence no more than medium), a
 * gateway or proxy behind which many people log in (more of them get in than fail: then spraying is not told).
 * ATT&CK: T1110.001 Password Guessing, T1110.003 Password Spraying, T1110.004 Credential Stuffing, T1078 Valid Accounts.
 */
import type { Event, FlowView } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Finding, Watch } from './detector.ts';
import { LOGINS, type Logins } from './login/outcomes.ts';
import { Distinct } from './sketch/distinct.ts';
import { Key } from './sketch/key.ts';
import { moment } from './sketch/moment.ts';
import { Recent } from './sketch/recent.ts';
import { Silence } from './sketch/silence.ts';
import { Slots } from './sketch/slots.ts';

/** Sources × services with failures, and sources with failures: some 100 bytes each. */
const MAX_PAIRS = 16_384;
const MAX_SOURCES = 8_192;
/** Sources × services with forms of unknown outcome. */
const MAX_FORMS = 2_048;
const MAX_TOLD = 8_192;

const identity = (
  id: string,
  name: string,
  severity: RuleIdentity['severity'],
  confidence: number,
  technique: string,
): RuleIdentity => ({
  id: `behaviour.login-failure.${id}`,
  name,
  kind: 'behaviour',
  severity,
  confidence,
  tags: ['attack.credential-access', 'attack.t1110', `attack.${technique}`],
});
const BRUTE = identity('many', 'Log-ins at one service fail again and again', 'medium', 75, 't1110.001');
const FORMS = identity('form', 'A log-in form is sent again and again', 'medium', 65, 't1110.001');
const SPRAY = identity('users', 'Log-ins of many users fail from one source', 'high', 80, 't1110.003');
const SUCCESS = identity('success', 'A log-in succeeds after many failures', 'high', 75, 't1078');

export const loginFailure: Detector = {
  name: 'login-failure',
  about: 'Log-ins that fail again and again, for one user or for many, and one that succeeds then.',
  raises: [BRUTE, FORMS, SPRAY, SUCCESS],
  looksAt: Object.fromEntries([...LOGINS].map(([type, { fields }]) => [type, fields])),
  knobs: {
    failures: {
      default: 20,
      unit: 'failed log-ins',
      about: 'At one service within the window; a person gives up or calls for help earlier.',
    },
    window_s: { default: 600, unit: 's', about: 'Slower guessing is left to the accounts’ own locks.' },
    forms: {
      default: 40,
      unit: 'log-in forms sent',
      about:
        'Within the window, when the status does not say how they ended: behind a proxy many people log in.',
    },
    users: {
      default: 10,
      unit: 'distinct users',
      about: 'Whose log-in failed from one source: above a shared desk, below any list of users.',
    },
    users_s: { default: 3600, unit: 's', about: 'Sprayers wait between rounds so that no account locks.' },
    quiet_s: { default: 3600, unit: 's', about: 'The same guesser is not told again for this long.' },
  },
  start(knobs, sink): Watch {
    return new LoginFailure(knobs, sink);
  },
};

/** What is told. */
const TOLD = { many: 1, form: 2, users: 3, success: 4 } as const;
/** One number for each protocol, in keys. */
const PLACES = new Map([...LOGINS.keys()].map((type, place) => [type, place]));

class LoginFailure implements Watch {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #pairs = new Slots(MAX_PAIRS);
  readonly #failures: Recent;
  readonly #forms = new Slots(MAX_FORMS);
  readonly #sent: Recent;
  readonly #sources = new Slots(MAX_SOURCES);
  readonly #refused: Distinct;
  readonly #admitted: Distinct;
  readonly #told: Silence;
  readonly #key = new Key();
  readonly #short = new Key();

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#failures = new Recent(this.#pairs, knobs['failures']);
    this.#sent = new Recent(this.#forms, knobs['forms']);
    this.#refused = new Distinct(this.#sources, knobs['users']);
    this.#admitted = new Distinct(this.#sources, knobs['users']);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_TOLD);
  }

  relieve(): void {
    this.#pairs.age();
    this.#forms.age();
    this.#sources.age();
    this.#told.age();
  }

  get evicted(): number {
    return this.#pairs.evicted + this.#forms.evicted + this.#sources.evicted;
  }

  event(event: Event): void {
    const logins = LOGINS.get(event.type);
    if (logins === undefined) return;
    const outcome = logins.outcome(event);
    if (outcome === undefined) return;
    this.#key.begin(PLACES.get(event.type)).source(event.flow).destination(event.flow);
    if (outcome === 'failed') this.#failed(logins, event);
    else if (outcome === 'succeeded') this.#succeeded(logins, event);
    else this.#tried(logins, event);
  }

  #failed(logins: Logins, event: Event): void {
    const { flow, time } = event;
    const now = moment(time);
    const { failures, window_s: seconds } = this.#knobs;
    const slot = this.#pairs.claim(this.#key);
    this.#failures.add(slot, now);
    const count = this.#failures.count(slot, now, seconds * 1000);
    if (count >= failures && this.#tell(TOLD.many, time)) {
      const { service } = logins;
      const reason = {
        en: `${flow.src_ip} failed to log in to ${service} on ${flow.dest_ip} ${count} or more times within ${seconds} s.`,
        ja: `${flow.src_ip} が ${seconds} 秒以内に ${flow.dest_ip} の ${service} へのログインに ${count} 回以上失敗しました。`,
      };
      this.#raise(BRUTE, reason, { 'yagura.failures': count }, flow);
    }
    this.#refuse(logins.user(event), flow, time);
  }

  #refuse(user: string | undefined, flow: FlowView, time: number): void {
    if (user === undefined) return;
    const now = moment(time);
    const { users, users_s: seconds } = this.#knobs;
    const slot = this.#sources.claim(this.#key.begin().source(flow));
    const refused = this.#refused.add(slot, this.#short.begin().text(user).short, now, seconds * 1000);
    if (refused < users || this.#admitted.count(slot, now, seconds * 1000) >= refused) return;
    if (!this.#tell(TOLD.users, time)) return;
    const reason = {
      en: `Log-ins of ${refused} or more different users failed from ${flow.src_ip} within ${seconds} s.`,
      ja: `${flow.src_ip} から ${seconds} 秒以内に ${refused} 人以上の異なる利用者のログインが失敗しました。`,
    };
    this.#raise(SPRAY, reason, { 'yagura.users': refused }, flow);
  }

  #succeeded(logins: Logins, event: Event): void {
    const { flow, time } = event;
    const now = moment(time);
    const { failures, forms, window_s, users, users_s } = this.#knobs;
    const pair = this.#pairs.find(this.#key);
    const failed = pair < 0 ? 0 : this.#failures.count(pair, now, window_s * 1000);
    const form = this.#forms.find(this.#key);
    const sent = form < 0 ? 0 : this.#sent.count(form, now, window_s * 1000);
    const source = this.#sources.find(this.#key.begin().source(flow));
    const refused = source < 0 ? 0 : this.#refused.count(source, now, users_s * 1000);
    const user = source < 0 ? undefined : logins.user(event);
    if (user !== undefined)
      this.#admitted.add(source, this.#short.begin().text(user).short, now, users_s * 1000);
    const isSpray = refused >= users && this.#admitted.count(source, now, users_s * 1000) < refused;
    if ((failed < failures && sent < forms && !isSpray) || !this.#tell(TOLD.success, time)) return;
    const reason = {
      en: `${flow.src_ip} logged in to ${logins.service} on ${flow.dest_ip} after many failed log-ins.`,
      ja: `${flow.src_ip} が多数のログイン失敗の後、${flow.dest_ip} の ${logins.service} へのログインに成功しました。`,
    };
    const facts = { 'yagura.failures': failed, 'yagura.users': refused, 'yagura.forms': sent };
    this.#raise(SUCCESS, reason, facts, flow);
  }

  #tried(logins: Logins, { flow, time }: Event): void {
    const now = moment(time);
    const { forms, window_s: seconds } = this.#knobs;
    const slot = this.#forms.claim(this.#key);
    this.#sent.add(slot, now);
    const count = this.#sent.count(slot, now, seconds * 1000);
    if (count < forms || !this.#tell(TOLD.form, time)) return;
    const reason = {
      en: `${flow.src_ip} sent a ${logins.service} log-in form to ${flow.dest_ip} ${count} or more times within ${seconds} s.`,
      ja: `${flow.src_ip} が ${seconds} 秒以内に ${flow.dest_ip} の ${logins.service} ログインフォームを ${count} 回以上送信しました。`,
    };
    this.#raise(FORMS, reason, { 'yagura.forms': count }, flow);
  }

  #tell(kind: number, now: number): boolean {
    return this.#told.tell(this.#short.begin(kind).word(this.#key.high).word(this.#key.low), now);
  }

  #raise(rule: RuleIdentity, reason: Finding['reason'], facts: Finding['facts'], flow: FlowView): void {
    this.#sink.raise({ rule, reason, matched: ['src_ip', 'dest_ip', 'dest_port'], facts }, flow);
  }
}
