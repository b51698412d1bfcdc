// A truncated answer over UDP, then the same question twice over TCP in segments of nine bytes.
import { inOrder, NOON } from '../../support/packets/capture.ts';
import { Conversation, datagrams } from '../../support/packets/conversation.ts';
import { answer, dns, overTcp, query } from '../../support/packets/dns.ts';
import { octets } from '../../support/packets/octets.ts';

const NAME = 'many.example';
const addresses = Array.from({ length: 20 }, (_, i) => `192.0.2.${i + 1}`);

export const frames = inOrder(
  datagrams({ server: '10.1.0.53' }, [
    ['client', query(NAME, 1, 1)],
    ['server', dns({ id: 1, flags: 0x8380, questions: [{ name: NAME, type: 1 }] })],
  ]),
  new Conversation({ server: '10.1.0.53', serverPort: 53, start: NOON + 5000 })
    .handshake()
    .send('client', octets(overTcp(query(NAME, 1, 2)), overTcp(query(NAME, 28, 3))), 9)
    .send('server', octets(overTcp(answer(NAME, addresses, 2)), overTcp(answer(NAME, ['2001:db8::1'], 3))), 9)
    .close().frames,
);
