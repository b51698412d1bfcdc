// Two questions and an answer; the answer will be cut.
import { datagrams } from '../../support/packets/conversation.ts';
import { answer, query } from '../../support/packets/dns.ts';

export const frames = datagrams({}, [
  ['client', query('first.example', 1, 1)],
  ['client', query('second.example', 1, 2)],
  ['server', answer('first.example', ['192.0.2.1'], 1)],
]);
