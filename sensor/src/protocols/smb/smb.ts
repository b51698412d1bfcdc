// SMB 1, 2 and 3 over TCP, direct or in NetBIOS sessions: requests with their responses as EVE `smb` records; contents are passed over.
import { u16le, u24, u32 } from '../../bytes/read.ts';
import { u64le } from '../../bytes/windows.ts';
import {
  type Direction,
  type Emit,
  type Protocol,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from '../protocol.ts';
import { smbFields } from './fields.ts';
import { HEADER_1, read1, wanted1 } from './smb1.ts';
import { Chain, HEADER_2, read2, wanted2 } from './smb2.ts';
import { ENCRYPTED, SmbState, Transaction } from './state.ts';

/** Type and length in front of each message (MS-SMB2 §2.1, RFC 1002 §4.3). */
const FRAME = 4;
const SESSION_MESSAGE = 0x00;
const SESSION_REQUEST = 0x81;
const KEEP_ALIVE = 0x85;
/** Two encoded names of 34 octets. */
const SESSION_REQUEST_LENGTH = 68;

const SMB_1 = 0xff534d42;
const SMB_2 = 0xfe534d42;
const TRANSFORM = 0xfd534d42;
const COMPRESSED = 0xfc534d42;
const TRANSFORM_HEADER = 52;
/** Messages that are none before the flow is given up. */
const MAX_MALFORMED = 3;

class Side {
  /** Bytes of the framed message that are yet to come, from the next one on. */
  left = 0;
  /** Bytes that are passed over. */
  skip = 0;
  /** Bytes that were offered and not taken. */
  held = 0;
  /** Behind a hole: the next frame is looked for. */
  isLost = false;
  chain = new Chain();
}

class SmbStream implements StreamParser {
  readonly #state = new SmbState();
  readonly #sides = [new Side(), new Side()] as const;
  #malformed = 0;

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const side = this.#sides[direction];
    this.#state.emit = emit;
    let next = at;
    // Ends: each turn takes at least one byte, or returns.
    while (next < end) {
      const taken = this.#step(side, bytes, next, end, emit);
      if (taken < 0) return taken;
      if (taken === 0) break;
      next += taken;
    }
    side.held = end - next;
    this.#state.emit = undefined;
    return next - at;
  }

  #step(side: Side, b: Uint8Array, at: number, end: number, emit: Emit): number {
    if (side.skip > 0) {
      const taken = Math.min(side.skip, end - at);
      side.skip -= taken;
      return taken;
    }
    if (side.isLost) return this.#find(side, b, at, end, emit);
    if (side.left === 0) return this.#frame(side, b, at, end, emit);
    return this.#message(side, b, at, end, emit);
  }

  #frame(side: Side, b: Uint8Array, at: number, end: number, emit: Emit): number {
    if (end - at < FRAME) return 0;
    const type = b[at];
    if (type === SESSION_MESSAGE) {
      side.left = u24(b, at + 1);
      side.chain = new Chain();
    } else if (type >= SESSION_REQUEST && type <= KEEP_ALIVE) side.skip = u24(b, at + 1) & 0x1ffff;
    else return this.#odd(emit) ? STREAM_LOST : this.#lose(side);
    return FRAME;
  }

  /** One message of a chain, or as much of it as is wanted. */
  #message(side: Side, b: Uint8Array, at: number, end: number, emit: Emit): number {
    const there = end - at;
    if (there < FRAME && side.left > there) return 0;
    const kind = side.left < FRAME ? 0 : u32(b, at);
    const header =
      kind === SMB_2 ? HEADER_2 : kind === SMB_1 ? HEADER_1 : kind === TRANSFORM ? TRANSFORM_HEADER : 0;
    if (header === 0 || side.left < header) {
      // A compressed message is what it says; anything else is none.
      const isOdd = kind !== COMPRESSED && this.#odd(emit);
      side.skip = side.left;
      side.left = 0;
      return isOdd ? STREAM_LOST : this.#step(side, b, at, end, emit);
    }
    let length = side.left;
    // Enough of the body to know the file that is written.
    if (there < Math.min(length, header + 64)) return 0;
    if (kind === SMB_2) {
      const next = u16le(b, at + 20) + u16le(b, at + 22) * 65_536;
      if (next >= HEADER_2 && next < length) length = next;
    }
    const known = Math.min(there, length);
    const wanted =
      kind === SMB_2
        ? wanted2(this.#state, b, at, known)
        : kind === SMB_1
          ? wanted1(this.#state, b, at, known)
          : TRANSFORM_HEADER;
    const taken = Math.min(length, wanted);
    if (there < taken) return 0;
    this.#state.version = kind === SMB_1 ? 1 : 2;
    if (kind === SMB_2) read2(this.#state, side.chain, b, at, at + taken);
    else if (kind === SMB_1) read1(this.#state, b, at, at + taken);
    else this.#encrypted(b, at);
    side.left -= length;
    side.skip = length - taken;
    return taken;
  }

  /** Told once: nothing more can be read of the session. */
  #encrypted(b: Uint8Array, at: number): void {
    const state = this.#state;
    if (state.isEncrypted) return;
    state.isEncrypted = true;
    const transaction = new Transaction(2, ENCRYPTED, u64le(b, at + 44), 0);
    transaction.isEncrypted = true;
    state.say(transaction);
  }

  /** @returns true when the flow had its chances */
  #odd(emit: Emit): boolean {
    if (this.#malformed === 0) emit.anomaly('malformed_data');
    return ++this.#malformed >= MAX_MALFORMED;
  }

  #lose(side: Side): number {
    side.isLost = true;
    return 1;
  }

  /** Passes over bytes up to the next frame that holds a message. */
  #find(side: Side, b: Uint8Array, at: number, end: number, emit: Emit): number {
    const last = end - 2 * FRAME;
    for (let i = at; i <= last; i++) {
      if (b[i] !== SESSION_MESSAGE || b[i + 5] !== 0x53 || !isMessage(u32(b, i + FRAME))) continue;
      side.isLost = false;
      return i === at ? this.#frame(side, b, at, end, emit) : i - at;
    }
    return Math.max(0, last + 1 - at);
  }

  gap(direction: Direction, count: number): boolean {
    const side = this.#sides[direction];
    const rest = side.skip + side.left;
    const passed = side.held + count;
    side.held = side.left = 0;
    side.skip = Math.max(0, rest - passed);
    side.isLost = passed > rest;
    return true;
  }

  end(emit: Emit): void {
    this.#state.emit = emit;
    this.#state.end();
    this.#state.emit = undefined;
  }
}

