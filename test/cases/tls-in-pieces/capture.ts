// TLS 1.3 with the hello in records of 50 bytes and segments of 31; then a second session with nothing split.
import { inOrder, NOON } from '../../support/packets/capture.ts';
import { Conversation } from '../../support/packets/conversation.ts';
import { octets } from '../../support/packets/octets.ts';
import { ordinaryClient, ordinaryServer, records } from '../../support/packets/tls.ts';

const session = (clientPort: number, record: number, segment: number) =>
  new Conversation({
    client: '2001:db8:1::7',
    server: '2001:db8:2::9',
    clientPort,
    serverPort: 443,
    vlans: [100, 200],
    start: NOON + clientPort,
  })
    .handshake()
    .send('client', records(ordinaryClient('www.example'), { size: record }), segment)
    .send('server', octets(records(ordinaryServer(), { size: record }), records([1], { type: 20 })), segment)
    .send('client', records('what nobody sees', { type: 23 }))
    .close().frames;

export const frames = inOrder(session(1, 50, 31), session(2, 16_384, 1460));
