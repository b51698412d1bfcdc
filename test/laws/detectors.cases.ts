// For each detector: traffic that it must tell, and traffic that looks alike and is honest.
import type { Watch } from '../../sensor/src/detectors/detector.ts';
import type { FlowView } from '../../sensor/src/protocols/event.ts';
import { at, event, flow } from '../support/stage.ts';
import { asked, type Case, calls, INSIDE, noise, of, talk, times } from './detectors.plays.ts';
import { scan } from './detectors.port-scan.ts';

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
