// Tunnels through ICMP: echo requests whose answers are no echo, or whose sizes change all the time.
/*
 * What: packets and payload of each conversation of echo requests. An answer repeats its request, so answers can never
 * bring more than was asked for, nor be more in number; and whoever pings does so with one size.
 * Why it matters: ICMP passes where everything else is forbidden, and hardly anybody looks into it.
 * Method: what Singh, Nordström and Lu 2003 ("Prevention of ICMP Tunneling") take for granted of echo, turned around; the
 * size and rate rules of MITRE's DET0463 and of Suricata's icmp tunnel signatures, without looking into the payload.
 * False positives: a capture that misses requests, a person who tries out packet sizes.
 * ATT&CK: T1095 Non-Application Layer Protocol, T1572 Protocol Tunneling, T1048.003 Exfiltration Over Unencrypted Protocol.
 */
import { ICMP, ICMPV6 } from '../layers/packet.ts';
import type { Event } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Finding, Watch } from './detector.ts';
import { Key } from './sketch/key.ts';
import { Silence } from './sketch/silence.ts';

const MAX_TOLD = 5_000;
const ECHO_REQUEST = 8;
const ECHO_REQUEST6 = 128;
/** Of what was asked for: above it answers are no echo. */
const MORE = 1.1;

const identity = (
  id: string,
  name: string,
  severity: RuleIdentity['severity'],
  confidence: number,
): RuleIdentity => ({
  id: `behaviour.icmp-tunnel.${id}`,
  name,
  kind: 'behaviour',
  severity,
  confidence,
  tags: [
    'attack.command-and-control',
    'attack.t1095',
    'attack.t1572',
    'attack.exfiltration',
    'attack.t1048.003',
  ],
});
const NO_ECHO = identity('no-echo', 'ICMP tunnel: answers bring more than was asked', 'high', 85);
const CHANGING = identity('changing', 'ICMP tunnel: echo requests of ever changing size', 'medium', 60);

export const icmpTunnel: Detector = {
  name: 'icmp-tunnel',
  about: 'Echo requests that carry something.',
  raises: [NO_ECHO, CHANGING],
  looksAt: { flow: 'whole', flow_update: 'whole' },
  knobs: {
    packets: {
      default: 50,
      unit: 'requests',
      about: 'Of one conversation. A look at packet sizes by hand takes a dozen or two.',
    },
    bytes: {
      default: 5_000,
      unit: 'bytes of payload',
      about: 'To the server: a hundred pings of the usual size.',
    },
    quiet_s: { default: 3600, unit: 's', about: 'The same tunnel is not told again for this long.' },
  },
  start: (knobs, sink) => new IcmpTunnel(knobs, sink),
};

class IcmpTunnel implements Watch {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #told: Silence;
  readonly #key = new Key();

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_TOLD);
  }

  relieve(): void {
    this.#told.age();
  }

  event(event: Event): void {
    const { flow } = event;
    if (flow.protocol !== ICMP && flow.protocol !== ICMPV6) return;
    if (event.type !== 'flow' && event.type !== 'flow_update') return;
    if (flow.icmp_type !== (flow.protocol === ICMP ? ECHO_REQUEST : ECHO_REQUEST6)) return;
    const { pkts_toserver: asked, pkts_toclient: answered } = flow;
    const { payload_toserver: sent, payload_toclient: received } = flow;
    const { packets, bytes } = this.#knobs;
    if (asked < packets || sent + received < 2 * bytes) return;
    const isMore = received > sent * MORE + bytes / 10 || answered > asked * MORE + packets / 10;
    // Of one size all, the mean is a whole number.
    const isChanging = sent % asked !== 0 && sent >= bytes;
    if (!isMore && !isChanging) return;
    if (!this.#told.tell(this.#key.begin().source(flow).destination(flow), event.time)) return;
    const { src_ip, dest_ip } = flow;
    const reason: Finding['reason'] = isMore
      ? {
          en: `${dest_ip} answered ${asked} echo requests of ${src_ip} with more than they held: ${sent} bytes out, ${received} back.`,
          ja: `${dest_ip} が ${src_ip} のICMPエコー要求 ${asked} 件に、要求を上回るデータを返しました(送信 ${sent} バイト、受信 ${received} バイト)。`,
        }
      : {
          en: `${src_ip} sent ${asked} echo requests of changing size to ${dest_ip}, ${sent} bytes together.`,
          ja: `${src_ip} が ${dest_ip} へ、大きさの変わるICMPエコー要求を ${asked} 件(計 ${sent} バイト)送信しました。`,
        };
    this.#sink.raise(
      {
        rule: isMore ? NO_ECHO : CHANGING,
        reason,
        matched: [
          'icmp_type',
          'flow.pkts_toserver',
          'flow.payload_bytes_toserver',
          'flow.payload_bytes_toclient',
        ],
        facts: { 'yagura.sent': sent, 'yagura.received': received },
      },
      event,
    );
  }
}
