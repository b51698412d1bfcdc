// HTTP/2 in clear as RFC 9113 frames it, with the header blocks that RFC 7541 shows in its Appendix C.
import { be16, be24, be32, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
export const frame = (type: number, flags: number, stream: number, ...parts: Octets[]): Uint8Array => {
  const payload = octets(...parts);
  return octets(be24(payload.length), [type, flags], be32(stream), payload);
};
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const text = (value: string): Uint8Array => octets([value.length], value);
/** A literal field that stays in the table. */
const literal = (name: string, value: string): Uint8Array => octets([0x40], text(name), text(value));
const settings = (...pairs: (readonly [number, number])[]): Uint8Array =>
  frame(4, 0, 0, ...pairs.flatMap(([id, value]) => [be16(id), be32(value)]));
const ACK = frame(4, 1, 0);

/** RFC 7541 C.4: three requests on one connection, Huffman-coded. */
const REQUESTS = [
  '828684418cf1e3c2e5f23a6ba0ab90f4ff',
  '828684be5886a8eb10649cbf',
  '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
].map(bytes);

/** RFC 7541 C.6: responses whose fields push each other out of a table of 256 bytes. */
const REDIRECT = bytes(
  '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3',
);

export const spoken: readonly Spoken[] = [
  {
    about: 'A client with prior knowledge asks three times on one connection; the second answer comes last.',
    transport: 'tcp',
    port: 8080,
    messages: [
      ['client', octets(PREFACE, settings([3, 100], [4, 65_535]), frame(8, 0, 0, be32(1 << 20)))],
      ['server', octets(settings([1, 4096], [6, 65_536]), ACK)],
      ['client', octets(ACK, frame(1, 5, 1, REQUESTS[0]), frame(1, 0x25, 3, be32(0), [15], REQUESTS[1]))],
      ['client', frame(1, 5, 5, REQUESTS[2])],
      [
        'server',
        octets(
          // The first field tells the size of the table.
          frame(1, 4, 1, bytes('3fe101'), REDIRECT),
          frame(0, 0, 1, 'moved'),
          frame(0, 9, 1, [3], 'on', [0, 0, 0]),
          frame(1, 5, 5, [0x88]),
          frame(1, 5, 3, [0x8d]),
        ),
      ],
      ['client', frame(7, 0, 0, be32(0), be32(0))],
    ],
    says: [
      {
        'http.version': '2',
        'http.http2.stream_id': 0,
        'http.http2.request.settings.settings_id': [
          'SETTINGSMAXCONCURRENTSTREAMS',
          'SETTINGSINITIALWINDOWSIZE',
        ],
        'http.http2.request.settings.settings_value': [100, 65_535],
        'http.length': undefined,
      },
      { 'http.http2.response.settings.settings_value': [4096, 65_536] },
      {
        'http.http2.stream_id': 1,
        'http.hostname': 'www.example.com',
        'http.url': '/',
        'http.http_method': 'GET',
        'http.status': 302,
        'http.redirect': 'https://www.example.com',
        'http.length': 7,
      },
      { 'http.http2.stream_id': 5, 'http.url': '/index.html', 'http.status': 200 },
      { 'http.http2.stream_id': 3, 'http.status': 404, 'http.http2.request.priority': 15 },
      { 'http.http2.request.error_code': 'NO_ERROR', 'http.http2.stream_id': 0 },
    ],
  },
  {
    about: 'A remote procedure call: the head of the request comes in pieces, the result in a trailer.',
    transport: 'tcp',
    port: 50_051,
    messages: [
      [
        'client',
        octets(
          PREFACE,
          settings([2, 0]),
          frame(1, 0, 1, [0x83, 0x86], literal(':path', '/shop.Orders/Place')),
          frame(9, 0, 1, literal(':authority', 'orders.example:50051'), literal('te', 'trailers')),
          frame(9, 4, 1, literal('content-type', 'application/grpc'), literal('user-agent', 'grpc-go/1.60')),
          frame(0, 1, 1, [0, 0, 0, 0, 3], [10, 1, 65]),
        ),
      ],
      [
        'server',
        octets(
          settings([5, 16_384]),
          frame(1, 4, 1, [0x88], literal('content-type', 'application/grpc')),
          frame(0, 0, 1, [0, 0, 0, 0, 0]),
          frame(1, 5, 1, literal('grpc-status', '5'), literal('grpc-message', 'no such order')),
        ),
      ],
    ],
    says: [
      { 'http.http2.request.settings.settings_id': ['SETTINGSENABLEPUSH'] },
      { 'http.http2.response.settings.settings_id': ['SETTINGSMAXFRAMESIZE'] },
      {
        'http.http_method': 'POST',
        'http.url': '/shop.Orders/Place',
        'http.hostname': 'orders.example',
        'http.http_port': 50_051,
        'http.http_user_agent': 'grpc-go/1.60',
        'http.http_content_type': 'application/grpc',
        'http.request_length': 8,
        'http.length': 5,
        'http.http2.grpc_status': 5,
      },
    ],
  },
  {
    about: 'A server foresees a request, the client takes its own back, and a block breaks the rules.',
    transport: 'tcp',
    port: 80,
    messages: [
      ['client', octets(PREFACE, settings([4, 1000]), frame(1, 5, 1, REQUESTS[0]))],
      [
        'server',
        octets(
          settings([1, 100]),
          frame(5, 4, 1, be32(2), [0x82, 0x86, 0x85]),
          frame(1, 5, 2, [0x88]),
          frame(0xbe, 0, 0, 'a frame of no known type'),
        ),
      ],
      ['client', frame(3, 0, 1, be32(8))],
      ['client', frame(1, 5, 3, [0xff, 0x80, 0x01])],
    ],
    says: [
      { 'http.http2.stream_id': 0 },
      { 'http.http2.stream_id': 0 },
      { 'http.http2.stream_id': 2, 'http.url': '/index.html', 'http.status': 200 },
      {
        'http.http2.stream_id': 1,
        'http.http2.request.error_code': 'CANCEL',
        'http.status': undefined,
      },
      { 'http.http2.stream_id': 3, 'http.url': undefined },
    ],
    anomalies: ['invalid_header'],
  },
];
