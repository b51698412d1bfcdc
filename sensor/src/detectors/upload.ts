// Uploads: an inside host sends far more to one place outside than it takes from there.
/*
 * What: sums the payload bytes of flows per source and outside address in a sliding window of buckets.
 * Why it matters: data that leaves is the damage itself, and the last step at which it can still be limited.
 * Method: volume per pair and hour, as Slips does (100 MB a flow, 500 MB a window); our level is lower and asks for a
 * direction, since most large transfers are downloads.
 * False positives: backups to a cloud, video calls, uploads of an honest film. Allow the destination once it is known.
 * ATT&CK: T1048 Exfiltration Over Alternative Protocol, T1567.002 Exfiltration to Cloud Storage.
 */
import type { Event } from '../protocols/event.ts';
import type { RuleIdentity } from '../wire/alert.ts';
import type { AlertSink, Detector, Forgetful, Watch } from './detector.ts';
import { isAbroad, isInside } from './inside.ts';
import { Growth } from './sketch/growth.ts';
import { Key } from './sketch/key.ts';
import { Silence } from './sketch/silence.ts';
import { Slots } from './sketch/slots.ts';
import { Sums } from './sketch/sums.ts';

/** Source and destination pairs. */
const MAX_PAIRS = 20_000;
/** Flows that last, whose bytes are counted while they do. */
const MAX_LONG_FLOWS = 8_192;

const UPLOAD: RuleIdentity = {
  id: 'behaviour.upload',
  name: 'Upload: large volume to one place outside',
  kind: 'behaviour',
  severity: 'medium',
  confidence: 60,
  tags: ['attack.exfiltration', 'attack.t1048', 'attack.t1567.002'],
};

export const upload: Detector = {
  name: 'upload',
  about: 'Far more bytes to one outside address than from it.',
  raises: [UPLOAD],
  looksAt: { flow: 'whole', flow_update: 'whole' },
  knobs: {
    megabytes: {
      default: 25,
      unit: 'MB',
      about: 'Sent to one address within the window; below it are mails with their attachments.',
    },
    window_s: { default: 3600, unit: 's', about: 'An hour gathers an upload cut into many connections.' },
    ratio: {
      default: 5,
      unit: 'times',
      about: 'Sent over received. Video calls are near 1, downloads far below.',
    },
    quiet_s: { default: 3600, unit: 's', about: 'The same upload is not told again for this long.' },
  },
  start(knobs, sink): Watch {
    return new Upload(knobs, sink);
  },
};

class Upload implements Watch, Forgetful {
  readonly #knobs: Readonly<Record<string, number>>;
  readonly #sink: AlertSink;
  readonly #pairs = new Slots(MAX_PAIRS);
  readonly #sent: Sums;
  readonly #received: Sums;
  readonly #growth = new Growth(MAX_LONG_FLOWS);
  readonly #told: Silence;
  readonly #key = new Key();

  constructor(knobs: Readonly<Record<string, number>>, sink: AlertSink) {
    this.#knobs = knobs;
    this.#sink = sink;
    this.#sent = new Sums(this.#pairs, knobs['window_s'] * 1e6);
    this.#received = new Sums(this.#pairs, knobs['window_s'] * 1e6);
    this.#told = new Silence(knobs['quiet_s'] * 1e6, MAX_PAIRS);
  }

  get evicted(): number {
    return this.#pairs.evicted;
  }

  relieve(): void {
    this.#pairs.age();
    this.#growth.age();
    this.#told.age();
  }

  event(event: Event): void {
    const { flow } = event;
    const isOver = event.type === 'flow';
    if ((!isOver && event.type !== 'flow_update') || flow.payload_toserver === 0) return;
    if (!isInside(flow, true) || !isAbroad(flow, false)) return;
    const { window_s, megabytes, ratio } = this.#knobs;
    const grown = this.#growth.of(flow, isOver);
    const key = this.#key.begin().source(flow).destination(flow);
    const pair = this.#pairs.claim(key);
    const sent = this.#sent.add(pair, grown.sent, flow.last);
    const received = this.#received.add(pair, grown.received, flow.last);
    if (sent < megabytes * 1e6 || sent < ratio * received || !this.#told.tell(key, event.time)) return;
    const shown = Math.round(sent / 1e6);
    this.#sink.raise(
      {
        rule: UPLOAD,
        reason: {
          en: `${flow.src_ip} sent ${shown} MB to ${flow.dest_ip} within ${window_s} s and received ${Math.round(received / 1e6)} MB.`,
          ja: `${flow.src_ip} が ${window_s} 秒以内に ${flow.dest_ip} へ ${shown} MB を送信しました(受信は ${Math.round(received / 1e6)} MB)。`,
        },
        matched: ['src_ip', 'dest_ip', 'flow.payload_bytes_toserver', 'flow.payload_bytes_toclient'],
        facts: { 'yagura.sent': sent, 'yagura.received': received, 'yagura.seconds': window_s },
      },
      event,
    );
  }
}
