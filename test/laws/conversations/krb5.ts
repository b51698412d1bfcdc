// A log-in to a realm and a ticket for a file server, and an account that is not known (RFC 4120).
import { element, int, octetString, sequence, tagged } from '../../support/packets/ber.ts';
import { be32, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

export const text = (value: string): Uint8Array => element(0x1b, value);
export const name = (type: number, ...parts: string[]): Uint8Array =>
  sequence(tagged(0, int(type)), tagged(1, sequence(...parts.map(text))));
export const encrypted = (type: number): Uint8Array =>
  sequence(tagged(0, int(type)), tagged(1, int(2)), tagged(2, octetString('\x11\x22\x33\x44'.repeat(12))));
export const REALM = 'EXAMPLE.TEST';
export const application = (n: number, ...content: readonly Octets[]): Uint8Array =>
  element(0x60 | n, sequence(...content));

const ticket = (...sname: string[]): Uint8Array =>
  application(
    1,
    tagged(0, int(5)),
    tagged(1, text(REALM)),
    tagged(2, name(2, ...sname)),
    tagged(3, encrypted(18)),
  );
export const apRequest = (): Uint8Array =>
  application(
    14,
    tagged(0, int(5)),
    tagged(1, int(14)),
    tagged(2, element(0x03, [0, 0, 0, 0, 0])),
    tagged(3, ticket('krbtgt', REALM)),
    tagged(4, encrypted(18)),
  );
export const padata = (type: number, value: Uint8Array): Uint8Array =>
  sequence(tagged(1, int(type)), tagged(2, octetString(value)));

export const body = (
  cname: Uint8Array | undefined,
  sname: readonly string[],
  encryptions: readonly number[],
): Uint8Array =>
  sequence(
    tagged(0, element(0x03, [0, 0x40, 0x81, 0, 0x10])),
    ...(cname === undefined ? [] : [tagged(1, cname)]),
    tagged(2, text(REALM)),
    tagged(3, name(2, ...sname)),
    tagged(5, element(0x18, '20370913024805Z')),
    tagged(7, int(0x1234)),
    tagged(8, sequence(...encryptions.map(int))),
  );
export const asRequest = (
  user: string,
  proof: readonly Uint8Array[],
  encryptions = [18, 17, 23],
): Uint8Array =>
  application(
    10,
    tagged(1, int(5)),
    tagged(2, int(10)),
    ...(proof.length === 0 ? [] : [tagged(3, sequence(...proof))]),
    tagged(4, body(name(1, user), ['krbtgt', REALM], encryptions)),
  );
const reply = (type: 11 | 13, user: string, encryption: number, ...sname: string[]): Uint8Array =>
  application(
    type,
    tagged(0, int(5)),
    tagged(1, int(type)),
    tagged(3, text(REALM)),
    tagged(4, name(1, user)),
    tagged(5, ticket(...sname)),
    tagged(6, encrypted(encryption)),
  );
export const error = (code: number): Uint8Array =>
  application(
    30,
    tagged(0, int(5)),
    tagged(1, int(30)),
    tagged(4, element(0x18, '20260401000000Z')),
    tagged(5, int(77)),
    tagged(6, int(code)),
    tagged(9, text(REALM)),
    tagged(10, name(2, 'krbtgt', REALM)),
  );

export const overTcp = (message: Uint8Array): Uint8Array => octets(be32(message.length), message);

export const spoken: readonly Spoken[] = [
  {
    about: 'A user logs in; the server first wants proof of who asks.',
    transport: 'udp',
    port: 88,
    messages: [
      ['client', asRequest('taro', [])],
      ['server', error(25)],
      ['client', asRequest('taro', [padata(2, encrypted(18))])],
      ['server', reply(11, 'taro', 18, 'krbtgt', REALM)],
    ],
    says: [
      {
        'krb5.msg_type': 'KRB_ERROR',
        'krb5.failed_request': 'KRB_AS_REQ',
        'krb5.error_code': 'KDC_ERR_PREAUTH_REQUIRED',
        'krb5.cname': '<empty>',
        'krb5.client': 'taro',
        'krb5.sname': `krbtgt/${REALM}`,
        'krb5.encryption': '<none>',
        'krb5.preauthentication': false,
      },
      {
        'krb5.msg_type': 'KRB_AS_REP',
        'krb5.cname': 'taro',
        'krb5.realm': REALM,
        'krb5.encryption': 'AES256_CTS_HMAC_SHA1_96',
        'krb5.weak_encryption': false,
        'krb5.preauthentication': true,
        'krb5.forwardable': true,
        'krb5.renewable': true,
        'krb5.failed_request': undefined,
      },
    ],
  },
  {
    about: 'A ticket for a file server is asked for with RC4, and given.',
    transport: 'tcp',
    port: 88,
    messages: [
      [
        'client',
        overTcp(
          application(
            12,
            tagged(1, int(5)),
            tagged(2, int(12)),
            tagged(3, sequence(padata(1, apRequest()))),
            tagged(4, body(undefined, ['cifs', 'files.example.test'], [23])),
          ),
        ),
      ],
      ['server', overTcp(reply(13, 'taro', 23, 'cifs', 'files.example.test'))],
    ],
    says: [
      {
        'krb5.msg_type': 'KRB_TGS_REP',
        'krb5.request_type': 'TGS',
        'krb5.sname': 'cifs/files.example.test',
        'krb5.encryption': 'RC4_HMAC',
        'krb5.weak_encryption': true,
        'krb5.ticket_encryption': 'AES256_CTS_HMAC_SHA1_96',
        'krb5.ticket_weak_encryption': false,
        'krb5.offered_encryption': ['RC4_HMAC'],
      },
    ],
  },
  {
    about: 'Nobody answers.',
    transport: 'tcp',
    port: 88,
    messages: [['client', overTcp(asRequest('nobody', []))]],
    says: [{ 'krb5.msg_type': 'KRB_AS_REQ', 'krb5.cname': 'nobody', 'krb5.encryption': '<none>' }],
  },
];
