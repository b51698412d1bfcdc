// Who says that it is the way out: the cases of `rogue-router`.
import type { Watch } from '../../../sensor/src/detectors/detector.ts';
import type { FlowView } from '../../../sensor/src/protocols/event.ts';
import { at, flow } from '../../support/stage.ts';
import { of, passDays, times } from '../detectors.plays.ts';

const NEW = 'behaviour.rogue-router.new';
const FORGED = 'behaviour.rogue-router.forged';
const FLOOD = 'behaviour.rogue-router.flood';

function announce(w: Required<Watch>, t: number, src_ip: string, given: Partial<FlowView> = {}): void {
  w.opened(
    flow({
      ...{
        protocol: 58,
        icmp_type: 134,
        icmp_code: 0,
        src_ip,
        src_port: 0,
        dest_ip: 'ff02::1',
        dest_port: 0,
      },
      ...{ start: at(t), min_ttl_toserver: 255, max_ttl_toserver: 255 },
      ...given,
    }),
  );
}

export const cases = of('rogue-router', [
  {
    name: 'a router that never announced itself',
    raises: [NEW],
    play: (w) => {
      announce(w, 0, 'fe80::1');
      const t = passDays(w, 2);
      announce(w, t, 'fe80::1');
      times(5, (i) => announce(w, t + i * 200, 'fe80::66'));
    },
  },
  {
    name: 'the router of another network',
    raises: [NEW],
    play: (w) => {
      announce(w, 0, 'fe80::1', { vlan: [10] });
      announce(w, passDays(w, 2), 'fe80::1', { vlan: [20] });
    },
  },
  {
    name: 'from behind a router, and from no address of the link',
    raises: [FORGED, FORGED],
    play: (w) => {
      announce(w, 0, 'fe80::5', { max_ttl_toserver: 63 });
      announce(w, 1, '2001:db8::5');
    },
  },
  {
    name: 'a flood',
    raises: [FLOOD],
    play: (w) => times(300, (i) => announce(w, i / 100, `fe80::${(i + 1).toString(16)}`)),
  },
  {
    name: 'two routers of the house, for days',
    raises: [],
    play: (w) =>
      times(300, (i) => {
        w.tick(at(i * 600));
        announce(w, i * 600, 'fe80::1');
        announce(w, i * 600 + 3, 'fe80::2');
      }),
  },
  {
    name: 'solicitations and neighbours',
    raises: [],
    play: (w) => {
      const t = passDays(w, 2);
      times(50, (i) => announce(w, t + i, `fe80::${i + 10}`, { icmp_type: i % 2 === 0 ? 133 : 135 }));
    },
  },
]);
