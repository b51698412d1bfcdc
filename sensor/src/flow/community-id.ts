// Community ID, version 1, seed 0 (corelight/community-id-spec): one name for a conversation, whatever tool saw it.
import { sha1Base64 } from '../bytes/hash.ts';
import { ICMP, ICMPV6, SCTP, TCP, UDP } from '../layers/packet.ts';

// seed(2) address(4 or 16) address protocol(1) zero(1) port(2) port(2), big-endian
const input = new Uint8Array(40);
const view = new DataView(input.buffer);
/** The same bytes, by the length in use. */
const prefix = Array.from({ length: input.length + 1 }, (_, n) => new Uint8Array(input.buffer, 0, n));

/**
 * @param words 32-bit words holding the addresses at `a` and `b` (four words each; IPv4 in the last)
 * @param portA for ICMP the type, @param portB for ICMP the answering type or the code
 * The caller gives the two ends in the order of the specification: the smaller first, one-way ICMP as it came.
 */
export function communityId(
  words: Int32Array,
  a: number,
  b: number,
  version: number,
  protocol: number,
  portA: number,
  portB: number,
): string {
  const first = version === 4 ? 3 : 0;
  let at = 2;
  for (let i = first; i < 4; i++, at += 4) view.setInt32(at, words[a + i]);
  for (let i = first; i < 4; i++, at += 4) view.setInt32(at, words[b + i]);
  input[at++] = protocol;
  input[at++] = 0;
  if (protocol === TCP || protocol === UDP || protocol === SCTP || protocol === ICMP || protocol === ICMPV6) {
    view.setUint16(at, portA);
    view.setUint16(at + 2, portB);
    at += 4;
  }
  return '1:' + sha1Base64(prefix[at]);
}
