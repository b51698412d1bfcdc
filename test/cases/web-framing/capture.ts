// One persistent connection with a body of every framing.
import { Conversation } from '../../support/packets/conversation.ts';
import { head } from '../../support/packets/http.ts';

const host = 'Host: www.example';

export const { frames } = new Conversation()
  .handshake()
  .send(
    'client',
    head('GET /length?q=1 HTTP/1.1', host, 'User-Agent: agent/1', 'Referer: http://other.example/x'),
  )
  .send(
    'server',
    head(
      'HTTP/1.1 200 OK',
      'Server: thing/2',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Length: 5',
    ) + 'hello',
  )
  .send(
    'client',
    head('HEAD /head HTTP/1.1', host) + head('GET /chunks HTTP/1.1', host) + head('GET /none HTTP/1.1', host),
  )
  .send('server', head('HTTP/1.1 200 OK', 'Content-Length: 12345'))
  .send(
    'server',
    `${head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}4\r\nwiki\r\n5;x=y\r\npedia\r\n0\r\nX-Sum: 1\r\n\r\n`,
  )
  .send('server', head('HTTP/1.1 304 Not Modified', 'Content-Length: 9'))
  .send('client', head('POST /upload HTTP/1.1', host, 'Expect: 100-continue', 'Content-Length: 3000'))
  .send('server', head('HTTP/1.1 100 Continue'))
  .send('client', 'x'.repeat(3000))
  .send('server', head('HTTP/1.1 302 Found', 'Location: /done', 'Content-Length: 0'))
  .send('client', head('GET /rest HTTP/1.0', host))
  .send('server', head('HTTP/1.0 200 OK') + 'y'.repeat(4000))
  .close();
