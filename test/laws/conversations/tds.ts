// Microsoft SQL Server's log-in as MS-TDS lays it out (§2.2.3, §2.2.6.4, §2.2.6.5, §2.2.7).
import { be16, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

export const packet = (type: number, ...parts: Octets[]): Uint8Array => {
  const payload = octets(...parts);
  return octets([type, 1], be16(payload.length + 8), [0, 0, 1, 0], payload);
};
export const prelogin = (type: number, version: readonly number[], encryption: number): Uint8Array =>
  packet(type, [0], be16(11), be16(6), [1], be16(17), be16(1), [0xff], version, [0, 0, encryption]);
const le16 = (n: number): number[] => [n & 255, n >> 8];
const utf16 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'utf16le'));

export function login(user: string): Uint8Array {
  const texts = ['PC-017', user, 'secret', 'sqlcmd', 'db.example', '', 'ODBC', 'us_english', 'ledger'];
  const pairs: number[] = [];
  let at = 94;
  for (const text of texts) {
    pairs.push(...le16(at), ...le16(text.length));
    at += 2 * text.length;
  }
  const fixed = octets(
    [...le16(at), 0, 0],
    [4, 0, 0, 0x74],
    new Uint8Array(28),
    pairs,
    new Uint8Array(6),
    [...le16(at), 0, 0, ...le16(at), 0, 0, ...le16(at), 0, 0],
    new Uint8Array(4),
  );
  return packet(0x10, fixed, ...texts.map(utf16));
}
export const token = (type: number, ...parts: Octets[]): Uint8Array => {
  const body = octets(...parts);
  return octets([type], le16(body.length), body);
};

export const spoken: readonly Spoken[] = [
  {
    about: 'A log-in in clear, taken.',
    transport: 'tcp',
    port: 1433,
    messages: [
      ['client', prelogin(0x12, [11, 0, 12, 56], 2)],
      ['server', prelogin(0x04, [16, 0, 3, 232], 2)],
      ['client', login('hanako')],
      [
        'server',
        packet(
          0x04,
          token(0xe3, [1, 0, 0]),
          token(0xad, [1, 0x74, 0, 0, 4, 0, 16, 0, 3, 232]),
          [0xfd],
          new Uint8Array(12),
        ),
      ],
    ],
    says: [
      {
        'tds.client_version': '11.0.3128',
        'tds.server_version': '16.0.1000',
        'tds.encryption': 'not_supported',
        'tds.tds_version': '7.4',
        'tds.host': 'PC-017',
        'tds.user': 'hanako',
        'tds.application': 'sqlcmd',
        'tds.server': 'db.example',
        'tds.client_library': 'ODBC',
        'tds.database': 'ledger',
        'tds.success': true,
      },
    ],
  },
  {
    about: 'A log-in in clear, refused.',
    transport: 'tcp',
    port: 1433,
    messages: [
      ['client', login('sa')],
      ['server', packet(0x04, token(0xaa, [...le16(18_456), 0, 0, 1, 14], le16(0), [0, 0], [1, 0, 0, 0]))],
    ],
    says: [{ 'tds.user': 'sa', 'tds.success': false, 'tds.error_code': 18_456 }],
  },
  {
    about: 'The log-in goes into TLS.',
    transport: 'tcp',
    port: 1433,
    messages: [
      ['client', prelogin(0x12, [15, 0, 7, 208], 1)],
      ['server', prelogin(0x04, [15, 0, 7, 208], 3)],
      ['client', packet(0x12, [0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0])],
    ],
    says: [{ 'tds.server_version': '15.0.2000', 'tds.encryption': 'required', 'tds.user': undefined }],
  },
];
