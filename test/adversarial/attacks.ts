// The attacks, each turned one way: slower, jittered, padded or spread out, from the plain form to what nobody would see.
import type { FlowView } from '../../sensor/src/protocols/event.ts';
import { ATTACKER, type Attack, C2, CROWDS, HOST, type Stage, times } from './attack.ts';
import { floods } from './floods.ts';
import { intruders } from './intruders.ts';
import { names } from './names.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';
const label = (stage: Stage, length: number): string =>
  Array.from({ length }, () => LETTERS[Math.floor(stage.random() * 32)]).join('');
const sourceOf = (i: number): string => `203.0.113.${1 + (i % 250)}`;

const GAPS = [0.01, 0.1, 1, 3, 10, 30, 60, 120, 300, 600, 1800] as const;
const SHARES = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100] as const;

const scans: readonly Attack[] = [
  {
    detector: 'port-scan',
    title: 'Ports of one host, ever slower',
    turned: 'seconds between probes',
    values: GAPS,
    play: (stage, gap) =>
      times(200, (i) =>
        stage.knock(i * stage.stray(gap, 0.3), 'refused', {
          src_ip: ATTACKER,
          dest_ip: HOST,
          dest_port: 1 + i,
        }),
      ),
  },
  {
    detector: 'port-scan',
    title: 'One port of many hosts, ever slower',
    turned: 'seconds between probes',
    values: GAPS,
    play: (stage, gap) =>
      times(200, (i) =>
        stage.knock(i * stage.stray(gap, 0.3), 'nothing', {
          src_ip: ATTACKER,
          dest_ip: `10.1.1.${1 + (i % 250)}`,
          dest_port: 445,
        }),
      ),
  },
  {
    detector: 'port-scan',
    title: 'Ports of one host, shared among sources (1,000 probes, two a second)',
    turned: 'sources',
    values: CROWDS,
    play: (stage, sources) =>
      times(1000, (i) =>
        stage.knock(i / 2, 'refused', { src_ip: sourceOf(i % sources), dest_ip: HOST, dest_port: 1 + i }),
      ),
  },
  {
    detector: 'port-scan',
    title: 'Ports of one host, hidden among answered connections',
    turned: '% of the connections that are answered',
    values: [0, 10, 30, 50, 70, 80, 90, 95, 98],
    play: (stage, share) =>
      times(400, (i) =>
        stage.random() * 100 < share
          ? stage.talk(i / 2, { src_ip: ATTACKER, dest_ip: HOST, dest_port: 443 })
          : stage.knock(i / 2, 'refused', { src_ip: ATTACKER, dest_ip: HOST, dest_port: 1 + i }),
      ),
  },
];

const SSH: Partial<FlowView> = {
  ...{ src_ip: ATTACKER, dest_ip: HOST, dest_port: 22, app_proto: 'ssh' },
  ...{ payload_toserver: 1263, payload_toclient: 1859 },
};
const tries: readonly Attack[] = [
  {
    detector: 'guessing',
    title: 'SSH passwords, ever slower (300 tries)',
    turned: 'seconds between tries',
    values: [0.1, 1, 3, 10, 20, 30, 60, 120, 300],
    play: (stage, gap) => times(300, (i) => stage.talk(i * stage.stray(gap, 0.2), SSH)),
  },
  {
    detector: 'guessing',
    title: 'SSH passwords, sizes padded (one try a second)',
    turned: '% by which sizes stray',
    values: [0, 5, 10, 20, 30, 40, 60, 80, 100],
    play: (stage, share) =>
      times(300, (i) =>
        stage.talk(i, {
          ...SSH,
          payload_toserver: Math.round(stage.stray(1263, share / 100)),
          payload_toclient: Math.round(stage.stray(1859, share / 100)),
        }),
      ),
  },
  {
    detector: 'guessing',
    title: 'SSH passwords, shared among sources (600 tries, two a second)',
    turned: 'sources',
    values: CROWDS,
    play: (stage, sources) => times(600, (i) => stage.talk(i / 2, { ...SSH, src_ip: sourceOf(i % sources) })),
  },
];

