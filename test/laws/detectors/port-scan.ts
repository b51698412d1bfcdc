// Port scans and what looks like them: the cases of `port-scan`.
import { at } from '../../support/stage.ts';
import { attempt, of, times } from '../detectors.plays.ts';

const VERTICAL = 'behaviour.port-scan.vertical';
const PROBE = 'behaviour.port-scan.probe';
const SLOW = 'behaviour.port-scan.slow';
const SLOW_OUTSIDE = 'behaviour.port-scan.slow-outside';
const DISTRIBUTED = 'behaviour.port-scan.distributed';
const HORIZONTAL = 'behaviour.port-scan.horizontal';
export const cases = of('port-scan', [
  {
    name: 'SYN scan: refused at many ports',
    raises: [VERTICAL],
    play: (w) => times(60, (i) => attempt(w, i / 10, 'refused', { dest_port: 1 + i })),
  },
  {
    name: 'one port below the threshold',
    raises: [],
    play: (w) => times(14, (i) => attempt(w, i, 'refused', { dest_port: 1 + i })),
  },
  {
    name: 'silent host: no answer at many ports',
    raises: [VERTICAL],
    play: (w) => {
      times(20, (i) => attempt(w, i / 10, 'nothing', { dest_port: 1 + i }));
      w.tick(at(10));
    },
  },
  {
    name: 'unanswered for less than the time allowed',
    raises: [],
    play: (w) => {
      times(20, (i) => attempt(w, i / 10, 'nothing', { dest_port: 1 + i }));
      w.tick(at(2.9));
    },
  },
  {
    name: 'UDP scan',
    raises: [VERTICAL],
    play: (w) =>
      times(20, (i) => attempt(w, i, 'refused', { protocol: 17, src_port: 50_000, dest_port: 1000 + i })),
  },
  {
    name: 'FIN scan: probes without SYN and ACK',
    raises: [PROBE, VERTICAL],
    play: (w) => times(20, (i) => attempt(w, i, 'refused', { tcp_flags_ts: 1, dest_port: 1 + i })),
  },
  {
    name: 'sweep: one port of many hosts',
    raises: [HORIZONTAL],
    play: (w) => times(40, (i) => attempt(w, i / 5, 'refused', { dest_ip: `10.9.0.${i}`, dest_port: 445 })),
  },
  {
    name: 'the same scan goes on: told once an hour',
    raises: [VERTICAL, VERTICAL],
    play: (w) => times(4_000, (i) => attempt(w, i, 'refused', { dest_port: 1 + (i % 1000) })),
  },
  {
    name: 'too slow for the window, told by the day',
    raises: [SLOW],
    play: (w) => times(60, (i) => attempt(w, i * 25, 'refused', { dest_port: 1 + i })),
  },
  {
    name: 'browsing: many hosts that answer, a few that do not',
    raises: [],
    play: (w) =>
      times(400, (i) =>
        attempt(w, i / 10, i % 20 === 0 ? 'nothing' : 'answered', { dest_ip: `198.51.${i >> 7}.${i & 127}` }),
      ),
  },
  {
    name: 'busy resolver: hundreds of servers, dozens of them dead',
    raises: [],
    play: (w) =>
      times(1_000, (i) =>
        attempt(w, i / 10, i % 8 === 0 ? 'nothing' : 'answered', {
          protocol: 17,
          dest_port: 53,
          dest_ip: `198.${51 + (i >> 8)}.7.${i & 255}`,
        }),
      ),
  },
  {
    name: 'late answers of a resolver look like probes from port 53',
    raises: [],
    play: (w) => {
      times(100, (i) => attempt(w, i / 10, 'nothing', { protocol: 17, src_port: 53, dest_port: 30_000 + i }));
      w.tick(at(60));
    },
  },
  {
    name: 'connections older than the capture, seen from the middle',
    raises: [],
    play: (w) => {
      times(100, (i) => attempt(w, i / 10, 'nothing', { tcp_flags_ts: 0x18, dest_port: 30_000 + i }));
      w.tick(at(60));
    },
  },
  {
    name: 'traceroute counts through ports',
    raises: [],
    play: (w) =>
      times(90, (i) =>
        attempt(w, i / 10, 'refused', { protocol: 17, src_port: 50_000, dest_port: 33_434 + i }),
      ),
  },
  {
    name: 'announcements to multicast groups that nobody answers',
    raises: [],
    play: (w) => {
      times(60, (i) =>
        attempt(w, i, 'nothing', { protocol: 17, src_port: 5353, dest_port: 5353, dest_ip: `239.1.1.${i}` }),
      );
      w.tick(at(200));
    },
  },
  {
    name: 'a probe every ten minutes at ever other hosts, from outside',
    raises: [SLOW_OUTSIDE],
    play: (w) =>
      times(100, (i) =>
        attempt(w, i * 600, 'nothing', {
          src_ip: '203.0.113.5',
          dest_ip: `10.1.${i % 9}.${i}`,
          dest_port: i % 2 === 0 ? 22 : 3389,
        }),
      ),
  },
  {
    name: 'a stale list: forty dead shares among a hundred that answer, all day',
    raises: [],
    play: (w) =>
      times(2_000, (i) =>
        attempt(w, i * 40, i % 10 < 3 ? 'nothing' : 'answered', {
          dest_ip: `10.1.4.${i % 140}`,
          dest_port: 445,
        }),
      ),
  },
  {
    name: 'one dead service asked all day',
    raises: [],
    play: (w) => times(5_000, (i) => attempt(w, i * 17, 'refused', { dest_port: 9100 })),
  },
  {
    name: 'three probes: FIN, NULL, Xmas',
    raises: [PROBE],
    play: (w) =>
      times(3, (i) => attempt(w, i * 8, 'refused', { tcp_flags_ts: [1, 0, 0x29][i], dest_port: 3390 + i })),
  },
  {
    name: 'one stray FIN again and again',
    raises: [],
    play: (w) => times(50, (i) => attempt(w, i, 'refused', { tcp_flags_ts: 1, dest_port: 443 })),
  },
  {
    name: 'forty sources share the ports of one host',
    raises: [DISTRIBUTED],
    play: (w) =>
      times(200, (i) =>
        attempt(w, i, 'refused', { src_ip: `203.0.113.${i % 40}`, dest_ip: '10.1.0.80', dest_port: 1 + i }),
      ),
  },
  {
    name: 'many clients of a service that is down',
    raises: [],
    play: (w) =>
      times(900, (i) =>
        attempt(w, i / 4, 'refused', {
          src_ip: `10.2.${i % 7}.${i % 250}`,
          dest_ip: '10.1.0.80',
          dest_port: 8080,
        }),
      ),
  },
  {
    name: 'another recording, older by a month, begins while attempts wait',
    raises: [VERTICAL],
    play: (w) => {
      times(10, (i) => attempt(w, i / 10, 'nothing', { dest_port: 1 + i }));
      times(20, (i) => attempt(w, i / 10 - 2_592_000, 'nothing', { dest_port: 1 + i }));
      w.tick(at(10 - 2_592_000));
    },
  },
]);
