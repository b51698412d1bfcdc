// Fragments of DCE/RPC (C706 §12.6) and NTLM messages (MS-NLMP §2.2.1), for test messages of the protocols that carry them.
import { guidOctets, le16, le32, wide } from './little.ts';
import { type Octets, octets } from './octets.ts';

export const SVCCTL = '367abb81-9844-35f1-ad32-98f038001003';
const NDR = octets(guidOctets('8a885d04-1ceb-11c9-9fe8-08002b104860'), le32(2));

/** @param flags 1 first, 2 last */
export function fragment(
  type: number,
  callId: number,
  body: Octets,
  auth: Octets = [],
  flags = 3,
): Uint8Array {
  const inside = octets(body);
  const token = octets(auth);
  const verifier = token.length === 0 ? [] : octets([10, 6, 0, 0], le32(1), token);
  const length = 16 + inside.length + verifier.length;
  return octets(
    [5, 0, type, flags, 0x10, 0, 0, 0],
    le16(length),
    le16(token.length),
    le32(callId),
    inside,
    verifier,
  );
}

export const bind = (callId: number, uuid: string, version: number, auth: Octets = []): Uint8Array =>
  fragment(
    11,
    callId,
    octets(
      le16(4280),
      le16(4280),
      le32(0),
      [1, 0, 0, 0],
      le16(0),
      [1, 0],
      guidOctets(uuid),
      le32(version),
      NDR,
    ),
    auth,
  );

export const bindAck = (callId: number, auth: Octets = []): Uint8Array =>
  fragment(
    12,
    callId,
    octets(le16(4280), le16(4280), le32(7), le16(5), '1234\0', [0], [1, 0, 0, 0], le16(0), le16(0), NDR),
    auth,
  );

export const request = (callId: number, operation: number, stub: Octets): Uint8Array =>
  fragment(0, callId, octets(le32(octets(stub).length), le16(0), le16(operation), stub));

export const response = (callId: number, stub: Octets): Uint8Array =>
  fragment(2, callId, octets(le32(octets(stub).length), le16(0), [0, 0], stub));

export const fault = (callId: number, status: number): Uint8Array =>
  fragment(3, callId, octets(le32(0), le16(0), [0, 0], le32(status), le32(0)));

const VERSION = [10, 0, ...le16(19041), 0, 0, 0, 15];
const SIGNATURE = 'NTLMSSP\0';

export const ntlmNegotiate = (): Uint8Array =>
  octets(SIGNATURE, le32(1), le32(0xe2088297), new Uint8Array(16), VERSION);

export function ntlmChallenge(computer: string, domain: string): Uint8Array {
  const pair = (id: number, text: string): Uint8Array => octets(le16(id), le16(text.length * 2), wide(text));
  const info = octets(
    pair(2, domain),
    pair(1, computer),
    pair(3, `${computer.toLowerCase()}.example.test`),
    le32(0),
  );
  const target = octets(wide(domain));
  return octets(
    SIGNATURE,
    le32(2),
    [...le16(target.length), ...le16(target.length), ...le32(56)],
    le32(0xe28a8215),
    [1, 2, 3, 4, 5, 6, 7, 8],
    new Uint8Array(8),
    [...le16(info.length), ...le16(info.length), ...le32(56 + target.length)],
    VERSION,
    target,
    info,
  );
}

/** @param proof bytes of the response: 24 in version 1 */
export function ntlmAuthenticate(domain: string, user: string, host: string, proof = 48): Uint8Array {
  let at = 72;
  const parts: Uint8Array[] = [];
  const triple = (bytes: Uint8Array): number[] => {
    parts.push(bytes);
    at += bytes.length;
    return [...le16(bytes.length), ...le16(bytes.length), ...le32(at - bytes.length)];
  };
  const heads = [
    new Uint8Array(24).fill(0x31),
    new Uint8Array(proof).fill(0x32),
    octets(wide(domain)),
    octets(wide(user)),
    octets(wide(host)),
    new Uint8Array(16).fill(0x33),
  ].map(triple);
  return octets(SIGNATURE, le32(3), ...heads, le32(0xe2888215), VERSION, ...parts);
}