/** Calls home for a day. */
function calls(stage: Stage, gap: number, jitter: number, padding: number, skipped = 0): void {
  let second = 0;
  // Ends: the gap never falls below a hundredth of itself.
  while (second < 86_400) {
    if (stage.random() >= skipped)
      stage.talk(
        second,
        {
          ...{ src_ip: HOST, dest_ip: C2, dest_port: 443, app_proto: 'tls' },
          ...{
            payload_toserver: Math.round(stage.stray(600, padding)),
            payload_toclient: Math.round(stage.stray(900, padding)),
          },
        },
        ['tls', { 'tls.sni': 'c2.example' }],
      );
    second += Math.max(gap / 100, stage.stray(gap, jitter));
  }
}
const beacons: readonly Attack[] = [
  {
    detector: 'beacon',
    title: 'Calls home over TLS every 135 s, jittered',
    turned: '% of jitter, both ways',
    values: SHARES,
    play: (stage, jitter) => calls(stage, 135, jitter / 100, 0.05),
  },
  {
    detector: 'beacon',
    title: 'Calls home every 135 s ±20 %, sizes padded',
    turned: '% by which sizes stray',
    values: SHARES,
    play: (stage, padding) => calls(stage, 135, 0.2, padding / 100),
  },
  {
    detector: 'beacon',
    title: 'Calls home ±20 %, ever rarer',
    turned: 'minutes between calls',
    values: [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 240],
    play: (stage, minutes) => calls(stage, 60 * minutes, 0.2, 0.05),
  },
  {
    detector: 'beacon',
    title: 'Calls home every 135 s ±20 %, some left out at random',
    turned: '% left out',
    values: [0, 10, 20, 30, 40, 50, 60, 70, 80, 90],
    play: (stage, share) => calls(stage, 135, 0.2, 0.05, share / 100),
  },
];

const tunnels: readonly Attack[] = [
  {
    detector: 'dns-tunnel',
    title: 'Names of 50 random characters below one domain, ever slower (1,000 questions)',
    turned: 'seconds between questions',
    values: [0.1, 1, 3, 10, 20, 30, 60, 120, 300],
    play: (stage, gap) =>
      times(1000, (i) => stage.ask(i * stage.stray(gap, 0.3), `${label(stage, 50)}.t.evil.example`)),
  },
  {
    detector: 'dns-tunnel',
    title: 'Names below one domain, ever shorter (one question a second)',
    turned: 'characters a name carries',
    values: [60, 50, 40, 30, 24, 20, 16, 12, 8, 6],
    play: (stage, length) => times(1000, (i) => stage.ask(i, `${label(stage, length)}.t.evil.example`)),
  },
  {
    detector: 'dns-tunnel',
    title: 'Names of 50 characters, spread over domains (one question a second)',
    turned: 'domains',
    values: CROWDS,
    play: (stage, domains) =>
      times(1000, (i) => stage.ask(i, `${label(stage, 50)}.evil${i % domains}.example`)),
  },
];

const MB = 1e6;
const uploads: readonly Attack[] = [
  {
    detector: 'upload',
    title: '2 GB taken out to one place, ever slower',
    turned: 'hours that it takes',
    values: [0.1, 0.5, 1, 2, 4, 8, 24, 48, 72],
    play: (stage, hours) =>
      times(200, (i) =>
        stage.talk((i * hours * 3600) / 200, {
          src_ip: HOST,
          dest_ip: C2,
          payload_toserver: 10 * MB,
          payload_toclient: 50_000,
          pkts_toserver: 7000,
          pkts_toclient: 3000,
        }),
      ),
  },
  {
    detector: 'upload',
    title: '500 MB taken out within an hour, spread over places',
    turned: 'places',
    values: CROWDS,
    play: (stage, places) =>
      times(256, (i) =>
        stage.talk(i * 14, {
          src_ip: HOST,
          dest_ip: `198.51.100.${1 + (i % places)}`,
          payload_toserver: 2 * MB,
          payload_toclient: 10_000,
          pkts_toserver: 1400,
          pkts_toclient: 700,
        }),
      ),
  },
  {
    detector: 'upload',
    title: '500 MB taken out to one place within an hour, hidden by downloads',
    turned: '% of the volume that is taken back',
    values: [0, 5, 10, 15, 20, 30, 50, 70, 100],
    play: (stage, share) =>
      times(100, (i) =>
        stage.talk(i * 36, {
          src_ip: HOST,
          dest_ip: C2,
          payload_toserver: 5 * MB,
          payload_toclient: Math.round((5 * MB * share) / 100),
          pkts_toserver: 3500,
          pkts_toclient: 3500,
        }),
      ),
  },
];

export const attacks: readonly Attack[] = [
  ...scans,
  ...tries,
  ...beacons,
  ...tunnels,
  ...uploads,
  ...names,
  ...floods,
  ...intruders,
];
