// Address sweeps and what looks like them: the cases of `address-sweep`.
import { at, event, flow } from '../../support/stage.ts';
import { attempt, of, type Play, times } from '../detectors.plays.ts';

const ICMP = 'behaviour.address-sweep.icmp';
const ARP = 'behaviour.address-sweep.arp';
const echo = (host: number) => ({
  protocol: 1,
  icmp_type: 8,
  icmp_code: 0,
  src_port: 0,
  dest_port: 0,
  dest_ip: `10.9.0.${host}`,
});

const arp =
  (count: number, gap: number, distinct: number, opcode = 'request'): Play =>
  (w) =>
    times(count, (i) =>
      w.event(
        event(
          'arp',
          { 'arp.opcode': opcode, 'arp.src_ip': '10.9.0.200', 'arp.dest_ip': `10.9.0.${i % distinct}` },
          at(i * gap),
          flow({ protocol: 0 }),
        ),
      ),
    );

export const cases = of('address-sweep', [
  {
    name: 'a subnet pinged in two seconds, half of it answers',
    raises: [ICMP],
    play: (w) => times(20, (i) => attempt(w, i / 10, i % 2 === 0 ? 'answered' : 'nothing', echo(i))),
  },
  {
    name: 'one silent address every five seconds',
    raises: [ICMP],
    play: (w) => {
      times(40, (i) => attempt(w, i * 5, 'nothing', echo(i)));
      w.tick(at(300));
    },
  },
  {
    name: 'monitoring: thirty hosts that answer, one a second, for an hour',
    raises: [],
    play: (w) => times(3_600, (i) => attempt(w, i, 'answered', echo(i % 30))),
  },
  {
    name: 'a person who pings one host that is down',
    raises: [],
    play: (w) => times(200, (i) => attempt(w, i, 'nothing', echo(1))),
  },
  { name: 'a whole subnet asked for by ARP', raises: [ARP], play: arp(254, 0.02, 254) },
  { name: 'the router is asked for again and again', raises: [], play: arp(500, 0.02, 3) },
  { name: 'a server asks for its clients over minutes', raises: [], play: arp(200, 2, 200) },
  { name: 'replies', raises: [], play: arp(254, 0.02, 254, 'reply') },
]);
