// TLS over TCP (RFC 8446, 5246, 6101): the visible part of the handshake, as one EVE `tls` record a session.
import { u16 } from '../../bytes/read.ts';
import type { Protocol, Verdict } from '../protocol.ts';
import { tlsBlock } from './block.ts';
import { anomalies, fields } from './fields.ts';
import { ALERT, HANDSHAKE, MAX_RECORD, RECORD_HEADER, TlsStream } from './records.ts';
import { CLIENT_HELLO, SERVER_HELLO, type Session } from './session.ts';
import { isSsl2ClientHello, ssl2Length } from './ssl2.ts';

/** Enough of SSL 2.0 to compare all its lengths. */
const SSL2_PROBED = 11;

export const tls = {
  name: 'tls',
  about: 'Transport Layer Security: what the handshake shows before encryption.',
  tcpPorts: [443, 465, 636, 853, 993, 995, 8443],
  udpPorts: [],
  probe(bytes, at, end): Verdict {
    if (at === end) return 'more';
    const type = bytes[at];
    if (type === HANDSHAKE || type === ALERT) {
      if (end - at < RECORD_HEADER + 1)
        return type === HANDSHAKE && (end - at < 2 || bytes[at + 1] === 3) ? 'more' : 'no';
      if (bytes[at + 1] !== 3 || bytes[at + 2] > 4 || u16(bytes, at + 3) > MAX_RECORD) return 'no';
      if (type === ALERT) return u16(bytes, at + 3) === 2 ? 'yes' : 'no';
      const message = bytes[at + RECORD_HEADER];
      return message === CLIENT_HELLO || message === SERVER_HELLO ? 'yes' : 'no';
    }
    if ((type & 0x80) === 0 || (end - at >= 3 && bytes[at + 2] !== CLIENT_HELLO)) return 'no';
    if (end - at < SSL2_PROBED) return end - at < 3 || ssl2Length(bytes, at) > SSL2_PROBED ? 'more' : 'no';
    return isSsl2ClientHello(bytes, at, end) ? 'yes' : 'no';
  },
  open: () => new TlsStream(),
  fields,
  block: tlsBlock,
  anomalies,
} as const satisfies Protocol<Session>;
