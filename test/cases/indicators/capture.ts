// Listed and almost listed names and addresses.
import { inOrder, NOON } from '../../support/packets/capture.ts';
import { Conversation, datagrams } from '../../support/packets/conversation.ts';
import { answer, query } from '../../support/packets/dns.ts';
import { head } from '../../support/packets/http.ts';
import { ordinaryClient, ordinaryServer, records } from '../../support/packets/tls.ts';

let clock = NOON;
const next = () => (clock += 1e6);
let port = 30_000;

const lookup = (name: string, address: string) =>
  datagrams({ client: `10.1.0.${port % 200}`, server: '10.1.0.53', clientPort: port++, start: next() }, [
    ['client', query(name)],
    ['server', answer(name, [address])],
  ]);
const visit = (server: string, host: string) =>
  new Conversation({ client: `10.1.0.${port % 200}`, server, clientPort: port++, start: next() })
    .handshake()
    .send('client', head('GET / HTTP/1.1', `Host: ${host}`))
    .send('server', head('HTTP/1.1 200 OK', 'Content-Length: 0'))
    .close().frames;
const session = (host: string) =>
  new Conversation({ client: `10.1.0.${port % 200}`, clientPort: port++, serverPort: 443, start: next() })
    .handshake()
    .send('client', records(ordinaryClient(host)))
    .send('server', records(ordinaryServer()))
    .close().frames;

export const frames = inOrder(
  lookup('bad.example', '192.0.2.1'),
  lookup('deep.below.bad.example', '192.0.2.1'),
  lookup('notbad.example', '192.0.2.1'),
  lookup('bad.example.org', '192.0.2.1'),
  lookup('good.example', '203.0.113.66'),
  session('cdn.BAD.example'),
  visit('203.0.113.66', 'fine.example'),
  visit('198.19.255.1', 'fine.example'),
  visit('198.20.0.1', 'fine.example'),
  visit('192.0.2.9', 'www.bad.example'),
);
