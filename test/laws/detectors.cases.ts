// For each detector: traffic that it must tell, and traffic that looks alike and is honest.

import type { Watch } from '../../sensor/src/detectors/detector.ts';
import type { FlowView } from '../../sensor/src/protocols/event.ts';
import { at, event, flow } from '../support/stage.ts';

/** Plays traffic to a watch; time in seconds of the stage's day. */
export type Play = (watch: Required<Watch>) => void;

export interface Case {
  readonly detector: string;
  readonly name: string;
  /** Ids of the alerts, in order; empty when it must stay silent. */
  readonly raises: readonly string[];
  readonly play: Play;
}

const of = (detector: string, list: readonly Omit<Case, 'detector'>[]): Case[] =>
  list.map((c) => ({ detector, ...c }));

const INSIDE = '10.1.0.7';
const times = (count: number, each: (i: number) => void): void => {
  for (let i = 0; i < count; i++) each(i);
};

/** A first packet at `t` and what came of it. */
function attempt(
  watch: Required<Watch>,
  t: number,
  outcome: 'refused' | 'answered' | 'nothing',
  given: Partial<FlowView>,
): void {
  const opened = flow({ start: at(t), last: at(t), ...given });
  watch.tick(at(t));
  watch.opened(opened);
  if (outcome !== 'nothing') watch[outcome]({ ...opened, last: at(t + 0.01) });
}

/** A connection that both sides spoke in and that ended. */
function talk(watch: Required<Watch>, t: number, given: Partial<FlowView>, name?: string): void {
  const start = at(t);
  const about = flow({
    start,
    last: start + 400_000,
    payload_toserver: 600,
    payload_toclient: 900,
    state: 'closed',
    ...given,
  });
  if (name !== undefined) watch.event(event('tls', { 'tls.sni': name }, start + 50_000, about));
  watch.event(event('flow', {}, about.last, about));
}

function asked(watch: Required<Watch>, t: number, name: string, type = 'request'): void {
  const about = flow({ protocol: 17, src_ip: INSIDE, dest_ip: '10.1.0.53', dest_port: 53, start: at(t) });
  watch.event(
    event(
      'dns',
      { 'dns.type': type, 'dns.queries.rrname': [name], 'dns.queries.rrtype': ['A'] },
      at(t),
      about,
    ),
  );
}

/** The same numbers in every run, between -1 and 1. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Calls every `gap` seconds, each off by up to `jitter` of it. */
function calls(
  watch: Required<Watch>,
  count: number,
  gap: number,
  jitter: number,
  given: Partial<FlowView>,
  name?: string,
): void {
  const random = noise(7);
  let t = 100;
  times(count, () => {
    talk(watch, t, given, name);
    t += gap * (1 + jitter * random());
  });
}

