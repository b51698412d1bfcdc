// Remote desktops as they begin: encrypted at once, in the protocol's own old encryption, and refused (MS-RDPBCGR §4).
import { element } from '../../support/packets/ber.ts';
import { le16, le32, wide } from '../../support/packets/little.ts';
import { be16, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const tpkt = (x224: Uint8Array): Uint8Array => octets([3, 0], be16(4 + x224.length), x224);
export const connection = (code: number, ...variable: readonly Octets[]): Uint8Array => {
  const behind = octets(...variable);
  return tpkt(octets([6 + behind.length, code, 0, 0, 0, 0, 0], behind));
};
export const negotiation = (type: number, flags: number, value: number): Uint8Array =>
  octets([type, flags], le16(8), le32(value));
const data = (inside: Uint8Array): Uint8Array => tpkt(octets([2, 0xf0, 0x80], inside));

const padded = (text: string, bytes: number): Uint8Array => {
  const room = new Uint8Array(bytes);
  room.set(wide(text));
  return room;
};
const block = (type: number, ...inside: readonly Octets[]): Uint8Array => {
  const behind = octets(...inside);
  return octets(le16(type), le16(4 + behind.length), behind);
};
const channel = (name: string): Uint8Array => octets(name.padEnd(8, '\0'), le32(0x80800000));
const settings = octets(
  block(
    0xc001,
    le32(0x00080004),
    le16(1920),
    le16(1080),
    le16(0xca01),
    le16(0xaa03),
    le32(0x411),
    le32(19041),
    padded('PC11', 32),
    le32(7),
    le32(2),
    le32(12),
    padded('', 64),
    le16(0xca01),
    le16(1),
    le32(0),
    le16(24),
    le16(7),
    le16(0x0023),
    padded('', 64),
    [6, 0],
    le32(0),
  ),
  block(0xc003, le32(2), channel('rdpdr'), channel('cliprdr')),
);
const long = (tag: readonly number[], inside: Uint8Array): Uint8Array =>
  octets(tag, [0x82], be16(inside.length), inside);
const parameters = element(0x30, element(0x02, [34]), element(0x02, [2]));
const connectInitial = long(
  [0x7f, 0x65],
  octets(
    element(0x04, [1]),
    element(0x04, [1]),
    element(0x01, [0xff]),
    parameters,
    parameters,
    parameters,
    element(
      0x04,
      [0, 5, 0, 0x14, 0x7c, 0, 1, 0x81, 0x0e, 0, 8, 0, 0x10, 0, 1, 0xc0, 0],
      'Duca',
      [0x80 | (settings.length >> 8), settings.length & 255],
      settings,
    ),
  ),
);
const serverSettings = block(0x0c02, le32(2), le32(3), le32(4), le32(8), [1, 2, 3, 4], le32(1), [0, 0, 0, 0]);
const connectResponse = long(
  [0x7f, 0x66],
  octets(
    element(0x0a, [0]),
    element(0x02, [0]),
    parameters,
    element(
      0x04,
      [0, 5, 0, 0x14, 0x7c, 0, 1, 0x2a, 0x14, 0x76, 0x0a, 1, 1, 0, 1, 0xc0, 0],
      'McDn',
      [serverSettings.length],
      serverSettings,
    ),
  ),
);

export const spoken: readonly Spoken[] = [
  {
    about: 'A user logs in with a smart client; TLS follows.',
    transport: 'tcp',
    port: 3389,
    messages: [
      ['client', connection(0xe0, 'Cookie: mstshash=taro\r\n', negotiation(1, 0, 11))],
      ['server', connection(0xd0, negotiation(2, 0x1f, 2))],
    ],
    says: [
      {
        'rdp.tx_id': 0,
        'rdp.event_type': 'initial_request',
        'rdp.cookie': 'taro',
        'rdp.requested_protocols': ['ssl', 'hybrid', 'hybrid_ex'],
      },
      {
        'rdp.tx_id': 1,
        'rdp.event_type': 'initial_response',
        'rdp.protocol': 'hybrid',
        'rdp.server_supports': [
          'extended_client_data',
          'dynvc_gfx',
          'restricted_admin',
          'redirected_authentication',
        ],
      },
    ],
  },
  {
    about: 'An old server has only the protocol itself.',
    transport: 'tcp',
    port: 3389,
    messages: [
      ['client', connection(0xe0, 'Cookie: mstshash=hanako\r\n', negotiation(1, 0, 0))],
      ['server', connection(0xd0)],
      ['client', data(connectInitial)],
      ['server', data(connectResponse)],
    ],
    says: [
      { 'rdp.cookie': 'hanako', 'rdp.requested_protocols': ['rdp'] },
      { 'rdp.event_type': 'initial_response', 'rdp.protocol': undefined },
      {
        'rdp.event_type': 'connect_request',
        'rdp.client.version': 'v5',
        'rdp.client.desktop_width': 1920,
        'rdp.client.color_depth': 32,
        'rdp.client.keyboard_layout': 'ja-JP',
        'rdp.client.keyboard_type': 'jp',
        'rdp.client.client_name': 'PC11',
        'rdp.client.build': '19041',
        'rdp.client.connection_hint': 'lan',
        'rdp.channels': ['rdpdr', 'cliprdr'],
      },
      {
        'rdp.event_type': 'connect_response',
        'rdp.encryption_method': '128bit',
        'rdp.encryption_level': 'High',
        'rdp.cert_type': 'RSA',
      },
    ],
  },
  {
    about: 'A server wants more than the client offers.',
    transport: 'tcp',
    port: 3389,
    messages: [
      ['client', connection(0xe0, negotiation(1, 0, 0))],
      ['server', connection(0xd0, negotiation(3, 0, 5))],
    ],
    says: [
      { 'rdp.event_type': 'initial_request', 'rdp.cookie': undefined },
      { 'rdp.error_code': 5, 'rdp.reason': 'hybrid required by server' },
    ],
  },
];
