// Seven log-in attempts within a minute, one elsewhere, and a name of digits.
import { inOrder, NOON } from '../../support/packets/capture.ts';
import { Conversation, datagrams } from '../../support/packets/conversation.ts';
import { answer, query } from '../../support/packets/dns.ts';
import { head } from '../../support/packets/http.ts';

const visit = (n: number, target: string) =>
  new Conversation({ clientPort: 50_000 + n, start: NOON + n * 5e6 })
    .handshake()
    .send('client', head(`GET ${target} HTTP/1.1`, 'Host: www.example'))
    .send('server', head('HTTP/1.1 403 Forbidden', 'Content-Length: 0'))
    .close().frames;

export const frames = inOrder(
  ...Array.from({ length: 7 }, (_, n) => visit(n, `/login?user=hanako&try=${n}`)),
  visit(8, '/elsewhere'),
  datagrams({ server: '10.1.0.53', start: NOON + 50e6 }, [
    ['client', query('0123456789.example')],
    ['server', answer('0123456789.example', ['192.0.2.7'])],
  ]),
);
