// Flows that end in each way, with pauses between them.
import { type Frame, NOON } from '../../support/packets/capture.ts';
import { Conversation, datagrams } from '../../support/packets/conversation.ts';
import { ethernet, icmp, icmp6, ip } from '../../support/packets/frame.ts';

const SECOND = 1e6;
const at = (seconds: number) => NOON + seconds * SECOND;

const closed = new Conversation({ clientPort: 1 }).handshake().send('client', 'one').close();
const reused = new Conversation({ clientPort: 1, start: at(10) }, { client: 700_000, server: 900_000 })
  .handshake()
  .send('client', 'two');
const refused = new Conversation({ clientPort: 2, start: at(20) })
  .packet('client', { flags: 'S' })
  .packet('server', { flags: 'RA' });
const answered = new Conversation({ clientPort: 3, start: at(21) })
  .packet('server', { flags: 'SA' })
  .packet('client', { flags: 'A' });
const unanswered = datagrams({ clientPort: 4, start: at(22) }, [['client', 'anyone?']]);
const late = datagrams({ clientPort: 5, start: at(5) }, [
  ['client', 'late'],
  ['server', 'too'],
]);

const echo = (type: number, src: string, dest: string, time: number): Frame => ({
  time,
  bytes: ethernet(
    ip({ src, dest }, src.includes(':') ? icmp6(type, 0, [0, 1, 0, 1]) : icmp(type, 0, [0, 1, 0, 1])),
  ),
});

export const frames = [
  ...closed.frames,
  ...reused.frames,
  ...refused.frames,
  ...answered.frames,
  ...unanswered,
  ...late,
  echo(8, '10.1.0.7', '10.1.0.8', at(23)),
  echo(0, '10.1.0.8', '10.1.0.7', at(23.5)),
  echo(128, '2001:db8::7', '2001:db8::8', at(24)),
  echo(3, '10.1.0.1', '10.1.0.7', at(25)),
  // Sixty-one seconds later: what was closed or unanswered is over, what was answered is not.
  ...datagrams({ clientPort: 6, start: at(86) }, [['client', 'tick']]),
  ...datagrams({ clientPort: 6, start: at(90) }, [['client', 'tock']]),
];
