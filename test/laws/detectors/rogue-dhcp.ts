// Who gives out addresses: the cases of `rogue-dhcp`.
import type { Watch } from '../../../sensor/src/detectors/detector.ts';
import { at, event, flow } from '../../support/stage.ts';
import { of, passDays, times } from '../detectors.plays.ts';

const NEW = 'behaviour.rogue-dhcp.new';
const CONFLICT = 'behaviour.rogue-dhcp.conflict';

function answer(
  w: Required<Watch>,
  t: number,
  id: number,
  server: string,
  router = '10.1.0.1',
  kind = 'offer',
): void {
  const values = {
    'dhcp.type': 'reply',
    'dhcp.dhcp_type': kind,
    'dhcp.id': id,
    'dhcp.server_id': server,
    'dhcp.routers': [router],
    'dhcp.dns_servers': ['10.1.0.53'],
  };
  const about = flow({
    src_ip: server,
    src_port: 67,
    dest_ip: '255.255.255.255',
    dest_port: 68,
    protocol: 17,
  });
  w.event(event('dhcp', values, at(t), about));
}

function advertise(w: Required<Watch>, t: number, id: string, src_ip: string): void {
  const about = flow({ src_ip, src_port: 547, dest_ip: 'fe80::9', dest_port: 546, protocol: 17 });
  w.event(event('dhcpv6', { 'dhcpv6.type': 'advertise', 'dhcpv6.server_id': id }, at(t), about));
}

function learnt(w: Required<Watch>): number {
  answer(w, 0, 1, '10.1.0.2');
  advertise(w, 0, '00:01', 'fe80::2');
  return passDays(w, 3);
}

export const cases = of('rogue-dhcp', [
  {
    name: 'a new server',
    raises: [NEW],
    play: (w) => {
      const t = learnt(w);
      times(5, (i) => answer(w, t + i, 100 + i, '10.1.0.66', '10.1.0.66', i % 2 === 0 ? 'offer' : 'ack'));
    },
  },
  {
    name: 'a new server of IPv6',
    raises: [NEW],
    play: (w) => advertise(w, learnt(w), '00:02', 'fe80::66'),
  },
  {
    name: 'two servers, two gateways for one request',
    raises: [CONFLICT],
    play: (w) =>
      times(3, (i) => {
        answer(w, i, 7 + i, '10.1.0.2');
        answer(w, i + 0.02, 7 + i, '10.1.0.66', '10.1.0.66');
      }),
  },
  {
    name: 'two servers of the house that agree',
    raises: [],
    play: (w) =>
      times(9, (i) => {
        answer(w, i, 7 + i, '10.1.0.2');
        answer(w, i, 7 + i, '10.1.0.3');
      }),
  },
  {
    name: 'the known server, also after its address has another gateway',
    raises: [],
    play: (w) => {
      const t = learnt(w);
      answer(w, t, 9, '10.1.0.2');
      answer(w, t + 1, 9, '10.1.0.2', '10.1.0.254');
      advertise(w, t + 2, '00:01', 'fe80::3');
    },
  },
  {
    name: 'the first day',
    raises: [],
    play: (w) => {
      passDays(w, 1);
      times(3, (i) => answer(w, 86_400 + i, i, `10.${i}.0.2`, `10.${i}.0.1`));
    },
  },
  {
    name: 'requests, and refusals',
    raises: [],
    play: (w) => {
      const t = learnt(w);
      answer(w, t, 9, '10.1.0.77', '10.1.0.77', 'nak');
      w.event(
        event(
          'dhcp',
          { 'dhcp.type': 'request', 'dhcp.dhcp_type': 'request', 'dhcp.server_id': '10.1.0.9' },
          at(t),
        ),
      );
    },
  },
]);
