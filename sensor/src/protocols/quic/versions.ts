// Versions of QUIC, and how each protects its Initial packets (RFC 9001 §5.2, RFC 9369 §3.3, the drafts before them).
import { HmacKey, labelled } from '../../bytes/hkdf.ts';
import { hex8, hex16 } from '../../bytes/text.ts';

/** Version negotiation (RFC 8999 §6). */
export const NEGOTIATION = 0;
const V1 = 1;
const V2 = 0x6b3343cf;
const Q050 = 0x51303530;

const bytesOf = (digits: string): Uint8Array =>
  Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** What makes a version's Initial keys. */
export interface Schedule {
  /** HKDF-Extract under the version's salt. */
  readonly salt: HmacKey;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly hp: Uint8Array;
  /** The four kinds of long headers are numbered one higher, modulo four (RFC 9369 §3.2). */
  readonly isShifted: boolean;
  /** Its handshake is Google's own, or its frames are. */
  readonly isGoogle: boolean;
}

const schedule = (salt: string, prefix = 'quic', isGoogle = false): Schedule => ({
  salt: new HmacKey(bytesOf(salt)),
  key: labelled(`${prefix} key`, 16),
  iv: labelled(`${prefix} iv`, 12),
  hp: labelled(`${prefix} hp`, 16),
  isShifted: prefix !== 'quic',
  isGoogle,
});

const v1 = schedule('38762cf7f55934b34d179ae6a4c80cadccbb7f0a');
const v2 = schedule('0dede3def700a6db819381be6e269dcbf9bd2ed9', 'quicv2');
const v2Draft = schedule('a707c203a59b47184a1d62ca570406ea7ae3e5d3', 'quicv2');
const draft29 = schedule('afbfec289993d24c9e9786f19c6111e04390a899');
const draft23 = schedule('c3eef712c72ebb5a11a7d2432bb46365bef9f502');
const draft21 = schedule('7fbcdb0e7c66bbe92a96cd21519ebd7a02644190');
const q050 = schedule('504574efd066fe2f9d945cfcdbd3a7f0d3b56b45', 'quic', true);
const t050 = schedule('7ff579e5acd072915580304c43a2367c60488310', 'quic', true);
const t051 = schedule('7a4edef4e7ccee5fa4506c19124fc8ccda6e033d', 'quic', true);

const NAMED: ReadonlyMap<number, Schedule> = new Map([
  [V1, v1],
  [V2, v2],
  [0x709a50c4, v2Draft],
  [Q050, q050],
  [0x54303530, t050],
  [0x54303531, t051],
  // Facebook's, which follow the drafts of their time.
  [0xfaceb001, draft21],
  [0xfaceb002, draft23],
  [0xfaceb00e, draft23],
]);

/** undefined when its Initial packets cannot be read, or are no such packets (Google's before Q050). */
export function scheduleOf(version: number): Schedule | undefined {
  const named = NAMED.get(version);
  if (named !== undefined) return named;
  const draft = version & 255;
  if (version >>> 8 === 0xff0000) {
    if (draft >= 33 && draft <= 34) return v1;
    if (draft >= 29 && draft <= 32) return draft29;
    if (draft >= 23 && draft <= 28) return draft23;
    if (draft >= 21 && draft <= 22) return draft21;
  }
  return undefined;
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** `Q` or `T` and three digits (Google's). */
export const isGoogle = (version: number): boolean =>
  (version >>> 24 === 0x51 || version >>> 24 === 0x54) &&
  isDigit((version >> 16) & 255) &&
  isDigit((version >> 8) & 255) &&
  isDigit(version & 255);

/** Google's versions with a public header of their own: up to Q043. */
export const hasPublicHeader = (version: number): boolean => isGoogle(version) && version <= 0x51303433;

/** Q044 to Q049: a long header with both lengths in one byte, and nothing protected. */
export const isUnprotected = (version: number): boolean =>
  isGoogle(version) && version > 0x51303433 && version < Q050;

/** Kept free so that clients can test whether servers negotiate (RFC 9000 §15). */
export const isReserved = (version: number): boolean => (version & 0x0f0f0f0f) === 0x0a0a0a0a;

/** Ranges that programs of others use (mvfst, MsQuic, quicly, picoquic) and drafts that are no longer read. */
export const isPrivate = (version: number): boolean =>
  version >>> 8 === 0xfaceb0 ||
  version >>> 4 === 0xabcd000 ||
  version >>> 8 === 0x91c170 ||
  version >>> 8 === 0x504351 ||
  version >>> 8 === 0xff0000 ||
  version >>> 8 === 0xff0200;

/** As Suricata writes it: hex without leading zeros; the letters of Google's. */
export function versionText(version: number): string {
  if (isGoogle(version))
    return String.fromCharCode(version >>> 24, (version >> 16) & 255, (version >> 8) & 255, version & 255);
  return (hex16(version >>> 16) + hex8(version >>> 8) + hex8(version)).replace(/^0+(?=.)/, '');
}
