// Two connections: one loses a part of a body, swaps and repeats segments; the other loses a part of a head.
import { Conversation } from '../../support/packets/conversation.ts';
import { head } from '../../support/packets/http.ts';

const get = (target: string) => head(`GET ${target} HTTP/1.1`, 'Host: www.example');

const body = new Conversation()
  .handshake()
  .send('client', get('/one'))
  .send('server', head('HTTP/1.1 200 OK', 'Content-Length: 6000') + 'x'.repeat(6000), 1000)
  .acknowledge('client')
  .send('client', get('/two'))
  .send('server', head('HTTP/1.1 404 Not Found', 'Content-Length: 2') + 'no')
  .close();
/** By place: 4 is the response's first segment. */
const at = (...places: number[]) => places.map((place) => body.frames[place]);
const mixed = [...body.frames.slice(0, 4), ...at(4, 6, 5, 6, 8, 9, 10), ...body.frames.slice(11)];

const lostHead = new Conversation({ clientPort: 40_001 })
  .handshake()
  .send('client', get('/three'))
  .send('server', 'HTTP/1.1 200 OK\r\nContent-')
  .lose('server', 20)
  .send('server', head('HTTP/1.1 200 OK', 'Content-Length: 0'))
  .acknowledge('client')
  .close();

// Times rise in the order of arrival: a late segment is one that arrives late.
export const frames = [
  ...mixed.map((frame, i) => ({ ...frame, time: body.frames[0].time + i * 1000 })),
  ...lostHead.frames,
];