const isMessage = (kind: number): boolean =>
  kind === SMB_1 || kind === SMB_2 || kind === TRANSFORM || kind === COMPRESSED;

export const smb = {
  name: 'smb',
  about: 'Server Message Block, versions 1 to 3: shares, files, pipes and log-ins of Windows networks.',
  tcpPorts: [445, 139],
  udpPorts: [],
  probe(bytes, at, end, direction): Verdict {
    const there = end - at;
    if (there === 0) return 'more';
    if (bytes[at] === SESSION_REQUEST) {
      if (direction === 1) return 'no';
      if (there < FRAME + 1) return 'more';
      return u24(bytes, at + 1) === SESSION_REQUEST_LENGTH && bytes[at + FRAME] === 0x20 ? 'yes' : 'no';
    }
    if (bytes[at] !== SESSION_MESSAGE) return 'no';
    if (there < 2 * FRAME)
      return there <= FRAME || (bytes[at + FRAME] >= 0xfc && there < 2 * FRAME) ? 'more' : 'no';
    return isMessage(u32(bytes, at + FRAME)) && u24(bytes, at + 1) >= HEADER_1 ? 'yes' : 'no';
  },
  open: () => new SmbStream(),
  fields: smbFields,
  anomalies: { malformed_data: 'Bytes where a message should begin are none.' },
} as const satisfies Protocol<Transaction>;
