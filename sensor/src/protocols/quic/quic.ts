// QUIC (RFC 9000, 9001, 9369, the drafts from 21 on, Google's versions): the hellos of its handshake, a record each.
import { u32 } from '../../bytes/read.ts';
import type { Protocol, Verdict } from '../protocol.ts';
import { fields } from './fields.ts';
import { publicVersion } from './google.ts';
import { FIXED, LONG, LongHeader } from './header.ts';
import { type QuicRecord, QuicTalk } from './talk.ts';
import { isGoogle, isPrivate, isReserved, NEGOTIATION, scheduleOf } from './versions.ts';

/** Datagrams with a client's Initial packet are filled up to this (RFC 9000 §14.1). */
const LEAST_INITIAL = 1200;
/** A smaller packet has no room for a protected hello. */
const LEAST = 20;

const header = new LongHeader();

/** A server's list of versions, one of which is known. */
function isNegotiation(bytes: Uint8Array, at: number, end: number): boolean {
  if (!header.read(bytes, at, end) || (end - header.restAt) % 4 !== 0) return false;
  for (let next = header.restAt; next < end; next += 4) {
    const version = u32(bytes, next);
    if (scheduleOf(version) !== undefined || isGoogle(version)) return true;
  }
  return false;
}

export const quic = {
  name: 'quic',
  about: 'QUIC: the TLS hellos of its handshake, in clear to everybody on the way.',
  tcpPorts: [],
  udpPorts: [443, 853, 8443],
  probe(bytes, at, end, _, transport): Verdict {
    const first = bytes[at];
    if (transport !== 'udp' || end - at < LEAST) return 'no';
    if ((first & LONG) === 0) return publicVersion(bytes, at, end) === 0 ? 'no' : 'yes';
    const version = u32(bytes, at + 1);
    if (version === NEGOTIATION) return isNegotiation(bytes, at, end) ? 'yes' : 'no';
    if ((first & FIXED) === 0) return 'no';
    const isKnown = scheduleOf(version) !== undefined || isGoogle(version);
    if (!isKnown && !((isReserved(version) || isPrivate(version)) && end - at >= LEAST_INITIAL)) return 'no';
    return header.read(bytes, at, end) ? 'yes' : 'no';
  },
  openDatagrams: () => new QuicTalk(),
  fromServer: (record) => record.direction === 1,
  fields,
  anomalies: {
    invalid_hello: 'A hello contradicts its own lengths, or stands where another message should.',
    crypto_overflow: 'A hello is larger, or in more pieces, than any program makes it.',
  },
} as const satisfies Protocol<QuicRecord>;
