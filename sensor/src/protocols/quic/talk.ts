// One UDP flow that speaks QUIC: reads its Initial packets until both hellos are told.
import { copyOf } from '../../bytes/copy.ts';
import { u24, u32 } from '../../bytes/read.ts';
import { type DatagramParser, type Direction, type Emit, STREAM_DONE } from '../protocol.ts';
import { type Hello, isRetryRequest, readHello } from '../tls/hello.ts';
import { Pieces } from '../tls/pieces.ts';
import { GoogleHello, publicVersion } from './google.ts';
import { HANDSHAKE, INITIAL, integer, LONG, LongHeader, lengthOfInteger, RETRY, ZERO_RTT } from './header.ts';
import { InitialKeys } from './protection.ts';
import { isGoogle, isUnprotected, NEGOTIATION, scheduleOf } from './versions.ts';

/** Packets of one datagram that are looked at. */
const MAX_COALESCED = 8;
/** Connection ids of one flow from which keys are tried. */
const MAX_KEYS = 8;
/** Packets without anything to read, in a row, after which nothing more is expected. */
const MAX_SILENT = 16;
/** Longest Initial packet of a server that is kept until its client is seen. */
const MAX_EARLY = 1500;
/** Versions of a negotiation that are told. */
const MAX_VERSIONS = 64;

const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const HANDSHAKE_HEADER = 4;
const MAX_HELLO = 64 * 1024;

const PADDING = 0x00;
const PING = 0x01;
const ACK = 0x02;
const ACK_ECN = 0x03;
const CRYPTO = 0x06;

/** A hello, or what else a flow shows of itself; one object, valid during the event. */
export class QuicRecord {
  version = 0;
  fromServer = false;
  /** Side of the flow that said it: the server's is the first one where the capture began with it. */
  direction: Direction = 0;
  hello: Hello | undefined;
  google: GoogleHello | undefined;
  /** The server asked for proof of the client's address before. */
  retry = false;
  /** Versions that the server offered instead. */
  versions: number[] | undefined;
  /** Of the packet that it came in. */
  bytes: Uint8Array = new Uint8Array(0);
  readonly header = new LongHeader();
}

const record = new QuicRecord();
const google = new GoogleHello();
const { header } = record;

export class QuicTalk implements DatagramParser {
  #version = 0;
  #keys: InitialKeys | undefined;
  #keysTried = 0;
  /** Connection id from which no keys came that fit. */
  #misfit: InitialKeys | undefined;
  #clientSide: Direction = 0;
  #client: Pieces | undefined;
  #server: Pieces | undefined;
  /** Bytes of the server's stream before its answer: a request to try again. */
  #passed = 0;
  #toldClient = false;
  #toldServer = false;
  #toldAnything = false;
  #retry = false;
  #silent = 0;
  /** A server's packet that came before its client's. */
  #early: Uint8Array | undefined;

