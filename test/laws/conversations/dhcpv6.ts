// A machine asks for an IPv6 address and a prefix (RFC 8415 §18), the second time through a relay (§19).
import { addressOctets, be16, be32, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const option = (code: number, ...value: readonly Octets[]): Uint8Array => {
  const whole = octets(...value);
  return octets(be16(code), be16(whole.length), whole);
};
const CLIENT = option(1, [0, 3, 0, 1, 2, 0, 0x5e, 0, 0, 7]);
const SERVER = option(2, [0, 3, 0, 1, 2, 0, 0x5e, 0, 0, 1]);
const solicit = octets(
  [1, 0x10, 0x08, 0x74],
  CLIENT,
  option(6, be16(23), be16(24)),
  option(8, [0, 0]),
  option(3, be32(1), be32(0), be32(0)),
  option(16, be32(311), be16(8), 'MSFT 5.0'),
  option(39, [0, 6], 'desk-7', [0]),
);
const reply = octets(
  [7, 0x10, 0x08, 0x74],
  CLIENT,
  SERVER,
  option(3, be32(1), be32(1800), be32(2880), option(5, addressOctets('2001:db8::7'), be32(3600), be32(7200))),
  option(
    25,
    be32(1),
    be32(0),
    be32(0),
    option(26, be32(3600), be32(7200), [56], addressOctets('2001:db8:7::')),
  ),
  option(23, addressOctets('2001:db8::53')),
  option(24, [7], 'example', [2], 'jp', [0]),
  option(13, be16(0)),
);

export const spoken: readonly Spoken[] = [
  {
    about: 'A machine solicits, and is given an address and a prefix.',
    transport: 'udp',
    port: 547,
    clientPort: 546,
    messages: [
      ['client', solicit],
      ['server', reply],
    ],
    says: [
      {
        'dhcpv6.type': 'solicit',
        'dhcpv6.id': 0x100874,
        'dhcpv6.client_id': '00:03:00:01:02:00:5e:00:00:07',
        'dhcpv6.param_list': '23,24',
        'dhcpv6.vendor_class': 'MSFT 5.0',
        'dhcpv6.client_fqdn': 'desk-7',
        'dhcpv6.addresses': undefined,
      },
      {
        'dhcpv6.type': 'reply',
        'dhcpv6.addresses': ['2001:db8::7'],
        'dhcpv6.prefixes': ['2001:db8:7::/56'],
        'dhcpv6.dns_servers': ['2001:db8::53'],
        'dhcpv6.domains': ['example.jp'],
        'dhcpv6.status': 0,
      },
    ],
  },
  {
    about: 'A relay passes a solicitation on.',
    transport: 'udp',
    port: 547,
    clientPort: 547,
    messages: [
      [
        'client',
        octets([12, 0], addressOctets('2001:db8:1::1'), addressOctets('fe80::7'), option(9, solicit)),
      ],
    ],
    says: [
      {
        'dhcpv6.type': 'solicit',
        'dhcpv6.relay_hops': 1,
        'dhcpv6.link_address': '2001:db8:1::1',
        'dhcpv6.peer_address': 'fe80::7',
        'dhcpv6.client_fqdn': 'desk-7',
      },
    ],
  },
];
