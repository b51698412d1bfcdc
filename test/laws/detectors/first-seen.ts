// What hosts never did before: the cases of `first-seen`.
import type { Watch } from '../../../sensor/src/detectors/detector.ts';
import { at, flow } from '../../support/stage.ts';
import { of, passDays, times } from '../detectors.plays.ts';

const SERVICE = 'behaviour.first-seen.service';
const PEER = 'behaviour.first-seen.peer';
const SERVER = '10.1.0.2';

function connect(w: Required<Watch>, t: number, src_ip: string, dest_ip: string, dest_port = 443): void {
  w.answered(flow({ src_ip, dest_ip, dest_port, start: at(t), last: at(t) }));
}

/** A web server with twenty clients, which fetches its updates from two networks. */
function house(w: Required<Watch>): number {
  times(20, (i) => connect(w, i, `10.1.0.${i + 20}`, SERVER));
  connect(w, 30, SERVER, '198.51.100.5');
  connect(w, 31, SERVER, '203.0.113.5');
  return passDays(w, 8);
}

export const cases = of('first-seen', [
  {
    name: 'a server begins to listen elsewhere',
    raises: [SERVICE],
    play: (w) => {
      const t = house(w);
      times(5, (i) => connect(w, t + i, '10.1.0.30', SERVER, 4444));
    },
  },
  {
    name: 'a server calls a network that it never called',
    raises: [PEER],
    play: (w) => {
      const t = house(w);
      times(5, (i) => connect(w, t + i, SERVER, '192.0.2.66', 8443));
    },
  },
  {
    name: 'the same networks, other hosts of them',
    raises: [],
    play: (w) => {
      const t = house(w);
      connect(w, t, SERVER, '198.51.100.77');
      connect(w, t, '10.1.0.99', SERVER);
    },
  },
  {
    name: 'a workstation calls anybody',
    raises: [],
    play: (w) => {
      const t = house(w);
      times(50, (i) => connect(w, t + i, '10.1.0.30', `192.${i}.2.9`));
    },
  },
  {
    name: 'a server that calls many, as a mail server does',
    raises: [],
    play: (w) => {
      times(30, (i) => connect(w, i, SERVER, `100.${i + 128}.2.9`, 25));
      times(20, (i) => connect(w, i, `10.1.0.${i + 20}`, SERVER));
      times(30, (i) => connect(w, 60 + i, SERVER, `98.${i}.2.9`, 25));
      const t = passDays(w, 8);
      times(30, (i) => connect(w, t + i, SERVER, `99.${i}.2.9`, 25));
    },
  },
  {
    name: 'a machine that is new itself',
    raises: [],
    play: (w) => {
      const t = house(w);
      times(9, (i) => connect(w, t + i, '10.1.0.30', '10.1.0.200', 80 + i));
    },
  },
  {
    name: 'ports that systems choose, and the first days',
    raises: [],
    play: (w) => {
      times(9, (i) => connect(w, i, '10.1.0.30', SERVER, 80 + i));
      const t = house(w);
      times(9, (i) => connect(w, t + i, '10.1.0.30', SERVER, 49_152 + i));
    },
  },
]);
