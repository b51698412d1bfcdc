// TLS certificates that are odd: of servers outside that no authority of the web would vouch for.
/*
 * What: each certificate that a server outside shows is weighed once a day: signed by itself, expired, not valid yet, for
 * other names, for nobody, of many years, with a weak key or hash, with a tool's template or random letters for names.
 * Several together raise the alert; one light one is nobody's business.
 * Why it matters: implants bring their own certificates. They need a secret channel, not anybody's trust.
 * Method: features of Torroledo, Camacho and Bahnsen 2018 ("Hunting Malicious TLS Certificates with Deep Neural Networks")
 * and of Zeek's SSL::Invalid_Server_Cert, added up instead of learnt, so that each reason can be named. Validity by the
 * CA/Browser Forum's ballot SC-31 (398 days), names by RFC 9525, keys by its baseline requirements 6.1.5.
 * False positives: devices and clouds of makers that sign for themselves, remote desktops. What several hosts inside use
 * is told as low only. TLS 1.3 hides certificates: there is nothing to weigh.
 * ATT&CK: T1573.002 Encrypted Channel: Asymmetric Cryptography, T1587.003 Develop Capabilities: Digital Certificates.
 */
import type { Event } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import { type Certificate, type Oddity, odditiesOf } from './certificate/oddities.ts';
import type { AlertSink, Detector, Forgetful, Watch } from './detector.ts';
import { isAbroad } from './inside.ts';
import { Look } from './look.ts';
import { Distinct } from './sketch/distinct.ts';
import { Key } from './sketch/key.ts';
import { moment } from './sketch/moment.ts';
import { Silence } from './sketch/silence.ts';
import { Slots } from './sketch/slots.ts';

/** Certificates that were weighed. */
const MAX_CERTIFICATES = 20_000;
/** ms in which clients of a certificate are counted. */
const DAY = 86_400_000;
/** Names of oddities that a sentence lists. */
const MOST_SAID = 5;

const identity = (
  id: string,
  name: string,
  severity: RuleIdentity['severity'],
  confidence: number,
): RuleIdentity => ({
  id: `behaviour.certificate.${id}`,
  name,
  kind: 'behaviour',
  severity,
  confidence,
  tags: ['attack.command-and-control', 'attack.t1573', 'attack.t1573.002'],
});
const MADE_UP = identity('made-up', 'TLS certificate that looks made up', 'medium', 60);
const ODD = identity('odd', 'TLS certificate that nobody vouches for', 'low', 40);

const FIELDS = [
  'tls.subject',
  'tls.issuerdn',
  'tls.subjectaltname',
  'tls.sni',
  'tls.notbefore',
  'tls.notafter',
  'tls.self_signed',
  'tls.key_type',
  'tls.key_length',
  'tls.sig_alg',
  'tls.fingerprint',
] as const;

export const certificate: Detector = {
  name: 'certificate',
  about: 'Certificates of servers outside that are odd in several ways.',
  raises: [MADE_UP, ODD],
  looksAt: { tls: 'whole' },
  knobs: {
    weight: {
      default: 3,
      unit: 'points',
      about: 'Of what is odd, for the lower alert: signed by itself is 2, most others 1.',
    },
    heavy: {
      default: 6,
      unit: 'points',
      about: 'For the higher one: self-signed, asked for by no name, naming nobody and more besides.',
    },
    clients: {
      default: 3,
      unit: 'hosts',
      about:
        'A certificate that so many hosts inside met within a day is a product of the house, not an implant.',
    },
    quiet_s: { default: 86_400, unit: 's', about: 'A certificate is weighed once in this time.' },
  },
  start: (knobs, sink) => new CertificateWatch(knobs, sink),
};

class CertificateWatch implements Watch, Forgetful {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #seen = new Slots(MAX_CERTIFICATES);
  readonly #clients: Distinct;
  readonly #told: Silence;
  readonly #key = new Key();
  readonly #look = Object.fromEntries(FIELDS.map((name) => [name, new Look(name)])) as Readonly<
    Record<(typeof FIELDS)[number], Look>
  >;

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#clients = new Distinct(this.#seen, knobs['clients']);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_CERTIFICATES);
  }

  get evicted(): number {
    return this.#seen.evicted;
  }

  relieve(): void {
    this.#seen.age();
    this.#told.age();
  }

  event(event: Event): void {
    const { flow } = event;
    // Over DTLS all sign for themselves: calls compare fingerprints that they were told elsewhere (RFC 8827 §5.6).
    if (event.type !== 'tls' || flow.app_proto === 'dtls' || !isAbroad(flow, false)) return;
    const subject = this.#look['tls.subject'].text(event);
    if (subject === undefined) return;
    const key = this.#key;
    const client = key.begin().source(flow).short;
    key.begin().text(this.#look['tls.fingerprint'].text(event) ?? subject);
    const clients = this.#clients.add(this.#seen.claim(key), client, moment(event.time), DAY);
    // Weighed already, and it was no less odd.
    if (!this.#told.tell(key, event.time)) return;
    const found = odditiesOf(this.#read(event, subject), event.time / 1000);
    const weight = found.reduce((sum, one) => sum + one.weight, 0);
    const { weight: least, heavy, clients: many } = this.#knobs;
    if (weight < least) return;
    this.#raise(weight >= heavy && clients < many ? MADE_UP : ODD, event, found, weight);
  }

  #read(event: Event, subject: string): Certificate {
    const look = this.#look;
    const names = look['tls.subjectaltname'].read(event);
    const bits = look['tls.key_length'].read(event);
    const issuer = look['tls.issuerdn'].text(event);
    return {
      subject,
      issuer,
      names: (typeof names === 'object' ? names : [names]).filter((name) => typeof name === 'string'),
      sni: look['tls.sni'].text(event),
      notBefore: look['tls.notbefore'].text(event),
      notAfter: look['tls.notafter'].text(event),
      isSelfSigned: look['tls.self_signed'].read(event) === true || issuer === subject,
      keyType: look['tls.key_type'].text(event),
      keyLength: typeof bits === 'number' ? bits : undefined,
      signature: look['tls.sig_alg'].text(event),
    };
  }

  #raise(rule: RuleIdentity, event: Event, found: readonly Oddity[], weight: number): void {
    const { src_ip, dest_ip } = event.flow;
    const said = found.slice(0, MOST_SAID);
    this.#sink.raise(
      {
        rule,
        reason: {
          en: `${dest_ip} showed ${src_ip} an odd certificate: ${said.map(({ en }) => en).join('; ')}.`,
          ja: `${dest_ip} が ${src_ip} に不審な証明書を提示しました(${said.map(({ ja }) => ja).join('、')})。`,
        },
        matched: [...new Set(found.map(({ field }) => field))],
        facts: { 'yagura.weight': weight },
      },
      event,
    );
  }
}