  datagram(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if ((bytes[at] & LONG) === 0) return this.#short(bytes, at, end, emit);
    this.#silent++;
    let next = at;
    // Ends: at most MAX_COALESCED turns.
    for (let i = 0; i < MAX_COALESCED && next < end; i++) {
      if (!header.read(bytes, next, end)) break;
      next = header.end;
      if (header.version === NEGOTIATION) this.#negotiation(bytes, direction, emit);
      else this.#packet(bytes, direction, emit);
    }
    return (this.#toldClient && this.#toldServer) || this.#silent > MAX_SILENT ? STREAM_DONE : 0;
  }

  end(emit: Emit): void {
    const stream = this.#client;
    // There is no packet any more.
    header.dcidLength = header.scidLength = 0;
    if (!this.#toldClient && stream !== undefined && stream.length > HANDSHAKE_HEADER) {
      // The rest of the hello was never seen; what is there may hold its name.
      const hello = readHello(stream.bytes, HANDSHAKE_HEADER, stream.length, true);
      if (hello !== undefined && stream.bytes[0] === CLIENT_HELLO) {
        hello.isWhole = false;
        this.#tell(emit, false, hello);
      }
    }
    if (!this.#toldAnything && this.#version !== 0) this.#tell(emit, false);
  }

  /** A short header: nothing in it can be read, unless it is Google's own. */
  #short(bytes: Uint8Array, at: number, end: number, emit: Emit): number {
    if (this.#version === 0 || isGoogle(this.#version)) {
      const version = publicVersion(bytes, at, end);
      if (version !== 0) {
        this.#version = version;
        if (google.find(bytes, at, end)) {
          header.dcidAt = at + 1;
          header.dcidLength = 8;
          header.scidLength = 0;
          record.bytes = bytes;
          this.#tell(emit, false, undefined, google);
          return STREAM_DONE;
        }
      }
    }
    return ++this.#silent > MAX_SILENT ? STREAM_DONE : 0;
  }

  #packet(bytes: Uint8Array, direction: Direction, emit: Emit): void {
    this.#version = header.version;
    record.bytes = bytes;
    if (isUnprotected(header.version)) {
      if (!this.#toldClient && google.find(bytes, header.restAt, header.end)) {
        this.#toldServer = true;
        this.#tell(emit, false, undefined, google);
      }
      return;
    }
    if (header.kind === INITIAL) this.#initial(bytes, direction, emit);
    else if (header.kind === RETRY && direction !== this.#clientSide && !this.#toldServer) {
      // The client begins anew, with keys from the id that the server gave it (RFC 9001 §5.2).
      this.#retry = true;
      this.#keys = this.#client = undefined;
      this.#toldClient = false;
    } else if (header.kind === HANDSHAKE || header.kind === ZERO_RTT) this.#silent--;
  }

  #initial(bytes: Uint8Array, direction: Direction, emit: Emit): void {
    const schedule = scheduleOf(header.version);
    if (schedule === undefined) return;
    const known = this.#keys;
    if (known !== undefined) {
      const fromServer = direction !== this.#clientSide;
      if (fromServer ? this.#toldServer : this.#toldClient && known.isOf(bytes, header)) return;
      const frames = known.open(bytes, header, fromServer);
      if (frames !== undefined) {
        this.#frames(frames, fromServer, emit);
        return;
      }
      if (fromServer) return;
    }
    // Keys come from a client's packet: its first, and its first after a retry.
    if (known?.isOf(bytes, header) || this.#misfit?.isOf(bytes, header) || this.#keysTried >= MAX_KEYS)
      return;
    this.#keysTried++;
    const keys = new InitialKeys(schedule, bytes, header);
    const frames = keys.open(bytes, header, false);
    if (frames === undefined) {
      this.#misfit = keys;
      if (known === undefined && this.#early === undefined && header.end - header.at <= MAX_EARLY)
        this.#early = copyOf(bytes, header.at, header.end);
      return;
    }
    this.#keys = keys;
    this.#clientSide = direction;
    if (known !== undefined) this.#client = undefined;
    this.#frames(frames, false, emit);
    this.#catchUp(emit);
  }

  /** The server's packet that had come too early. */
  #catchUp(emit: Emit): void {
    const early = this.#early;
    this.#early = undefined;
    const end = header.end;
    if (early !== undefined && header.read(early, 0, early.length)) {
      record.bytes = early;
      const frames = this.#keys?.open(early, header, true);
      if (frames !== undefined) this.#frames(frames, true, emit);
    }
    header.end = end;
  }

  #frames(frames: Uint8Array, fromServer: boolean, emit: Emit): void {
    this.#silent = 0;
    const end = frames.length;
    if (isGoogle(header.version) && !fromServer && !this.#toldClient && google.find(frames, 0, end)) {
      this.#toldServer = true;
      this.#tell(emit, false, undefined, google);
      return;
    }
    let at = 0;
    // Ends: each turn takes at least the byte of a frame's type.
    while (at < end) {
      const type = frames[at++];
      if (type === PADDING || type === PING) continue;
      if (type === ACK || type === ACK_ECN) at = skipAck(frames, at, end, type);
      else if (type !== CRYPTO) return;
      else {
        const offset = read(frames, at, end);
        at += offset < 0 ? 0 : lengthOfInteger(frames[at]);
        const length = offset < 0 ? -1 : read(frames, at, end);
        if (length < 0) return;
        at += lengthOfInteger(frames[at]);
        if (length > end - at) return;
        this.#crypto(frames, at, at + length, offset, fromServer, emit);
        at += length;
      }
      if (at < 0) return;
    }
  }

