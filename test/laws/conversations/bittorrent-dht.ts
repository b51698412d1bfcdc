// Questions and answers of the distributed hash table (BEP 5, 32).
import { type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const text = (value: Octets): Uint8Array => {
  const bytes = octets(value);
  return octets(`${bytes.length}:`, bytes);
};
const MINE = 'abcdefghij0123456789';
const YOURS = 'mnopqrstuvwxyz123456';
const HEX_MINE = '6162636465666768696a30313233343536373839';
const question = (kind: string, ...more: readonly Octets[]): Uint8Array =>
  octets('d1:ad2:id', text(MINE), ...more, 'e1:q', text(kind), '1:t2:aa1:y1:qe');
const answer = (...more: readonly Octets[]): Uint8Array =>
  octets('d1:rd2:id', text(YOURS), ...more, 'e1:t2:aa1:v', text('UT\x01\x02'), '1:y1:re');

export const spoken: readonly Spoken[] = [
  {
    about: 'A node asks for the peers of a torrent, and is told nodes and peers.',
    transport: 'udp',
    port: 6881,
    messages: [
      ['client', question('get_peers', '9:info_hash', text(YOURS))],
      [
        'server',
        answer(
          '5:nodes',
          text(octets(MINE, [192, 0, 2, 7, 0x1a, 0xe1])),
          '5:token',
          text('tok'),
          '6:valuesl',
          text([198, 51, 100, 9, 0x1a, 0xe2]),
          'e',
        ),
      ],
    ],
    says: [
      {
        'bittorrent_dht.transaction_id': '6161',
        'bittorrent_dht.request_type': 'get_peers',
        'bittorrent_dht.request.id': HEX_MINE,
        'bittorrent_dht.request.info_hash': '6d6e6f707172737475767778797a313233343536',
      },
      {
        'bittorrent_dht.client_version': '55540102',
        'bittorrent_dht.response.nodes.id': [HEX_MINE],
        'bittorrent_dht.response.nodes.ip': ['192.0.2.7'],
        'bittorrent_dht.response.nodes.port': [6881],
        'bittorrent_dht.response.values.ip': ['198.51.100.9'],
        'bittorrent_dht.response.values.port': [6882],
        'bittorrent_dht.response.token': '746f6b',
      },
    ],
  },
  {
    about: 'A node announces itself, and its token is refused; then something that is broken.',
    transport: 'udp',
    port: 6881,
    messages: [
      [
        'client',
        question(
          'announce_peer',
          '12:implied_porti1e9:info_hash',
          text(YOURS),
          '4:porti6881e5:token',
          text('x'),
        ),
      ],
      ['server', octets('d1:eli203e', text('Bad token'), 'e1:t2:aa1:y1:ee')],
      ['client', octets('d1:ad2:id99:')],
    ],
    says: [
      { 'bittorrent_dht.request.implied_port': 1, 'bittorrent_dht.request.port': 6881 },
      { 'bittorrent_dht.error.num': 203, 'bittorrent_dht.error.msg': 'Bad token' },
    ],
    anomalies: ['malformed_packet'],
  },
];
