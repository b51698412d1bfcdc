// WebSocket as RFC 6455 opens it, its frames of all lengths, and a farewell.
import { octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

export const byPortOnly = 'Frames have no mark of their own; only the upgrade before them tells.';

const MASK = [1, 2, 3, 4];
const UPGRADE =
  'GET /chat HTTP/1.1\r\nHost: ws.example:8080\r\nUser-Agent: agent/1\r\nUpgrade: websocket\r\n' +
  'Connection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Protocol: v1, secret-token\r\n\r\n';
const SWITCH =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: v1\r\n\r\n';

export const spoken: readonly Spoken[] = [
  {
    about: 'Words in two fragments, bytes of two lengths, a sign of life, a farewell.',
    transport: 'tcp',
    port: 8080,
    messages: [
      ['client', UPGRADE],
      ['server', SWITCH],
      ['client', octets([0x01, 0x83], MASK, 'abc')],
      ['client', octets([0x80, 0x82], MASK, 'de')],
      ['server', octets([0x82, 126, 0, 200], new Uint8Array(200))],
      ['server', octets([0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0], new Uint8Array(65_536))],
      ['server', octets([0x89, 1], 'p')],
      ['client', octets([0x8a, 0x81], MASK, 'q')],
      ['client', octets([0x88, 0x82], MASK, [3 ^ 1, 0xe8 ^ 2])],
      ['server', [0x88, 2, 3, 0xe8]],
    ],
    says: [
      {
        'websocket.host': 'ws.example:8080',
        'websocket.uri': '/chat',
        'websocket.user_agent': 'agent/1',
        'websocket.subprotocol': 'v1',
        'websocket.frames.text': 1,
        'websocket.frames.continuation': 1,
        'websocket.frames.binary': 2,
        'websocket.frames.ping': 1,
        'websocket.frames.pong': 1,
        'websocket.frames.close': 2,
        'websocket.messages_toserver': 1,
        'websocket.messages_toclient': 2,
        'websocket.bytes_toserver': 8,
        'websocket.bytes_toclient': 65_739,
        'websocket.mask': true,
        'websocket.close_code': 1000,
        'websocket.closed_by': 'client',
      },
    ],
  },
  {
    about: 'What follows the upgrade are no frames.',
    transport: 'tcp',
    port: 8080,
    messages: [
      ['client', UPGRADE],
      ['server', SWITCH],
      ['client', octets([0x81, 0x85], MASK, 'hello')],
      ['server', 'this is none'],
    ],
    says: [{ 'websocket.frames.text': 1 }],
    anomalies: ['invalid_frame'],
  },
];
