// A machine asks for an address and has it (RFC 2131 §3.1), the options of RFC 2132.
import { be32, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const MAC = [0x02, 0, 0x5e, 0, 0, 0x07];
const NOBODY = [0, 0, 0, 0];

export const option = (code: number, value: Octets): Uint8Array =>
  octets([code, octets(value).length], value);
export function message(op: 1 | 2, yours: readonly number[], ...options: readonly Octets[]): Uint8Array {
  return octets(
    [op, 1, 6, 0],
    be32(0x3903f326),
    [0, 0, 0x80, 0],
    NOBODY,
    yours,
    op === 2 ? [192, 0, 2, 1] : NOBODY,
    NOBODY,
    MAC,
    new Uint8Array(10 + 64 + 128),
    be32(0x63825363),
    ...options,
    [255],
  );
}

export const spoken: readonly Spoken[] = [
  {
    about: 'A machine says what it is and wants, and is given an address.',
    transport: 'udp',
    port: 67,
    clientPort: 68,
    messages: [
      [
        'client',
        message(
          1,
          NOBODY,
          option(53, [3]),
          option(61, [1, ...MAC]),
          option(50, [192, 0, 2, 7]),
          option(12, 'desk-7'),
          option(60, 'MSFT 5.0'),
          option(55, [1, 15, 3, 6, 44, 252]),
        ),
      ],
      [
        'server',
        message(
          2,
          [192, 0, 2, 7],
          option(53, [5]),
          option(54, [192, 0, 2, 1]),
          option(51, be32(3600)),
          option(58, be32(1800)),
          option(59, be32(3150)),
          option(1, [255, 255, 255, 0]),
          option(3, [192, 0, 2, 1]),
          option(6, [192, 0, 2, 53, 192, 0, 2, 54]),
          option(15, 'example.jp'),
          option(81, octets([4, 0, 0, 6], 'desk-7', [7], 'example', [0])),
        ),
      ],
    ],
    says: [
      {
        'dhcp.type': 'request',
        'dhcp.id': 0x3903f326,
        'dhcp.dhcp_type': 'request',
        'dhcp.client_mac': '02:00:5e:00:00:07',
        'dhcp.client_id': '01:02:00:5e:00:00:07',
        'dhcp.assigned_ip': '0.0.0.0',
        'dhcp.requested_ip': '192.0.2.7',
        'dhcp.hostname': 'desk-7',
        'dhcp.vendor_class_identifier': 'MSFT 5.0',
        'dhcp.params': ['subnet_mask', 'domain', 'router', 'dns_server'],
        'dhcp.param_list': '1,15,3,6,44,252',
        'dhcp.relay_ip': undefined,
      },
      {
        'dhcp.type': 'reply',
        'dhcp.dhcp_type': 'ack',
        'dhcp.assigned_ip': '192.0.2.7',
        'dhcp.lease_time': 3600,
        'dhcp.renewal_time': 1800,
        'dhcp.rebinding_time': 3150,
        'dhcp.subnet_mask': '255.255.255.0',
        'dhcp.routers': ['192.0.2.1'],
        'dhcp.dns_servers': ['192.0.2.53', '192.0.2.54'],
        'dhcp.domain': 'example.jp',
        'dhcp.client_fqdn': 'desk-7.example',
        'dhcp.next_server_ip': '192.0.2.1',
      },
    ],
  },
  {
    about: 'An option goes on behind the end.',
    transport: 'udp',
    port: 67,
    clientPort: 68,
    messages: [['client', octets(message(1, NOBODY, option(53, [1])).subarray(0, -1), [12, 200], 'x')]],
    says: [{ 'dhcp.dhcp_type': 'discover', 'dhcp.hostname': undefined }],
    anomalies: ['truncated_options'],
  },
];
