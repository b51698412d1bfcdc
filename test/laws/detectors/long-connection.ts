// Connections that stay open, and those that may: the cases of `long-connection`.
import { at, event, flow } from '../../support/stage.ts';
import { INSIDE, of, type Play, talk, times } from '../detectors.plays.ts';

const LONG = 'behaviour.long-connection';
const HOUR = 3_600;
type Watch = Parameters<Play>[0];
const held = (w: Watch, hours: number, given: Record<string, unknown> = {}): void =>
  talk(w, 0, { last: at(hours * HOUR), ...given });

export const cases = of('long-connection', [
  { name: 'nine hours to one place outside', raises: [LONG], play: (w) => held(w, 9) },
  {
    name: 'told while it is open, once a day',
    raises: [LONG, LONG],
    play: (w) => {
      const open = flow({ start: at(0), payload_toserver: 900, payload_toclient: 900 });
      times(40, (i) => w.event(event('flow_update', {}, at(i * HOUR), open)));
    },
  },
  { name: 'a working day', raises: [], play: (w) => held(w, 7) },
  { name: 'inside the house', raises: [], play: (w) => held(w, 30, { dest_ip: INSIDE }) },
  { name: 'nobody answered', raises: [], play: (w) => held(w, 30, { payload_toclient: 0 }) },
  {
    name: 'a push service that the whole house holds on to, once it is known',
    raises: [LONG, LONG, LONG, LONG],
    play: (w) => times(40, (i) => held(w, 9, { src_ip: `10.1.0.${i + 1}` })),
  },
]);
