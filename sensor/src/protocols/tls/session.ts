// What is known of a TLS or DTLS session while its handshake goes on, and the record that comes of it.
import { u16 } from '../../bytes/read.ts';
import type { Direction, Emit } from '../protocol.ts';
import { Chain } from './chain.ts';
import {
  type Hello,
  isRetryRequest,
  isSameSession,
  offeredVersion,
  readHello,
  selectedGroup,
  selectedVersion,
} from './hello.ts';
import { hidesCertificates } from './names.ts';
import { blockOf, releaseSlot, SLOT_BYTES, startOf, takeSlot } from './slots.ts';

export const CLIENT_HELLO = 1;
export const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const SERVER_KEY_EXCHANGE = 12;
const CERTIFICATE_REQUEST = 13;
const SERVER_HELLO_DONE = 14;
const CLIENT_KEY_EXCHANGE = 16;

/** curve_type named_curve (RFC 8422 §5.4). */
const NAMED_CURVE = 3;
const FATAL = 2;

// "DOWNGRD" (RFC 8446 §4.1.3), at the end of a random, before 01 or 00.
const DOWNGRADE = [0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44] as const;

export class Session {
  readonly transport: 't' | 'd';
  client: Hello | undefined;
  server: Hello | undefined;
  chain: Chain | undefined;
  clientChain: Chain | undefined;
  /** The server changed its cipher, or took up the session, without a certificate. */
  resumed = false;
  /** Of the server's key exchange; 0 when it named none. */
  group = 0;
  /** Description of the last alert in clear; -1 when there was none. */
  alert = -1;
  /** The record is out. */
  isTold = false;
  /** The record could be out, but the client's hello may still come. */
  #waitsForClient = false;
  /** Side that speaks as the client: the other one where the capture began in the middle. */
  #clientSide: Direction = 0;
  #clientIsOver = false;
  #asksClient = false;
  /** Bytes that are still the packet's own: see `keep`. */
  #borrowed = false;
  #slot = -1;
  #used = 0;

  constructor(transport: 't' | 'd') {
    this.transport = transport;
  }

  get isOld(): boolean {
    return this.server !== undefined && !hidesCertificates(selectedVersion(this.server));
  }

  isClient(direction: Direction): boolean {
    return direction === this.#clientSide;
  }

