// A user logs in at a switch (RFC 2865), and his session begins (RFC 2866).
import { be16, be32, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

export const attribute = (code: number, value: Octets): Uint8Array => {
  const bytes = octets(value);
  return octets([code, bytes.length + 2], bytes);
};
export function message(code: number, id: number, ...attributes: readonly Octets[]): Uint8Array {
  const body = octets(...attributes);
  return octets([code, id], be16(20 + body.length), new Uint8Array(16).fill(0x5a), body);
}
export const asks = (id: number): Uint8Array =>
  message(
    1,
    id,
    attribute(1, 'tanaka'),
    attribute(2, new Uint8Array(16).fill(1)),
    attribute(4, [192, 0, 2, 1]),
    attribute(31, '02-00-5E-00-00-07'),
    attribute(61, be32(15)),
  );

export const spoken: readonly Spoken[] = [
  {
    about: 'A user is refused, then let in.',
    transport: 'udp',
    port: 1812,
    messages: [
      ['client', asks(1)],
      ['server', message(3, 1, attribute(18, 'No.'))],
      ['client', asks(2)],
      ['server', message(2, 2, attribute(8, [192, 0, 2, 7]), attribute(27, be32(3600)))],
    ],
    says: [
      {
        'radius.request': 'access_request',
        'radius.reply': 'access_reject',
        'radius.result': 'failed',
        'radius.username': 'tanaka',
        'radius.auth_method': 'pap',
        'radius.message_authenticator': false,
        'radius.nas_ip_address': '192.0.2.1',
        'radius.calling_station_id': '02-00-5E-00-00-07',
        'radius.reply_message': 'No.',
      },
      { 'radius.result': 'success', 'radius.framed_ip_address': '192.0.2.7', 'radius.session_timeout': 3600 },
    ],
  },
  {
    about: 'A session ends, and nobody confirms it.',
    transport: 'udp',
    port: 1813,
    messages: [
      [
        'client',
        message(
          4,
          9,
          attribute(1, 'tanaka'),
          attribute(40, be32(2)),
          attribute(44, '00000007'),
          attribute(46, be32(60)),
        ),
      ],
    ],
    says: [
      {
        'radius.request': 'accounting_request',
        'radius.result': 'unknown',
        'radius.acct_status_type': 'stop',
        'radius.acct_session_id': '00000007',
        'radius.acct_session_time': 60,
      },
    ],
  },
];
