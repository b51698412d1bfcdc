// TLS over TCP (RFC 8446, 5246): the visible part of the handshake, as one EVE `tls` record a session.
import { copyOf } from '../../bytes/copy.ts';
import { Gathered } from '../../bytes/gather.ts';
import { u16, u24 } from '../../bytes/read.ts';
import {
  type Direction,
  type Emit,
  type Field,
  type Protocol,
  STREAM_DONE,
  STREAM_LOST,
  type StreamParser,
  type Value,
  type Verdict,
} from '../protocol.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import {
  type Fingerprints,
  fingerprints,
  type ServerFingerprint,
  serverFingerprint,
} from './fingerprints.ts';
import { alpnNames, type Hello, isRetryRequest, readHello, selectedVersion, serverName } from './hello.ts';

const RECORD_HEADER = 5;
/** 2^14 and what encryption may add (RFC 5246 §6.2.3). */
const MAX_RECORD = 16_384 + 2_048;
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const HEARTBEAT = 24;

const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const SERVER_HELLO_DONE = 14;
const HANDSHAKE_HEADER = 4;
/** A handshake message may span records; a chain of certificates is the largest one. */
const MAX_HANDSHAKE = 64 * 1024;

const VERSION_TEXT: Readonly<Record<number, string>> = {
  512: 'SSLv2',
  768: 'SSLv3',
  769: 'TLSv1',
  770: 'TLS 1.1',
  771: 'TLS 1.2',
  772: 'TLS 1.3',
};

/** What is known of a session. */
class Session {
  client: Hello | undefined;
  server: Hello | undefined;
  certificate: Certificate | undefined;
  resumed = false;
  #fingerprints: Fingerprints | undefined;

  /** Of the client; made when first asked. */
  get fingerprints(): Fingerprints | undefined {
    if (this.#fingerprints === undefined && this.client !== undefined)
      this.#fingerprints = fingerprints(this.client);
    return this.#fingerprints;
  }

  #serverFingerprint: ServerFingerprint | undefined;

  get serverFingerprint(): ServerFingerprint | undefined {
    if (this.#serverFingerprint === undefined && this.server !== undefined)
      this.#serverFingerprint = serverFingerprint(this.server);
    return this.#serverFingerprint;
  }
}

class TlsStream implements StreamParser {
  readonly #session = new Session();
  /** Of each direction, a message that spans records. */
  readonly #partial: [Gathered | undefined, Gathered | undefined] = [undefined, undefined];
  #emitted = false;

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    let next = at;
    // Ends: each turn takes a whole record of at least RECORD_HEADER bytes.
    while (end - next >= RECORD_HEADER) {
      const type = bytes[next];
      const length = u16(bytes, next + 3);
      if (type < CHANGE_CIPHER_SPEC || type > HEARTBEAT || bytes[next + 1] !== 3 || length > MAX_RECORD) {
        emit.anomaly('invalid_record');
        this.#finish(emit);
        return STREAM_LOST;
      }
      if (end - next - RECORD_HEADER < length) break;
      const from = next + RECORD_HEADER;
      next = from + length;
      if (type === HANDSHAKE) {
        if (this.#handshake(bytes, from, next, direction, emit)) return STREAM_DONE;
      } else if (type === CHANGE_CIPHER_SPEC && direction === 1 && this.#session.server === undefined) {
        // Behind a request to try again it is for middle boxes only (RFC 8446 §D.4): the server's answer is yet to come.
      } else if (type === APPLICATION_DATA || (type === CHANGE_CIPHER_SPEC && direction === 1)) {
        // All that follows is encrypted. A server that changes the cipher without a certificate resumes a session.
        if (direction === 1) {
          this.#session.resumed =
            type === CHANGE_CIPHER_SPEC && this.#session.certificate === undefined && this.#isOld();
          this.#finish(emit);
        }
        return STREAM_DONE;
      } else if (type === CHANGE_CIPHER_SPEC) return STREAM_DONE;
    }
    return next - at;
  }

  #isOld(): boolean {
    const { server } = this.#session;
    return server !== undefined && selectedVersion(server) < 0x0304;
  }

  /** @returns true when the direction has nothing more to say */
  #handshake(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): boolean {
    const partial = this.#partial[direction];
    if (partial === undefined) {
      const taken = this.#messages(bytes, at, end, direction, emit);
      if (taken < 0) return true;
      if (taken < end - at) {
        const rest = new Gathered();
        rest.append(bytes, at + taken, end);
        this.#partial[direction] = rest;
      }
      return false;
    }
    partial.append(bytes, at, end);
    const taken = this.#messages(partial.bytes, 0, partial.length, direction, emit);
    if (taken >= 0) partial.drop(taken);
    return taken < 0;
  }