  /** A whole handshake message. @returns true when its direction has nothing more to say */
  message(
    bytes: Uint8Array,
    type: number,
    at: number,
    end: number,
    direction: Direction,
    emit: Emit,
  ): boolean {
    if (this.isTold) return direction !== this.#clientSide;
    switch (type) {
      case CLIENT_HELLO: {
        if (this.client !== undefined) return false;
        const hello = readHello(bytes, at, end, true, this.transport === 'd');
        if (hello?.isWhole !== true) emit.anomaly('invalid_handshake');
        if (hello !== undefined) this.sayClient(hello, direction, emit);
        return false;
      }
      case SERVER_HELLO: {
        const hello = readHello(bytes, at, end, false);
        if (hello?.isWhole !== true) emit.anomaly('invalid_handshake');
        if (hello === undefined) return true;
        return !isRetryRequest(hello) && this.sayServer(hello, direction, emit);
      }
      case CERTIFICATE: {
        if (end - at < 3) return false;
        const chain = new Chain(bytes, at, end);
        if (!chain.isPlausible) emit.anomaly('invalid_certificate');
        if (chain.length > 0 && chain.hasOwnCurve) emit.anomaly('own_curve');
        if (direction === this.#clientSide) this.clientChain ??= chain;
        else this.chain ??= chain;
        this.#borrowed = true;
        return false;
      }
      case SERVER_KEY_EXCHANGE:
        if (end - at > 4 && bytes[at] === NAMED_CURVE && at + 4 + bytes[at + 3] <= end)
          this.group = u16(bytes, at + 1);
        return false;
      case CERTIFICATE_REQUEST:
        this.#asksClient = direction !== this.#clientSide;
        return false;
      case SERVER_HELLO_DONE:
        // A client that was asked for its certificate sends it next.
        if (!this.#asksClient) this.tell(emit);
        return true;
      case CLIENT_KEY_EXCHANGE:
        this.tell(emit);
        return false;
    }
    return false;
  }

  sayClient(hello: Hello, direction: Direction, emit: Emit): void {
    this.client = hello;
    this.#borrowed = true;
    if (this.server === undefined) this.#clientSide = direction;
    if (this.#waitsForClient) this.tell(emit);
  }

  /** @returns true when the server has nothing more to say in clear */
  sayServer(hello: Hello, direction: Direction, emit: Emit): boolean {
    const { client } = this;
    this.server = hello;
    this.#borrowed = true;
    if (client === undefined) this.#clientSide = direction === 0 ? 1 : 0;
    if (client !== undefined && this.isOld) {
      this.resumed = isSameSession(client, hello);
      if (hasDowngradeMark(hello) && hidesCertificates(offeredVersion(client))) emit.anomaly('downgrade');
    }
    if (this.isOld) return false;
    this.resumed = hello.hasPsk;
    this.group = selectedGroup(hello);
    this.tell(emit);
    return true;
  }

  /** The server goes over to the cipher. Without a certificate it takes up an earlier session. */
  changeCipher(direction: Direction, emit: Emit): void {
    if (direction === this.#clientSide) return;
    this.resumed ||= this.isOld && this.chain === undefined;
    this.tell(emit);
  }

  /** An alert in clear. @returns true when the session ends with it */
  sayAlert(level: number, description: number, emit: Emit): boolean {
    if (level !== 1 && level !== FATAL) return false;
    if (this.isTold) {
      if (level === FATAL) emit.anomaly('fatal_alert');
    } else this.alert = description;
    return level === FATAL;
  }

  /** This side says nothing more in clear. */
  over(direction: Direction, emit: Emit): void {
    if (direction !== this.#clientSide) return;
    this.#clientIsOver = true;
    if (this.#waitsForClient || this.#asksClient) this.tell(emit);
  }

  /** Puts the record out, once. @param last no more will be known */
  tell(emit: Emit, last = false): void {
    if (this.isTold) return;
    if (this.client === undefined && !last && !this.#clientIsOver) {
      this.#waitsForClient = this.server !== undefined;
      return;
    }
    if (this.client !== undefined || this.server !== undefined) {
      this.isTold = true;
      emit.event(this);
    }
    this.#forget();
  }

  /** Whatever still lies in the packet's bytes gets a place of its own. */
  keep(): void {
    if (!this.#borrowed) return;
    this.#borrowed = false;
    if (this.client !== undefined) this.#keepHello(this.client);
    if (this.server !== undefined) this.#keepHello(this.server);
    this.chain?.move();
    this.clientChain?.move();
  }

  #keepHello(hello: Hello): void {
    if (hello.isKept) return;
    const length = hello.end - hello.at;
    if (this.#slot < 0 && length <= SLOT_BYTES) this.#slot = takeSlot();
    if (this.#slot < 0 || this.#used + length > SLOT_BYTES) hello.move();
    else {
      hello.move(blockOf(this.#slot), startOf(this.#slot) + this.#used);
      this.#used += length;
    }
  }

  #forget(): void {
    if (this.#slot >= 0) releaseSlot(this.#slot);
    this.#slot = -1;
    this.#borrowed = false;
    this.client = this.server = undefined;
    this.chain = this.clientChain = undefined;
  }
}

function hasDowngradeMark(h: Hello): boolean {
  const at = h.sessionAt - 9;
  for (let i = 0; i < DOWNGRADE.length; i++) if (h.bytes[at + i] !== DOWNGRADE[i]) return false;
  return h.bytes[at + 7] < 2;
}
