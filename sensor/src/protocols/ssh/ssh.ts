// SSH (RFC 4253): both banners and both sides' first key exchange messages; all behind them is encrypted.
import { shown } from '../../bytes/line.ts';
import { u32 } from '../../bytes/read.ts';
import { find, startsWith, word } from '../../bytes/text.ts';
import {
  type Direction,
  type Emit,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from '../protocol.ts';
import { Session, sshFields } from './fields.ts';
import { readKexInit } from './kexinit.ts';

const BANNER = word('SSH-');
/** RFC 4253 §4.2 allows 255; more is tolerated, as servers do. */
const MAX_BANNER = 512;
const MAX_PACKET = 35_000;
const PACKET_HEADER = 5;
const KEXINIT = 20;
/** SSH_MSG_DISCONNECT … SSH_MSG_DEBUG may stand before it. */
const LAST_GENERIC = 4;
const LF = 0x0a;
const CR = 0x0d;

class SshStream implements StreamParser {
  readonly #session = new Session();
  #finished = 0;
  #emitted = false;

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const side = direction === 0 ? this.#session.client : this.#session.server;
    let next = at;
    if (side.banner === undefined) {
      const lf = find(bytes, LF, at, Math.min(end, at + MAX_BANNER));
      if (lf < 0) return end - at >= MAX_BANNER ? this.#lose(emit) : 0;
      if (!startsWith(bytes, at, lf, BANNER)) return this.#lose(emit);
      side.banner = shown(bytes, at, bytes[lf - 1] === CR ? lf - 1 : lf, 255);
      next = lf + 1;
      // Protocol 1 has other packets.
      if (/^SSH-1\.(?!99)/.test(side.banner)) return this.#finish(direction, emit);
    }
    // Ends: each turn takes a whole packet, or returns.
    while (end - next >= PACKET_HEADER + 1) {
      const length = u32(bytes, next);
      const padding = bytes[next + 4];
      const type = bytes[next + PACKET_HEADER];
      if (length > MAX_PACKET || length < padding + 2 || (type !== KEXINIT && type > LAST_GENERIC)) {
        emit.anomaly('invalid_packet');
        return this.#finish(direction, emit);
      }
      if (end - next - 4 < length) break;
      if (type === KEXINIT) {
        side.kexInit = readKexInit(bytes, next + PACKET_HEADER + 1, next + 4 + length - padding);
        if (side.kexInit === undefined) emit.anomaly('invalid_kexinit');
        return this.#finish(direction, emit);
      }
      next += 4 + length;
    }
    return next - at;
  }

  #lose(emit: Emit): number {
    emit.anomaly('invalid_banner');
    this.end(emit);
    return STREAM_LOST;
  }

  #finish(direction: Direction, emit: Emit): number {
    this.#finished |= 1 << direction;
    if (this.#finished === 3) this.end(emit);
    return STREAM_DONE;
  }

  end(emit: Emit): void {
    const { client, server } = this.#session;
    if (this.#emitted || (client.banner === undefined && server.banner === undefined)) return;
    this.#emitted = true;
    emit.event(this.#session);
  }
}

export const ssh = {
  name: 'ssh',
  about: 'Secure Shell: banners and key exchange.',
  tcpPorts: [22],
  udpPorts: [],
  probe(bytes, at, end): Verdict {
    if (end - at >= BANNER.length) return startsWith(bytes, at, end, BANNER) ? 'yes' : 'no';
    for (let i = at; i < end; i++) if (bytes[i] !== BANNER[i - at]) return 'no';
    return 'more';
  },
  open: () => new SshStream(),
  fields: sshFields,
  anomalies: {
    invalid_banner: 'A side began with something else than a banner.',
    invalid_packet: 'What followed a banner is no packet of the key exchange.',
    invalid_kexinit: 'The lists of a key exchange message do not fit into it.',
  },
} as const satisfies Protocol<Session>;