  /** @returns bytes of the whole messages; STREAM_DONE when the direction has nothing more to say */
  #messages(bytes: Uint8Array, start: number, end: number, direction: Direction, emit: Emit): number {
    let at = start;
    // Ends: each turn takes a whole message of at least HANDSHAKE_HEADER bytes.
    while (end - at >= HANDSHAKE_HEADER) {
      const type = bytes[at];
      const length = u24(bytes, at + 1);
      if (length > MAX_HANDSHAKE) return STREAM_DONE;
      const from = at + HANDSHAKE_HEADER;
      if (end - from < length) break;
      at = from + length;
      if (this.#message(bytes, type, from, at, direction, emit)) return STREAM_DONE;
    }
    return at - start;
  }

  #message(
    bytes: Uint8Array,
    type: number,
    at: number,
    end: number,
    direction: Direction,
    emit: Emit,
  ): boolean {
    const session = this.#session;
    if (type === CLIENT_HELLO && direction === 0) {
      const hello = readHello(copyOf(bytes, at, end), 0, end - at, true);
      if (hello === undefined) emit.anomaly('invalid_handshake');
      else session.client ??= hello;
      return false;
    }
    if (direction === 0) return false;
    if (type === SERVER_HELLO) {
      const hello = readHello(copyOf(bytes, at, end), 0, end - at, false);
      if (hello === undefined) {
        emit.anomaly('invalid_handshake');
        return true;
      }
      if (isRetryRequest(hello)) return false;
      session.server = hello;
      if (selectedVersion(hello) < 0x0304) return false;
      this.#finish(emit);
      return true;
    }
    if (type === CERTIFICATE && end - at >= 6) {
      session.certificate ??= readCertificate(bytes, at + 6, Math.min(end, at + 6 + u24(bytes, at + 3)));
      if (session.certificate === undefined) emit.anomaly('invalid_certificate');
      return false;
    }
    if (type === SERVER_HELLO_DONE) {
      this.#finish(emit);
      return true;
    }
    return false;
  }

  gap(): boolean {
    return false;
  }

  end(emit: Emit): void {
    this.#finish(emit);
  }

  #finish(emit: Emit): void {
    if (this.#emitted || (this.#session.client === undefined && this.#session.server === undefined)) return;
    this.#emitted = true;
    emit.event(this.#session);
  }
}

type Spec = Omit<Field<Session>, 'read' | 'type'> & { type?: Field['type'] };
const field = (spec: Spec, read: (s: Session) => Value): Field<Session> => ({
  type: 'string',
  ...spec,
  read,
});
const ofClient = <T>(s: Session, get: (h: Hello) => T): T | undefined =>
  s.client ? get(s.client) : undefined;
const ofServer = <T>(s: Session, get: (h: Hello) => T): T | undefined =>
  s.server ? get(s.server) : undefined;

const HELLO_TYPES = new Set([CLIENT_HELLO, SERVER_HELLO]);

