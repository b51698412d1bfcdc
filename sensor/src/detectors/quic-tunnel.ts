// Tunnels through QUIC: conversations that last for hours and carry as much out as in, the odder the more they hide.
/*
 * What: duration and volume both ways of QUIC flows to the outside, with what their hello did not say: no server name, an
 * application nobody knows, a port that is not the web's.
 * Why it matters: QUIC looks alike whatever it carries, and 443/udp is open. Tunnels over it (Chisel, Sliver, MASQUE) are
 * one file.
 * Method: duration and producer-consumer ratio (Bullard, Gerth 2014), as RITA's long connections and Zeek's PCR scripts use
 * them; the shape of tunnels in Camacho et al.'s and CESNET's QUIC datasets: long-lived and near to symmetric.
 * False positives: conversations by video over QUIC, relays of a maker's cloud (which are tunnels, and perhaps allowed).
 * ATT&CK: T1572 Protocol Tunneling, T1090 Proxy, T1571 Non-Standard Port.
 */
import type { Event } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Forgetful, Watch } from './detector.ts';
import { isAbroad, isInside } from './inside.ts';
import { Look } from './look.ts';
import { Key } from './sketch/key.ts';
import { Silence } from './sketch/silence.ts';
import { type Column, Slots } from './sketch/slots.ts';

/** QUIC flows whose hello was seen. */
const MAX_FLOWS = 16_384;
const MAX_TOLD = 5_000;
const PORTS: ReadonlySet<number> = new Set([443, 784, 853, 8443]);
/** Registered by IANA for QUIC, and the drafts of HTTP/3. */
const APPLICATIONS = /^(h3(-\w+)?|hq-\d+|doq(-\w+)?|smb|quic|moq(-\w+)?|perf|siduck.*)$/;

/** What was odd about a hello, a bit each; the first says that there was one. */
const HELLO = 1;
const NO_NAME = 2;
const NO_APPLICATION = 4;

const identity = (
  id: string,
  name: string,
  severity: RuleIdentity['severity'],
  confidence: number,
): RuleIdentity => ({
  id: `behaviour.quic-tunnel.${id}`,
  name,
  kind: 'behaviour',
  severity,
  confidence,
  tags: ['attack.command-and-control', 'attack.t1572', 'attack.t1090'],
});
const HIDDEN = identity('hidden', 'QUIC tunnel: long, symmetric, and without a name', 'medium', 60);
const LONG = identity('long', 'QUIC conversation that is long and symmetric', 'low', 40);

export const quicTunnel: Detector = {
  name: 'quic-tunnel',
  about: 'QUIC conversations that last and carry as much out as in.',
  raises: [HIDDEN, LONG],
  looksAt: {
    flow: 'whole',
    flow_update: 'whole',
    quic: ['quic.sni', 'quic.client_alpns', 'quic.ja4', 'quic.ech'],
  },
  knobs: {
    minutes: {
      default: 30,
      unit: 'min',
      about:
        'RITA begins at an hour; browsers end what is idle after 30 s, so half an hour is somebody’s will.',
    },
    megabytes: { default: 5, unit: 'MB', about: 'Each way: less is a connection that is kept alive.' },
    ratio: {
      default: 0.25,
      unit: 'share',
      about: 'Of the smaller direction in the larger. The web is below 0.1, films and uploads below 0.05.',
    },
    quiet_s: { default: 86_400, unit: 's', about: 'The same two hosts are not told again for a day.' },
  },
  start: (knobs, sink) => new QuicTunnel(knobs, sink),
};

class QuicTunnel implements Watch, Forgetful {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #flows = new Slots(MAX_FLOWS);
  readonly #hello: Column<Uint8Array> = this.#flows.bytes();
  readonly #told: Silence;
  readonly #key = new Key();
  readonly #name = new Look('quic.sni');
  readonly #application = new Look('quic.client_alpns');
  readonly #fingerprint = new Look('quic.ja4');
  readonly #sealed = new Look('quic.ech');

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_TOLD);
  }

  get evicted(): number {
    return this.#flows.evicted;
  }

  relieve(): void {
    this.#flows.age();
    this.#told.age();
  }

  event(event: Event): void {
    if (event.type === 'quic') this.#met(event);
    else if ((event.type === 'flow' || event.type === 'flow_update') && event.flow.app_proto === 'quic')
      this.#judge(event);
  }

  /** A hello that could be read: it has a fingerprint. */
  #met(event: Event): void {
    if (this.#fingerprint.text(event) === undefined) return;
    let bits = HELLO;
    if (this.#name.text(event) === undefined && this.#sealed.read(event) !== true) bits |= NO_NAME;
    if (!APPLICATIONS.test(this.#application.text(event) ?? '')) bits |= NO_APPLICATION;
    // What is ordinary needs no place.
    if (bits !== HELLO) this.#hello.cells[this.#flows.claim(this.#key.begin().word(event.flow.id))] = bits;
  }

  #judge(event: Event): void {
    const { flow } = event;
    const { minutes, megabytes, ratio } = this.#knobs;
    const { payload_toserver: sent, payload_toclient: received } = flow;
    const least = Math.min(sent, received);
    if (least < megabytes * 1e6 || least < ratio * Math.max(sent, received)) return;
    const seconds = (flow.last - flow.start) / 1e6;
    if (seconds < minutes * 60 || !isInside(flow, true) || !isAbroad(flow, false)) return;
    const slot = this.#flows.find(this.#key.begin().word(flow.id));
    const isHidden = slot >= 0 || !PORTS.has(flow.dest_port);
    if (!this.#told.tell(this.#key.begin().source(flow).destination(flow), event.time)) return;
    const { src_ip, dest_ip } = flow;
    const shown = Math.round(seconds / 60);
    const [out, back] = [Math.round(sent / 1e6), Math.round(received / 1e6)];
    this.#sink.raise(
      {
        rule: isHidden ? HIDDEN : LONG,
        reason: {
          en: `${src_ip} has spoken QUIC with ${dest_ip} for ${shown} minutes: ${out} MB out, ${back} MB in${isHidden ? ', without a server name, with an unknown application or on an unusual port' : ''}.`,
          ja: `${src_ip} が ${dest_ip} と ${shown} 分間QUICで通信しました(送信 ${out} MB、受信 ${back} MB${isHidden ? '、サーバー名または既知のアプリケーション名なし' : ''})。`,
        },
        matched: ['app_proto', 'flow.age', 'flow.payload_bytes_toserver', 'flow.payload_bytes_toclient'],
        facts: { 'yagura.minutes': shown, 'yagura.sent': sent, 'yagura.received': received },
      },
      event,
    );
  }
}
