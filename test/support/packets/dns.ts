// DNS messages (RFC 1035 §4.1), honest ones and the parts to make dishonest ones of.
import { addressOctets, be16, be32, type Octets, octets } from './octets.ts';

export const TYPE = { A: 1, NS: 2, CNAME: 5, SOA: 6, MX: 15, TXT: 16, AAAA: 28, SRV: 33 } as const;

/** A name as labels, without compression. */
export const name = (text: string): Uint8Array =>
  octets(...(text === '' ? [] : text.split('.').map((label) => octets([label.length], label))), [0]);

/** A compression pointer to this offset of the message. */
export const pointer = (offset: number): Uint8Array => octets(be16(0xc000 | offset));

export interface Question {
  readonly name: Octets;
  readonly type: number;
}
export interface Resource extends Question {
  readonly ttl?: number;
  readonly data: Octets;
}

export interface DnsParts {
  readonly id?: number;
  readonly flags?: number;
  readonly questions?: readonly Question[];
  readonly answers?: readonly Resource[];
  readonly authorities?: readonly Resource[];
  readonly additionals?: readonly Resource[];
}

const asName = (given: Octets): Octets => (typeof given === 'string' ? name(given) : given);
const question = (q: Question) => octets(asName(q.name), be16(q.type), be16(1));
const resource = (r: Resource) => {
  const data = octets(r.data);
  return octets(asName(r.name), be16(r.type), be16(1), be32(r.ttl ?? 300), be16(data.length), data);
};

/** @param parts names given as text are written whole; as bytes, they are taken as they are */
export function dns(parts: DnsParts): Uint8Array {
  const {
    id = 0x1234,
    flags = 0x0100,
    questions = [],
    answers = [],
    authorities = [],
    additionals = [],
  } = parts;
  return octets(
    be16(id),
    be16(flags),
    ...[questions, answers, authorities, additionals].map((list) => be16(list.length)),
    ...questions.map(question),
    ...[...answers, ...authorities, ...additionals].map(resource),
  );
}

export const query = (text: string, type: number = TYPE.A, id = 0x1234): Uint8Array =>
  dns({ id, questions: [{ name: text, type }] });

/** An answer with addresses to `query` of the same id. */
export const answer = (text: string, addresses: readonly string[], id = 0x1234): Uint8Array => {
  const isV6 = addresses[0]?.includes(':') ?? false;
  const type = isV6 ? TYPE.AAAA : TYPE.A;
  return dns({
    id,
    flags: 0x8180,
    questions: [{ name: text, type }],
    answers: addresses.map((address) => ({ name: pointer(12), type, data: addressOctets(address) })),
  });
};

/** With the two bytes of length that TCP needs (RFC 1035 §4.2.2). */
export const overTcp = (message: Uint8Array): Uint8Array => octets(be16(message.length), message);