  #crypto(bytes: Uint8Array, at: number, end: number, offset: number, fromServer: boolean, emit: Emit): void {
    if (fromServer ? this.#toldServer : this.#toldClient) return;
    let stream = fromServer ? this.#server : this.#client;
    if (stream === undefined) {
      // Mostly a hello comes whole.
      if (offset === 0 && this.#hello(bytes, at, end, fromServer, emit)) return;
      stream = new Pieces();
      if (fromServer) this.#server = stream;
      else this.#client = stream;
    }
    if (!stream.add(bytes, at, end, offset)) {
      emit.anomaly('crypto_overflow');
      if (fromServer) this.#toldServer = true;
      else this.#toldClient = true;
      return;
    }
    const from = fromServer ? this.#passed : 0;
    if (stream.length > from && this.#hello(stream.bytes, from, stream.length, fromServer, emit)) {
      if (!fromServer) this.#client = undefined;
      else if (this.#toldServer) this.#server = undefined;
    }
  }

  /** @returns true when a whole hello was there */
  #hello(bytes: Uint8Array, at: number, end: number, fromServer: boolean, emit: Emit): boolean {
    if (end - at < HANDSHAKE_HEADER) return false;
    const length = u24(bytes, at + 1);
    if (bytes[at] !== (fromServer ? SERVER_HELLO : CLIENT_HELLO) || length > MAX_HELLO) {
      emit.anomaly('invalid_hello');
      if (fromServer) this.#toldServer = true;
      else this.#toldClient = true;
      return true;
    }
    const from = at + HANDSHAKE_HEADER;
    if (length > end - from) return false;
    const hello = readHello(bytes, from, from + length, !fromServer);
    if (hello?.isWhole !== true) emit.anomaly('invalid_hello');
    if (fromServer && hello !== undefined && isRetryRequest(hello)) {
      // The answer proper comes later in the same stream, which is therefore kept.
      if (this.#server === undefined) return false;
      this.#passed = from + length;
      return true;
    }
    this.#tell(emit, fromServer, hello);
    return true;
  }

  #negotiation(bytes: Uint8Array, direction: Direction, emit: Emit): void {
    if (this.#toldServer || (this.#keys !== undefined && direction === this.#clientSide)) return;
    const versions: number[] = [];
    for (let at = header.restAt; at + 4 <= header.end && versions.length < MAX_VERSIONS; at += 4)
      versions.push(u32(bytes, at));
    record.bytes = bytes;
    record.versions = versions;
    record.fromServer = true;
    this.#publish(emit, undefined, undefined);
    // The client chooses another version, and begins anew.
    this.#keys = this.#client = undefined;
    this.#toldClient = false;
  }

  #tell(emit: Emit, fromServer: boolean, hello?: Hello, chlo?: GoogleHello): void {
    if (fromServer) this.#toldServer = true;
    else this.#toldClient = true;
    record.fromServer = fromServer;
    this.#publish(emit, hello, chlo);
  }

  #publish(emit: Emit, hello: Hello | undefined, chlo: GoogleHello | undefined): void {
    this.#toldAnything = true;
    record.version = this.#version;
    record.direction = record.fromServer === (this.#clientSide === 0) ? 1 : 0;
    record.hello = hello;
    record.google = chlo;
    record.retry = this.#retry;
    emit.event(record);
    record.hello = undefined;
    record.versions = record.google = undefined;
  }
}

/** A variable-length integer; -1 when it does not end in time. */
const read = (b: Uint8Array, at: number, end: number): number =>
  at < end && at + lengthOfInteger(b[at]) <= end ? integer(b, at) : -1;

/** Where an ACK frame ends (RFC 9000 §19.3); -1 when it does not. */
function skipAck(b: Uint8Array, start: number, end: number, type: number): number {
  let at = start;
  let left = 4; // largest, delay, count of ranges, first range
  // Ends: each turn goes at least one byte on.
  for (let i = 0; i < left; i++) {
    const value = read(b, at, end);
    if (value < 0) return -1;
    if (i === 2) left += 2 * value + (type === ACK_ECN ? 3 : 0);
    at += lengthOfInteger(b[at]);
  }
  return at;
}
