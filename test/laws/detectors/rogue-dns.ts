// Who answers questions for names: the cases of `rogue-dns`.
import type { Watch } from '../../../sensor/src/detectors/detector.ts';
import type { FlowView } from '../../../sensor/src/protocols/event.ts';
import { INSIDE, of, passDays, talk, times } from '../detectors.plays.ts';

const ANSWERS = 'behaviour.rogue-dns.inside';
const ASKED = 'behaviour.rogue-dns.outside';

const ask = (w: Required<Watch>, t: number, dest_ip: string, given: Partial<FlowView> = {}): void =>
  talk(w, t, { protocol: 17, src_ip: INSIDE, dest_ip, dest_port: 53, app_proto: 'dns', ...given });

/** All ask the resolver of the house, which asks the world. */
function house(w: Required<Watch>): number {
  times(30, (i) => ask(w, i, '10.1.0.53', { src_ip: `10.1.0.${i + 100}` }));
  times(50, (i) => ask(w, 50 + i, `198.51.100.${i}`, { src_ip: '10.1.0.53' }));
  ask(w, 120, '203.0.113.8');
  return passDays(w, 4);
}

export const cases = of('rogue-dns', [
  {
    name: 'a workstation begins to answer',
    raises: [ANSWERS],
    play: (w) => {
      const t = house(w);
      times(9, (i) => ask(w, t + i, '10.1.0.99', { src_ip: `10.1.0.${i + 100}` }));
    },
  },
  {
    name: 'a host asks a resolver that nobody uses',
    raises: [ASKED],
    play: (w) => {
      const t = house(w);
      times(9, (i) => ask(w, t + i, '192.0.2.66'));
    },
  },
  {
    name: 'the resolver of the house walks the tree of names',
    raises: [],
    play: (w) => {
      const t = house(w);
      times(100, (i) => ask(w, t + i, `192.0.2.${i}`, { src_ip: '10.1.0.53' }));
    },
  },
  {
    name: 'a host that resolves by itself since long',
    raises: [],
    play: (w) => {
      times(20, (i) => ask(w, i, `198.51.100.${i}`, { src_ip: '10.1.0.54' }));
      const t = passDays(w, 4);
      times(20, (i) => ask(w, t + i, `192.0.2.${i}`, { src_ip: '10.1.0.54' }));
    },
  },
  {
    name: 'known servers',
    raises: [],
    play: (w) => {
      const t = house(w);
      ask(w, t, '10.1.0.53');
      ask(w, t, '203.0.113.8', { src_ip: '10.1.0.200' });
    },
  },
  {
    name: 'no answer, another protocol, the first day',
    raises: [],
    play: (w) => {
      ask(w, 0, '10.1.0.77');
      const t = house(w);
      ask(w, t, '10.1.0.99', { payload_toclient: 0 });
      ask(w, t, '10.1.0.99', { app_proto: 'ssh' });
      ask(w, t, '10.1.0.77');
    },
  },
]);