export const tls = {
  name: 'tls',
  about: 'Transport Layer Security: what the handshake shows before encryption.',
  tcpPorts: [443, 465, 636, 853, 993, 995, 8443],
  udpPorts: [],
  probe(bytes, at, end): Verdict {
    if (end - at < RECORD_HEADER + 1)
      return bytes[at] === HANDSHAKE && (end - at < 2 || bytes[at + 1] === 3) ? 'more' : 'no';
    if (bytes[at + 1] !== 3 || bytes[at + 2] > 4 || u16(bytes, at + 3) > MAX_RECORD) return 'no';
    if (bytes[at] === HANDSHAKE) return HELLO_TYPES.has(bytes[at + RECORD_HEADER]) ? 'yes' : 'no';
    return bytes[at] === ALERT && u16(bytes, at + 3) === 2 ? 'yes' : 'no';
  },
  open: () => new TlsStream(),
  fields: [
    field(
      {
        name: 'tls.sni',
        class: 'name',
        aliases: ['server_name'],
        about: 'Server name that the client asked for.',
      },
      (s) => ofClient(s, serverName),
    ),
    field({ name: 'tls.version', class: 'protocol', about: 'Version that the server chose.' }, (s) =>
      ofServer(
        s,
        (h) => VERSION_TEXT[selectedVersion(h)] ?? `0x${selectedVersion(h).toString(16).padStart(4, '0')}`,
      ),
    ),
    field(
      {
        name: 'tls.session_resumed',
        type: 'boolean',
        class: 'protocol',
        aliases: ['resumed'],
        about: 'An earlier session was taken up again.',
      },
      (s) => (s.resumed ? true : undefined),
    ),
    field(
      { name: 'tls.subject', class: 'name', about: 'Subject of the server certificate.' },
      (s) => s.certificate?.subject,
    ),
    field(
      {
        name: 'tls.issuerdn',
        class: 'name',
        aliases: ['issuer'],
        about: 'Issuer of the server certificate.',
      },
      (s) => s.certificate?.issuer,
    ),
    field(
      { name: 'tls.serial', class: 'protocol', about: 'Serial number of the server certificate.' },
      (s) => s.certificate?.serial,
    ),
    field(
      { name: 'tls.fingerprint', class: 'protocol', about: 'SHA-1 of the server certificate.' },
      (s) => s.certificate?.fingerprint,
    ),
    field(
      { name: 'tls.notbefore', class: 'protocol', about: 'Start of its validity, UTC.' },
      (s) => s.certificate?.notBefore,
    ),
    field(
      { name: 'tls.notafter', class: 'protocol', about: 'End of its validity, UTC.' },
      (s) => s.certificate?.notAfter,
    ),
    field(
      { name: 'tls.client_alpns', class: 'protocol', about: 'Application protocols that the client offers.' },
      (s) => ofClient(s, alpnNames),
    ),
    field(
      {
        name: 'tls.server_alpns',
        class: 'protocol',
        aliases: ['next_protocol'],
        about: 'Application protocol that the server chose.',
      },
      (s) => ofServer(s, alpnNames),
    ),
    field(
      { name: 'tls.ja3.hash', class: 'protocol', aliases: ['ja3'], about: 'JA3 of the client.' },
      (s) => s.fingerprints?.ja3,
    ),
    field(
      { name: 'tls.ja3.string', class: 'protocol', about: 'What JA3 is the MD5 of.' },
      (s) => s.fingerprints?.ja3Text,
    ),
    field(
      { name: 'tls.ja3s.hash', class: 'protocol', aliases: ['ja3s'], about: 'JA3S of the server.' },
      (s) => s.serverFingerprint?.ja3s,
    ),
    field(
      { name: 'tls.ja3s.string', class: 'protocol', about: 'What JA3S is the MD5 of.' },
      (s) => s.serverFingerprint?.ja3sText,
    ),
    field(
      { name: 'tls.ja4', class: 'protocol', aliases: ['ja4'], about: 'JA4 of the client.' },
      (s) => s.fingerprints?.ja4,
    ),
  ],
  anomalies: {
    invalid_record: 'Bytes in mid-handshake are no TLS record.',
    invalid_handshake: 'A hello contradicts its own lengths.',
    invalid_certificate: 'The server certificate is no X.509.',
  },
} as const satisfies Protocol<Session>;
