// Negotiation and log-in of SMB 2 and 3 (MS-SMB2 §2.2.3 to §2.2.6).
import { u16le, u32le } from '../../bytes/read.ts';
import { guid } from '../../bytes/windows.ts';
import { readToken } from '../gssapi.ts';
import { dialectName } from './names.ts';
import type { SmbState, Transaction } from './state.ts';
import { MORE_PROCESSING_REQUIRED } from './status.ts';

const SIGNING_REQUIRED = 0x02;
const MAX_DIALECTS = 16;
const MAX_CONTEXTS = 16;
const ENCRYPTION_CONTEXT = 2;

export function offer(t: Transaction, b: Uint8Array, body: number, end: number): void {
  t.signingRequired = (u16le(b, body + 4) & SIGNING_REQUIRED) !== 0;
  t.clientGuid = guid(b, body + 12);
  const count = Math.min(u16le(b, body + 2), MAX_DIALECTS, (end - body - 36) >> 1);
  t.clientDialects = Array.from({ length: Math.max(0, count) }, (_, i) =>
    dialectName(u16le(b, body + 36 + i * 2)),
  );
}

export function negotiated(
  state: SmbState,
  t: Transaction,
  b: Uint8Array,
  at: number,
  body: number,
  end: number,
): void {
  const dialect = u16le(b, body + 4);
  state.dialect = dialectName(dialect);
  t.signingRequired = (u16le(b, body + 2) & SIGNING_REQUIRED) !== 0;
  t.serverGuid = guid(b, body + 8);
  t.maxRead = u32le(b, body + 32);
  t.maxWrite = u32le(b, body + 36);
  if (dialect !== 0x0311) return;
  let next = at + u32le(b, body + 60);
  const count = Math.min(u16le(b, body + 6), MAX_CONTEXTS);
  for (let n = 0; n < count && next + 8 <= end; n++) {
    const length = u16le(b, next + 2);
    if (u16le(b, next) === ENCRYPTION_CONTEXT && length >= 4 && next + 12 <= end)
      t.cipher = u16le(b, next + 10);
    next += (8 + length + 7) & ~7;
  }
}

export function setUp(
  state: SmbState,
  t: Transaction,
  b: Uint8Array,
  at: number,
  body: number,
  end: number,
): void {
  if (t.status !== MORE_PROCESSING_REQUIRED) {
    state.login = undefined;
    return;
  }
  if (end - body < 8) return;
  const from = at + u16le(b, body + 4);
  const login = t.login ?? state.login;
  if (login !== undefined && readToken(b, from, Math.min(end, from + u16le(b, body + 6)), login))
    t.login = login;
}
