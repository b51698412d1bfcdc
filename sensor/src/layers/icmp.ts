// ICMP (RFC 792) and ICMPv6 (RFC 4443): both start with type, code, checksum; errors carry the packet that caused them.

const TYPE = 0;
const CODE = 1;
export const LENGTH = 8;
const ECHO_ONLY_LENGTH = 4;

const DESTINATION_UNREACHABLE = 3;
const V6_DESTINATION_UNREACHABLE = 1;

/** Guarantees that type and code are captured. */
export const check = (at: number, end: number): boolean => end - at >= ECHO_ONLY_LENGTH;

export const type = (b: Uint8Array, at: number): number => b[at + TYPE];
export const code = (b: Uint8Array, at: number): number => b[at + CODE];

/** True when a router or host says that the packet quoted at `at + LENGTH` could not be delivered. */
export const isUnreachable = (b: Uint8Array, at: number, version: number): boolean =>
  type(b, at) === (version === 6 ? V6_DESTINATION_UNREACHABLE : DESTINATION_UNREACHABLE);

/** Unreachable, source quench, redirect, time exceeded, parameter problem: they quote a packet at `at + LENGTH`. */
const ERRORS_V4 = (1 << 3) | (1 << 4) | (1 << 5) | (1 << 11) | (1 << 12);
/** Types up to here are errors, the others inform (RFC 4443 §2.1). */
const LAST_ERROR_V6 = 127;

/** True when the message carries the beginning of the packet that caused it. */
export function isError(b: Uint8Array, at: number, version: number): boolean {
  const of = type(b, at);
  return version === 6 ? of <= LAST_ERROR_V6 : of < 32 && ((ERRORS_V4 >> of) & 1) === 1;
}

// Requests and their replies: community-id-spec, "ICMP"; the table is the same for flow keys.
const REPLY_V4: Readonly<Record<number, number>> = {
  8: 0,
  0: 8,
  13: 14,
  14: 13,
  15: 16,
  16: 15,
  10: 9,
  9: 10,
  17: 18,
  18: 17,
};
const REPLY_V6: Readonly<Record<number, number>> = {
  128: 129,
  129: 128,
  130: 131,
  131: 130,
  133: 134,
  134: 133,
  135: 136,
  136: 135,
  139: 140,
  140: 139,
  144: 145,
  145: 144,
};

const toTable = (pairs: Readonly<Record<number, number>>): Int16Array => {
  const table = new Int16Array(256).fill(-1);
  for (const [type, reply] of Object.entries(pairs)) table[Number(type)] = reply;
  return table;
};
const COUNTERPART_V4 = toTable(REPLY_V4);
const COUNTERPART_V6 = toTable(REPLY_V6);

/** The type that answers this one; -1 when none does. */
export const counterpart = (type: number, version: number): number =>
  version === 6 ? COUNTERPART_V6[type] : COUNTERPART_V4[type];

export const print = (b: Uint8Array, at: number): string => `ICMP type ${type(b, at)} code ${code(b, at)}`;
