// Who claims which address of the link: the cases of `arp-spoof`.
import type { Watch } from '../../../sensor/src/detectors/detector.ts';
import { at, event, flow } from '../../support/stage.ts';
import { of, passDays, times } from '../detectors.plays.ts';

const TAKEOVER = 'behaviour.arp-spoof.takeover';
const FLIP = 'behaviour.arp-spoof.flip';
const GATEWAY = 'behaviour.arp-spoof.gateway';
const MANY = 'behaviour.arp-spoof.many';
const STORM = 'behaviour.arp-spoof.storm';

const GATE = '10.1.0.1';
const mac = (i: number): string => `02:00:00:00:00:${i.toString(16).padStart(2, '0')}`;
const ATTACKER = mac(0x66);

function arp(
  w: Required<Watch>,
  t: number,
  opcode: string,
  src_mac: string,
  src_ip: string,
  dest_ip: string,
  vlan: number[] = [],
): void {
  const values = {
    'arp.opcode': opcode,
    'arp.src_mac': src_mac,
    'arp.src_ip': src_ip,
    'arp.dest_ip': dest_ip,
  };
  w.event(event('arp', values, at(t), flow({ src_ip: '', dest_ip: '', protocol: 0, proto: '', vlan })));
}

/** Twenty hosts ask for the gateway, and it answers. */
function office(w: Required<Watch>): void {
  times(20, (i) => {
    arp(w, i, 'request', mac(i + 10), `10.1.0.${i + 10}`, GATE);
    arp(w, i, 'reply', mac(1), GATE, `10.1.0.${i + 10}`);
  });
}

export const cases = of('arp-spoof', [
  {
    name: 'into the middle of a host and its gateway',
    raises: [TAKEOVER],
    play: (w) => {
      office(w);
      times(30, (i) => {
        arp(w, 100 + i * 2, 'reply', ATTACKER, GATE, '10.1.0.12');
        arp(w, 100 + i * 2, 'reply', ATTACKER, '10.1.0.12', GATE);
      });
    },
  },
  {
    name: 'the owner answers, too',
    raises: [FLIP],
    play: (w) => {
      office(w);
      times(10, (i) => {
        arp(w, 100 + i * 2, 'reply', ATTACKER, GATE, '10.1.0.12');
        arp(w, 101 + i * 2, 'reply', mac(1), GATE, '10.1.0.13');
      });
    },
  },
  {
    name: 'the gateway has another owner after a day',
    raises: [GATEWAY],
    play: (w) => {
      office(w);
      const t = passDays(w, 1);
      times(5, (i) => arp(w, t + i, 'reply', mac(2), GATE, '10.1.0.12'));
    },
  },
  {
    name: 'one claims a whole network',
    raises: [MANY],
    play: (w) => times(60, (i) => arp(w, i, 'reply', ATTACKER, `10.1.0.${i + 100}`, GATE)),
  },
  {
    name: 'a storm',
    raises: [STORM],
    play: (w) => times(500, (i) => arp(w, i / 50, 'request', ATTACKER, '10.1.0.7', '10.1.0.7')),
  },
  {
    name: 'an office for days',
    raises: [],
    play: (w) =>
      times(200, (i) => {
        w.tick(at(i * 600));
        arp(w, i * 600, 'request', mac((i % 20) + 10), `10.1.0.${(i % 20) + 10}`, GATE);
        arp(w, i * 600, 'reply', mac(1), GATE, `10.1.0.${(i % 20) + 10}`);
      }),
  },
  {
    name: 'a lease that goes to the next machine, and one that is tried before it is taken',
    raises: [],
    play: (w) => {
      office(w);
      arp(w, 500, 'request', mac(90), '0.0.0.0', '10.1.0.12');
      arp(w, 501, 'request', mac(90), '10.1.0.12', '10.1.0.12');
    },
  },
  {
    name: 'fail-over: the second takes all addresses of the first',
    raises: [],
    play: (w) => {
      times(6, (i) => arp(w, i, 'reply', mac(3), `10.1.0.${i + 200}`, GATE));
      times(6, (i) => arp(w, 60 + i, 'request', mac(4), `10.1.0.${i + 200}`, `10.1.0.${i + 200}`));
    },
  },
  {
    name: 'the same addresses on two networks',
    raises: [],
    play: (w) =>
      times(40, (i) => {
        arp(w, i, 'reply', mac(5), GATE, '10.1.0.9', [10]);
        arp(w, i, 'reply', mac(6), GATE, '10.1.0.9', [20]);
      }),
  },
]);