const VERTICAL = 'behaviour.port-scan.vertical';
const HORIZONTAL = 'behaviour.port-scan.horizontal';
const scan = of('port-scan', [
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

const BEACON = 'behaviour.beacon';
const beacon = of('beacon', [
  {
    name: 'every 135 s ±20 % over TLS',
    raises: [BEACON],
    play: (w) => calls(w, 160, 135, 0.2, {}, 'c2.example'),
  },
  {
    name: 'every minute, no name',
    raises: [BEACON],
    play: (w) => calls(w, 160, 60, 0.05, {}),
  },
  {
    name: 'every 10 minutes ±10 %',
    raises: [BEACON],
    play: (w) => calls(w, 60, 600, 0.1, {}, 'c2.example'),
  },
  {
    name: 'too few calls',
    raises: [],
    play: (w) => calls(w, 39, 135, 0.2, {}, 'c2.example'),
  },
  {
    name: 'over in half an hour',
    raises: [],
    play: (w) => calls(w, 180, 10, 0.1, {}, 'page.example'),
  },
  {
    name: 'a person who returns at random times',
    raises: [],
    play: (w) => {
      const random = noise(11);
      let t = 0;
      times(300, () => {
        t += 5 - 120 * Math.log((random() + 1) / 2 + 1e-9);
        talk(w, t, { payload_toserver: 700 }, 'news.example');
      });
    },
  },
  {
    name: 'software of the house: five hosts call the same name',
    raises: [],
    play: (w) => {
      times(400, (i) =>
        times(5, (host) => talk(w, 100 + i * 60 + host, { src_ip: `10.1.0.${host + 1}` }, 'update.example')),
      );
    },
  },
  {
    name: 'monitoring inside the house',
    raises: [],
    play: (w) => calls(w, 200, 60, 0.01, { dest_ip: '10.1.0.80' }, 'intra.example'),
  },
  {
    name: 'connections that nobody answered',
    raises: [],
    play: (w) => calls(w, 200, 60, 0.01, { payload_toclient: 0 }),
  },
]);

const TUNNEL = 'behaviour.dns-tunnel';
const letters = (i: number, length: number): string => {
  const random = noise(i + 1);
  return Array.from(
    { length },
    () => 'abcdefghijklmnopqrstuvwxyz234567'[Math.floor((random() + 1) * 15.99)],
  ).join('');
};
const tunnel = of('dns-tunnel', [
  {
    name: 'long names below one domain',
    raises: [TUNNEL],
    play: (w) => times(150, (i) => asked(w, i, `${letters(i, 50)}.t.evil.example`)),
  },
  {
    name: 'idle polls between long names',
    raises: [TUNNEL],
    play: (w) => times(150, (i) => asked(w, i, `${letters(i, i % 2 === 0 ? 8 : 60)}.t.evil.example`)),
  },
  {
    name: 'below a country’s second level',
    raises: [TUNNEL],
    play: (w) => times(150, (i) => asked(w, i, `${letters(i, 50)}.evil.co.jp`)),
  },
  {
    name: 'many domains, some long',
    raises: [],
    play: (w) => times(500, (i) => asked(w, i / 10, `${letters(i, 50)}.${letters(i, 9)}.co.jp`)),
  },
  {
    name: 'a content network: many short names',
    raises: [],
    play: (w) => times(500, (i) => asked(w, i / 10, `img${i}.cdn.example`)),
  },
  {
    name: 'the same long names again and again',
    raises: [],
    play: (w) => times(500, (i) => asked(w, i, `${letters(i % 20, 50)}.cdn.example`)),
  },
  {
    name: 'answers are not counted again',
    raises: [],
    play: (w) => times(500, (i) => asked(w, i / 10, `${letters(i, 50)}.evil.example`, 'response')),
  },
  {
    name: 'reverse names',
    raises: [],
    play: (w) => times(500, (i) => asked(w, i / 10, `${letters(i, 50)}.ip6.arpa`)),
  },
]);

const GUESSING = 'behaviour.guessing';
const ssh = {
  src_ip: '203.0.113.5',
  dest_ip: INSIDE,
  dest_port: 22,
  payload_toserver: 1263,
  payload_toclient: 1859,
};
const guessing = of('guessing', [
  {
    name: 'SSH, every second',
    raises: [GUESSING],
    play: (w) => times(60, (i) => talk(w, i, ssh)),
  },
  {
    name: 'SSH, sizes that differ a little, one success among them',
    raises: [GUESSING],
    play: (w) =>
      times(60, (i) => talk(w, i, { ...ssh, payload_toclient: i === 30 ? 9_000 : 1_800 + (i % 7) * 10 })),
  },
  {
    name: 'one attempt below the threshold',
    raises: [],
    play: (w) => times(14, (i) => talk(w, i, ssh)),
  },
  {
    name: 'once a minute',
    raises: [],
    play: (w) => times(100, (i) => talk(w, i * 60, ssh)),
  },
  {
    name: 'commands of many kinds',
    raises: [],
    play: (w) =>
      times(100, (i) =>
        talk(w, i, {
          ...ssh,
          payload_toserver: 1_500 + i * 97,
          payload_toclient: 1_000 + ((i * 331) % 3_000),
        }),
      ),
  },
  {
    name: 'sessions that last',
    raises: [],
    play: (w) => times(60, (i) => talk(w, i, { ...ssh, last: at(i + 120) })),
  },
  {
    name: 'the web',
    raises: [],
    play: (w) => times(200, (i) => talk(w, i / 10, { ...ssh, dest_port: 443 })),
  },
  {
    name: 'a port that is closed',
    raises: [],
    play: (w) => times(60, (i) => talk(w, i, { ...ssh, payload_toserver: 0, payload_toclient: 0 })),
  },
]);

const UPLOAD = 'behaviour.upload';
const upload = of('upload', [
  {
    name: '30 MB at once',
    raises: [UPLOAD],
    play: (w) => talk(w, 0, { payload_toserver: 30e6, payload_toclient: 9_000 }),
  },
  {
    name: '30 MB in sixty pieces',
    raises: [UPLOAD],
    play: (w) => times(60, (i) => talk(w, i * 20, { payload_toserver: 0.5e6 })),
  },
  {
    name: 'the same over two hours',
    raises: [],
    play: (w) => times(60, (i) => talk(w, i * 160, { payload_toserver: 0.5e6 })),
  },
  {
    name: 'a download',
    raises: [],
    play: (w) => talk(w, 0, { payload_toserver: 26e6, payload_toclient: 900e6 }),
  },
  {
    name: 'a backup inside the house',
    raises: [],
    play: (w) => talk(w, 0, { payload_toserver: 900e6, dest_ip: '10.1.0.9' }),
  },
  {
    name: 'our web server answers the world',
    raises: [],
    play: (w) => talk(w, 0, { src_ip: '198.51.100.9', dest_ip: INSIDE, payload_toserver: 900e6 }),
  },
]);

const request = (w: Required<Watch>, t: number, given: Partial<FlowView> = {}): void =>
  w.event(event('http', { 'http.url': '/evil', 'http.hostname': 'www.bad.example' }, at(t), flow(given)));
const RULE = '11111111-1111-4111-8111-111111111111';
/** Rules that the cases of `rule-match` run with. */
export const CASE_RULES = {
  'a.yml': `title: Evil\nid: ${RULE}\nlogsource:\n    product: yagura\n    service: http\ndetection:\n    s:\n        http.url: /evil\n    condition: s\n`,
};
const ruleMatch = of('rule-match', [
  { name: 'a match', raises: [RULE], play: (w) => request(w, 0) },
  {
    name: 'the same again within a minute is held back, then told',
    raises: [RULE, RULE],
    play: (w) => times(90, (i) => request(w, i)),
  },
  {
    name: 'other addresses are told apart',
    raises: [RULE, RULE, RULE],
    play: (w) => times(9, (i) => request(w, i, { src_ip: `10.1.0.${i % 3}` })),
  },
  {
    name: 'an event of another kind',
    raises: [],
    play: (w) => w.event(event('tls', { 'tls.sni': '/evil' }, at(0))),
  },
]);

export const cases: readonly Case[] = [...ruleMatch, ...scan, ...beacon, ...tunnel, ...guessing, ...upload];
