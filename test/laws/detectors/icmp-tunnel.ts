// Echo requests that carry something, and such that only ask: the cases of `icmp-tunnel`.
import type { Watch } from '../../../sensor/src/detectors/detector.ts';
import type { FlowView } from '../../../sensor/src/protocols/event.ts';
import { at, event, flow } from '../../support/stage.ts';
import { INSIDE, of, times } from '../detectors.plays.ts';

const NO_ECHO = 'behaviour.icmp-tunnel.no-echo';
const CHANGING = 'behaviour.icmp-tunnel.changing';

function echoes(
  w: Required<Watch>,
  asked: number,
  sent: number,
  answered: number,
  received: number,
  given: Partial<FlowView> = {},
  type = 'flow',
): void {
  const about = flow({
    ...{
      protocol: 1,
      icmp_type: 8,
      icmp_code: 0,
      src_ip: INSIDE,
      src_port: 0,
      dest_port: 0,
      start: at(0),
      last: at(60),
    },
    ...{ pkts_toserver: asked, payload_toserver: sent, pkts_toclient: answered, payload_toclient: received },
    ...given,
  });
  w.event(event(type, {}, at(60), about));
}

export const cases = of('icmp-tunnel', [
  { name: 'a download in answers', raises: [NO_ECHO], play: (w) => echoes(w, 400, 400 * 64, 400, 400 * 900) },
  {
    name: 'two answers for each request',
    raises: [NO_ECHO],
    play: (w) => echoes(w, 200, 200 * 100, 400, 200 * 100),
  },
  {
    name: 'sizes that change, all echoed',
    raises: [CHANGING],
    play: (w) => echoes(w, 448, 79_751, 415, 74_814),
  },
  {
    name: 'over IPv6, while it lasts and at its end',
    raises: [NO_ECHO],
    play: (w) => {
      const six = { protocol: 58, icmp_type: 128, dest_ip: '2001:db8::9' };
      echoes(w, 400, 400 * 64, 400, 400 * 900, six, 'flow_update');
      echoes(w, 900, 900 * 64, 900, 900 * 900, six);
    },
  },
  {
    name: 'a monitor for days, with losses',
    raises: [],
    play: (w) => {
      times(50, (i) => echoes(w, 1_000, 56_000, 1_000 - i, 56_000 - i * 56));
      echoes(w, 1_000, 1_472_000, 990, 990 * 1_472);
    },
  },
  {
    name: 'somebody tries out sizes',
    raises: [],
    play: (w) => echoes(w, 40, 40 * 700 + 7, 40, 40 * 700 + 7),
  },
  { name: 'pings that nobody answers', raises: [], play: (w) => echoes(w, 5_000, 5_000 * 56, 0, 0) },
  {
    name: 'other messages, other protocols',
    raises: [],
    play: (w) => {
      echoes(w, 400, 400 * 64, 400, 400 * 900, { icmp_type: 13 });
      echoes(w, 400, 400 * 64, 400, 400 * 900, { protocol: 17 });
    },
  },
]);
