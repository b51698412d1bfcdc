// Floods, and crowds: the cases of `flood`.
import type { Watch } from '../../../sensor/src/detectors/detector.ts';
import type { FlowView } from '../../../sensor/src/protocols/event.ts';
import { at, event, flow } from '../../support/stage.ts';
import { INSIDE, of, times } from '../detectors.plays.ts';

const TARGET = 'behaviour.flood.target';
const SOURCE = 'behaviour.flood.source';
const REFLECTOR = 'behaviour.flood.reflector';

/** First packets within ten seconds; every `answer`-th is answered. */
function rush(w: Required<Watch>, count: number, given: (i: number) => Partial<FlowView>, answer = 0): void {
  times(count, (i) => {
    const t = 100 + (i / count) * 9;
    const about = flow({ start: at(t), last: at(t), ...given(i) });
    w.opened(about);
    if (answer > 0 && i % answer === 0) w.answered(about);
  });
}
const outside = (i: number): string => `198.${18 + (i & 1)}.${(i >> 8) & 255}.${i & 255}`;

function told(w: Required<Watch>, seconds: number, given: Partial<FlowView>, type = 'flow'): void {
  w.event(event(type, {}, at(seconds), flow({ start: at(0), last: at(seconds), protocol: 17, ...given })));
}
const ASKED = { src_ip: '198.51.100.9', dest_ip: INSIDE, dest_port: 123 };

export const cases = of('flood', [
  {
    name: 'SYN of thousands to a web server',
    raises: [TARGET],
    play: (w) => rush(w, 9_000, (i) => ({ src_ip: outside(i), dest_ip: INSIDE })),
  },
  {
    name: 'an inside host opens thousands, from ever new ports',
    raises: [SOURCE],
    play: (w) => rush(w, 9_000, (i) => ({ src_ip: INSIDE, src_port: 1024 + i })),
  },
  {
    name: 'an inside host sends, and nobody answers',
    raises: [SOURCE],
    play: (w) => {
      told(w, 30, { src_ip: INSIDE, dest_port: 80, pkts_toserver: 900_000 }, 'flow_update');
      told(w, 60, { src_ip: INSIDE, dest_port: 80, pkts_toserver: 1_800_000 });
    },
  },
  {
    name: 'a clock that answers with hundreds of times what it was asked',
    raises: [REFLECTOR],
    play: (w) =>
      times(9, (i) => told(w, 5 + i, { ...ASKED, payload_toserver: 8_000, payload_toclient: 2e6 })),
  },
  {
    name: 'a crowd at a web server that answers',
    raises: [],
    play: (w) => rush(w, 9_000, (i) => ({ src_ip: outside(i), dest_ip: INSIDE }), 2),
  },
  {
    name: 'a scan of all ports of one host is no flood',
    raises: [],
    play: (w) => rush(w, 20_000, (i) => ({ src_ip: INSIDE, dest_ip: '10.1.0.9', dest_port: i })),
  },
  {
    name: 'as many in an hour',
    raises: [],
    play: (w) =>
      times(9_000, (i) =>
        w.opened(flow({ src_ip: outside(i), dest_ip: INSIDE, start: at(i / 3), last: at(i / 3) })),
      ),
  },
  {
    name: 'a stream with feedback, a short burst, a copy inside the house',
    raises: [],
    play: (w) => {
      told(w, 60, { src_ip: INSIDE, pkts_toserver: 900_000, pkts_toclient: 90_000 });
      told(w, 2, { src_ip: INSIDE, pkts_toserver: 90_000 });
      told(w, 60, { src_ip: INSIDE, dest_ip: '10.1.0.9', pkts_toserver: 900_000 });
    },
  },
  {
    name: 'answers of the usual size, however many; one flow is counted once',
    raises: [],
    play: (w) => {
      times(50, (i) =>
        told(w, 5 + i, { ...ASKED, dest_port: 53, payload_toserver: 1e6, payload_toclient: 4e6 }),
      );
      const long = flow({
        ...ASKED,
        protocol: 17,
        start: at(0),
        last: at(60),
        payload_toserver: 9,
        payload_toclient: 3e6,
      });
      w.event(event('flow_update', {}, at(60), long));
      w.event(event('flow', {}, at(61), long));
    },
  },
]);
