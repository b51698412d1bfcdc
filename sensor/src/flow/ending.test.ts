// How connections end, in the words of Suricata (tcp.state) and of Zeek (conn_state, history).
import { expect, test } from 'vitest';
import { type Frame, NOON } from '../../../test/support/packets/capture.ts';
import { ethernet, ip, tcp } from '../../../test/support/packets/frame.ts';
import { sense } from '../../../test/support/sense.ts';

const CLIENT = '10.1.0.7';
const SERVER = '198.51.100.9';

/** Segments by side and flags; numbers go on as they should, and every ACK acknowledges all that was said. */
function ended(segments: string): { state: string; conn: string; history: string } {
  const next = { c: 1000, s: 9000 };
  const frames = segments.split(' ').map((segment, i): Frame => {
    const isClient = segment[0] === 'c';
    const [mine, other] = isClient ? (['c', 's'] as const) : (['s', 'c'] as const);
    const flags = segment.slice(1).replace('d', '');
    const payload = segment.includes('d') ? 'xyz' : '';
    const header = { from: isClient ? 40_000 : 80, to: isClient ? 80 : 40_000, flags };
    const bytes = tcp({ ...header, sequence: next[mine], acknowledged: next[other] }, payload);
    next[mine] += payload.length + (/[SF]/.test(flags) ? 1 : 0);
    const ends = isClient ? { src: CLIENT, dest: SERVER } : { src: SERVER, dest: CLIENT };
    return { time: NOON + i * 1000, bytes: ethernet(ip(ends, bytes)) };
  });
  const [event] = sense(frames).of('flow');
  const { conn_state, history } = event['flow'] as { conn_state: string; history: string };
  return { state: (event['tcp'] as { state: string }).state, conn: conn_state, history };
}

const OPEN = 'cS sSA cA';
test.each([
  ['cS', 'syn_sent', 'S0', 'S'],
  ['cS sSA', 'syn_recv', 'S1', 'Sh'],
  [OPEN, 'established', 'S1', 'ShA'],
  [`${OPEN} cPAd sA`, 'established', 'S1', 'ShADa'],
  [`${OPEN} cFA`, 'close_wait', 'S2', 'ShAF'],
  [`${OPEN} cFA sA sFA`, 'last_ack', 'SF', 'ShAFaf'],
  [`${OPEN} cFA sA sFA cA`, 'closed', 'SF', 'ShAFaf'],
  [`${OPEN} sFA`, 'fin_wait1', 'S3', 'ShAf'],
  [`${OPEN} sFA cA`, 'fin_wait2', 'S3', 'ShAf'],
  [`${OPEN} sFA cA cFA`, 'time_wait', 'SF', 'ShAfF'],
  [`${OPEN} sFA cA cFA sA`, 'closed', 'SF', 'ShAfFa'],
  ['cS sRA', 'closed', 'REJ', 'Sr'],
  ['cS cR', 'closed', 'RSTOS0', 'SR'],
  ['cS cFA', 'close_wait', 'SH', 'SF'],
  [`${OPEN} cRA`, 'closed', 'RSTO', 'ShAR'],
  [`${OPEN} sRA`, 'closed', 'RSTR', 'ShAr'],
  // A reset behind both FINs changes nothing; behind one it does.
  [`${OPEN} cFA sFA cR`, 'closed', 'SF', 'ShAFfR'],
  [`${OPEN} cFA cR sFA`, 'closed', 'SF', 'ShAFRf'],
  [`${OPEN} cFA cR`, 'closed', 'RSTO', 'ShAFR'],
  [`${OPEN} cR cFA sFA`, 'closed', 'RSTO', 'ShARFf'],
  // The question was missed: the answer tells who asked.
  ['sSA cA sPAd', 'established', 'S1', '^hAd'],
  ['sSA', 'syn_recv', 'OTH', '^h'],
  // From the middle.
  ['cPAd sA', 'established', 'OTH', 'Da'],
  ['cPAd sA sRA', 'closed', 'RSTRH', 'Dar'],
  ['cPAd sA cRA', 'closed', 'RSTOS0', 'DaR'],
  ['cPAd sA cFA sFA', 'last_ack', 'SF', 'DaFf'],
  // Flags that do not go together.
  ['cSF', 'close_wait', 'SH', 'Q'],
  [`${OPEN} cFR`, 'closed', 'RSTO', 'ShAI'],
])('%s', (segments, state, conn, history) => {
  expect(ended(segments)).toEqual({ state, conn, history });
});

test('data sent again and again is noted at its first, tenth and hundredth time', () => {
  const header = { from: 40_000, to: 80, flags: 'PA', sequence: 1000, acknowledged: 9000 };
  const bytes = ethernet(ip({ src: CLIENT, dest: SERVER }, tcp(header, 'xyz')));
  const [event] = sense(Array.from({ length: 101 }, (_, i) => ({ time: NOON + i * 1000, bytes }))).of('flow');
  expect(event['flow']).toMatchObject({ history: 'DTTT', payload_bytes_toserver: 3, pkts_toserver: 101 });
});
