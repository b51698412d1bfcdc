// Port scans and what looks like them: the cases of `port-scan`.
import { at } from '../../support/stage.ts';
import { attempt, of, times } from '../detectors.plays.ts';

const VERTICAL = 'behaviour.port-scan.vertical';
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
    raises: [VERTICAL],
    play: (w) => times(20, (i) => attempt(w, i, 'refused', { tcp_flags_ts: 1, dest_port: 1 + i })),
  },
  {
    name: 'sweep: one port of many hosts',
    raises: [HORIZONTAL],
    play: (w) => times(40, (i) => attempt(w, i / 5, 'refused', { dest_ip: `10.9.0.${i}`, dest_port: 445 })),
  },
  {
    name: 'ping sweep',
    raises: ['behaviour.port-scan.sweep'],
    play: (w) => {
      times(40, (i) =>
        attempt(w, i / 5, 'nothing', {
          protocol: 1,
          icmp_type: 8,
          icmp_code: 0,
          dest_port: 0,
          dest_ip: `10.9.0.${i}`,
        }),
      );
      w.tick(at(60));
    },
  },
  {
    name: 'the same scan goes on: told once an hour',
    raises: [VERTICAL, VERTICAL],
    play: (w) => times(4_000, (i) => attempt(w, i, 'refused', { dest_port: 1 + (i % 1000) })),
  },
  {
    name: 'too slow for the window',
    raises: [],
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
]);
