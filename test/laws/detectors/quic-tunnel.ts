// QUIC that lasts: the cases of `quic-tunnel`.
import type { Watch } from '../../../sensor/src/detectors/detector.ts';
import type { FlowView } from '../../../sensor/src/protocols/event.ts';
import { at, event, flow } from '../../support/stage.ts';
import { INSIDE, of } from '../detectors.plays.ts';

const HIDDEN = 'behaviour.quic-tunnel.hidden';
const LONG = 'behaviour.quic-tunnel.long';
const HELLO = { 'quic.sni': 'relay.example', 'quic.client_alpns': ['h3'], 'quic.ja4': 'q13d0310h3_x_y' };

function spoke(w: Required<Watch>, hello: object, given: Partial<FlowView> = {}): void {
  const about = flow({
    ...{ protocol: 17, app_proto: 'quic', src_ip: INSIDE, start: at(0), last: at(3_600) },
    ...{ payload_toserver: 30e6, payload_toclient: 40e6 },
    ...given,
  });
  w.event(event('quic', { ...HELLO, ...hello }, at(0), about));
  w.event(event('flow_update', {}, about.last - 1, about));
  w.event(event('flow', {}, about.last, about));
}

export const cases = of('quic-tunnel', [
  { name: 'without a name', raises: [HIDDEN], play: (w) => spoke(w, { 'quic.sni': undefined }) },
  {
    name: 'an application that nobody knows',
    raises: [HIDDEN],
    play: (w) => spoke(w, { 'quic.client_alpns': ['sl1'] }),
  },
  { name: 'on another port', raises: [HIDDEN], play: (w) => spoke(w, {}, { dest_port: 4433 }) },
  { name: 'with a name', raises: [LONG], play: (w) => spoke(w, {}) },
  {
    name: 'a film',
    raises: [],
    play: (w) => spoke(w, { 'quic.sni': undefined }, { payload_toserver: 6e6, payload_toclient: 900e6 }),
  },
  { name: 'a call of five minutes', raises: [], play: (w) => spoke(w, {}, { last: at(300) }) },
  {
    name: 'kept alive all day',
    raises: [],
    play: (w) => spoke(w, {}, { payload_toserver: 1e6, payload_toclient: 1e6 }),
  },
  { name: 'inside the house', raises: [], play: (w) => spoke(w, {}, { dest_ip: '10.1.0.9' }) },
  {
    name: 'a sealed hello names nobody in clear',
    raises: [LONG],
    play: (w) => spoke(w, { 'quic.sni': undefined, 'quic.ech': true }),
  },
]);
