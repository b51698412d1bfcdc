// RFB, the protocol of VNC (RFC 6143): versions, way and result of the log-in, size of the screen, as one EVE `rfb` record.
import { shown } from '../bytes/line.ts';
import { u16, u32 } from '../bytes/read.ts';
import { latin1, startsWith, word } from '../bytes/text.ts';
import { describe } from './describe.ts';
import {
  type Direction,
  type Emit,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from './protocol.ts';

const VERSION_LENGTH = 12;
const VERSION_WORD = word('RFB ');
const NO_SECURITY = 1;
const VNC_SECURITY = 2;
const APPLE_SECURITY = 30;
const CHALLENGE = 16;
const SERVER_INIT = 24;
const APPLE_CREDENTIALS = 128;
const MAX_KEY = 1024;
const MAX_TEXT = 4096;

/** What comes next; each belongs to one side. */
type Step =
  | 'server_version'
  | 'client_version'
  | 'offer'
  | 'refusal'
  | 'choice'
  | 'challenge'
  | 'proof'
  | 'result'
  | 'reason'
  | 'client_init'
  | 'server_init';
const FROM_SERVER = new Set<Step>([
  'server_version',
  'offer',
  'refusal',
  'challenge',
  'result',
  'reason',
  'server_init',
]);

interface Session {
  server: string | undefined;
  client: string | undefined;
  offered: number[] | undefined;
  security: number | undefined;
  result: number | undefined;
  reason: string | undefined;
  shared: boolean | undefined;
  /** Bytes of the screen's description (RFC 6143 §7.3.2), as numbers. */
  screen: Screen | undefined;
}

interface Screen {
  readonly width: number;
  readonly height: number;
  readonly name: string;
  readonly bitsPerPixel: number;
  readonly depth: number;
  readonly isBigEndian: boolean;
  readonly isTrueColor: boolean;
  readonly max: readonly [number, number, number];
  readonly shift: readonly [number, number, number];
}

const isVersion = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= VERSION_LENGTH &&
  startsWith(b, at, end, VERSION_WORD) &&
  isDigits(b, at + 4) &&
  b[at + 7] === 0x2e &&
  isDigits(b, at + 8) &&
  b[at + 11] === 0x0a;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isDigits = (b: Uint8Array, at: number): boolean =>
  isDigit(b[at]) && isDigit(b[at + 1]) && isDigit(b[at + 2]);

class RfbStream implements StreamParser {
  readonly #session: Session = {
    server: undefined,
    client: undefined,
    offered: undefined,
    security: undefined,
    result: undefined,
    reason: undefined,
    shared: undefined,
    screen: undefined,
  };
  #step: Step = 'server_version';
  /** Of the client's choice: 3, 7 or 8. */
  #minor = 8;
  /** Bytes of a proof that depends on what the server sent. */
  #proof = CHALLENGE;
  #isSaid = false;

  stream(b: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes at least one byte, or returns.
    while (next < end) {
      if (this.#isSaid) return STREAM_DONE;
      // What a side says early waits for the other's turn.
      if (FROM_SERVER.has(this.#step) !== (direction === 1)) break;
      const taken = this.#take(b, next, end);
      if (taken < 0) {
        if (taken === STREAM_LOST) emit.anomaly('malformed_data');
        this.#say(emit);
        return taken;
      }
      if (taken === 0) break;
      next += taken;
    }
    return next - at;
  }

  /** @returns bytes of the step; 0 when they are not all there; below that how the session ended */
  #take(b: Uint8Array, at: number, end: number): number {
    const session = this.#session;
    const there = end - at;
    switch (this.#step) {
      case 'server_version':
      case 'client_version': {
        if (there < VERSION_LENGTH) return 0;
        if (!isVersion(b, at, end)) return STREAM_LOST;
        const text = latin1(b, at + 4, at + 11);
        if (this.#step === 'server_version') {
          session.server = text;
          this.#step = 'client_version';
        } else {
          session.client = text;
          const minor = Number(text.substring(4));
          this.#minor = text.startsWith('003') ? (minor >= 8 ? 8 : minor === 7 ? 7 : 3) : 8;
          this.#step = 'offer';
        }
        return VERSION_LENGTH;
      }
      case 'offer':
        return this.#offer(b, at, there);
      case 'refusal':
      case 'reason': {
        if (there < 4) return 0;
        const length = u32(b, at);
        if (length > MAX_TEXT) return STREAM_LOST;
        if (there < 4 + length) return 0;
        session.reason = shown(b, at + 4, at + 4 + length, 256);
        return STREAM_DONE;
      }
      case 'choice':
        session.security = b[at];
        return this.#secured(1);
      case 'challenge': {
        if (session.security === VNC_SECURITY) {
          if (there < CHALLENGE) return 0;
          this.#step = 'proof';
          return CHALLENGE;
        }
        if (there < 4) return 0;
        const key = u16(b, at + 2);
        if (key > MAX_KEY) return STREAM_LOST;
        if (there < 4 + 2 * key) return 0;
        this.#proof = APPLE_CREDENTIALS + key;
        this.#step = 'proof';
        return 4 + 2 * key;
      }
      case 'proof':
        if (there < this.#proof) return 0;
        this.#step = 'result';
        return this.#proof;
      case 'result':
        if (there < 4) return 0;
        session.result = u32(b, at);
        if (session.result === 0) this.#step = 'client_init';
        else if (this.#minor === 8) this.#step = 'reason';
        else return STREAM_DONE;
        return 4;
      case 'client_init':
        session.shared = b[at] !== 0;
        this.#step = 'server_init';
        return 1;
      default:
        return this.#screen(b, at, there);
    }
  }

  #offer(b: Uint8Array, at: number, there: number): number {
    const session = this.#session;
    if (this.#minor === 3) {
      if (there < 4) return 0;
      session.security = u32(b, at);
      if (session.security !== 0) return this.#secured(4);
      this.#step = 'refusal';
      return 4;
    }
    const count = b[at];
    if (there < 1 + count) return 0;
    session.offered = Array.from({ length: count }, (_, i) => b[at + 1 + i]);
    this.#step = count === 0 ? 'refusal' : 'choice';
    return 1 + count;
  }

  #secured(taken: number): number {
    const { security } = this.#session;
    if (security === VNC_SECURITY || security === APPLE_SECURITY) this.#step = 'challenge';
    else if (security === NO_SECURITY) this.#step = this.#minor === 8 ? 'result' : 'client_init';
    else return STREAM_DONE; // what follows is encrypted, or of its maker's own kind
    return taken;
  }

  #screen(b: Uint8Array, at: number, there: number): number {
    if (there < SERVER_INIT) return 0;
    const length = u32(b, at + 20);
    if (length > MAX_TEXT) return STREAM_LOST;
    if (there < SERVER_INIT + length) return 0;
    this.#session.screen = {
      width: u16(b, at),
      height: u16(b, at + 2),
      bitsPerPixel: b[at + 4],
      depth: b[at + 5],
      isBigEndian: b[at + 6] !== 0,
      isTrueColor: b[at + 7] !== 0,
      max: [u16(b, at + 8), u16(b, at + 10), u16(b, at + 12)],
      shift: [b[at + 14], b[at + 15], b[at + 16]],
      name: shown(b, at + SERVER_INIT, at + SERVER_INIT + length, 256),
    };
    return STREAM_DONE;
  }

  end(emit: Emit): void {
    this.#say(emit);
  }

  #say(emit: Emit): void {
    if (this.#isSaid || (this.#session.server === undefined && this.#session.client === undefined)) return;
    this.#isSaid = true;
    emit.event(this.#session);
  }
}

const { text, number, flag } = describe<Session>('rfb');
const RESULTS: readonly string[] = ['OK', 'FAIL', 'TOOMANY'];
const METHODS: Readonly<Record<number, string>> = {
  0: 'Invalid',
  1: 'None',
  2: 'VNC',
  5: 'RA2',
  6: 'RA2ne',
  16: 'Tight',
  17: 'Ultra',
  18: 'TLS',
  19: 'VeNCrypt',
  20: 'GTK-VNC SASL',
  21: 'MD5',
  22: 'Colin Dean xvp',
  30: 'Apple Remote Desktop',
};
const major = (version: string | undefined): string | undefined => version?.substring(0, 3);
const minor = (version: string | undefined): string | undefined => version?.substring(4);

export const rfb = {
  name: 'rfb',
  about: 'Remote Framebuffer of VNC: how a screen is shared, and whether the log-in succeeds.',
  tcpPorts: [5900, 5901, 5902, 5903],
  udpPorts: [],
  probe(bytes, at, end): Verdict {
    const there = end - at;
    for (let i = 0; i < Math.min(there, VERSION_WORD.length); i++)
      if (bytes[at + i] !== VERSION_WORD[i]) return 'no';
    if (there < VERSION_LENGTH) return 'more';
    return isVersion(bytes, at, end) ? 'yes' : 'no';
  },
  open: () => new RfbStream(),
  fields: [
    text('server_protocol_version.major', "First part of the server's version.", (s) => major(s.server), {
      aliases: ['server_major_version'],
    }),
    text('server_protocol_version.minor', 'Second part of it.', (s) => minor(s.server), {
      aliases: ['server_minor_version'],
    }),
    text('client_protocol_version.major', "First part of the client's version.", (s) => major(s.client), {
      aliases: ['client_major_version'],
    }),
    text('client_protocol_version.minor', 'Second part of it.', (s) => minor(s.client), {
      aliases: ['client_minor_version'],
    }),
    number('authentication.security_type', 'Way of the log-in, as a number.', (s) => s.security),
    text(
      'authentication.method',
      'Way of the log-in.',
      (s) => (s.security === undefined ? undefined : METHODS[s.security]),
      {
        aliases: ['authentication_method'],
      },
    ),
    text('authentication.security_result', 'OK, FAIL or TOOMANY.', (s) =>
      s.result === undefined ? undefined : (RESULTS[s.result] ?? `UNKNOWN (${s.result})`),
    ),
    number('authentication.offered', 'Ways that the server offers.', (s) => s.offered),
    text('server_security_failure_reason', 'Why the server refuses.', (s) => s.reason, { class: 'content' }),
    flag('screen_shared', 'Others may watch too.', (s) => s.shared, { aliases: ['share_flag'] }),
    number('framebuffer.width', 'Pixels across.', (s) => s.screen?.width, { aliases: ['width'] }),
    number('framebuffer.height', 'Pixels down.', (s) => s.screen?.height, { aliases: ['height'] }),
    text(
      'framebuffer.name',
      'Name of the screen: often that of its user or machine.',
      (s) => s.screen?.name,
      {
        class: 'identifier',
        aliases: ['desktop_name'],
      },
    ),
    number(
      'framebuffer.pixel_format.bits_per_pixel',
      'Bits that a pixel takes.',
      (s) => s.screen?.bitsPerPixel,
    ),
    number('framebuffer.pixel_format.depth', 'Bits of it that are used.', (s) => s.screen?.depth),
    flag('framebuffer.pixel_format.big_endian', 'The higher byte comes first.', (s) => s.screen?.isBigEndian),
    flag(
      'framebuffer.pixel_format.true_color',
      'A pixel is its colour, not a place in a table.',
      (s) => s.screen?.isTrueColor,
    ),
    number('framebuffer.pixel_format.red_max', 'Most of red.', (s) => s.screen?.max[0]),
    number('framebuffer.pixel_format.green_max', 'Most of green.', (s) => s.screen?.max[1]),
    number('framebuffer.pixel_format.blue_max', 'Most of blue.', (s) => s.screen?.max[2]),
    number('framebuffer.pixel_format.red_shift', 'Where red stands.', (s) => s.screen?.shift[0]),
    number('framebuffer.pixel_format.green_shift', 'Where green stands.', (s) => s.screen?.shift[1]),
    number('framebuffer.pixel_format.blue_shift', 'Where blue stands.', (s) => s.screen?.shift[2]),
  ],
  anomalies: { malformed_data: 'A message of the log-in contradicts itself.' },
} as const satisfies Protocol<Session>;
