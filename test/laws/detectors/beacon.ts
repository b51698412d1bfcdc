// Calls home, and people and programs that look like them: the cases of `beacon`.
import { at, event, flow } from '../../support/stage.ts';
import { asked, calls, noise, of, type Play, talk, times } from '../detectors.plays.ts';

const BEACON = 'behaviour.beacon';
const EARLY = 'behaviour.beacon.early';
const BY_DNS = 'behaviour.beacon.dns';
const STROBE = 'behaviour.beacon.strobe';

type Watch = Parameters<Play>[0];
/** Calls every `gap` seconds, each made by `one`. */
const every = (count: number, gap: number, jitter: number, one: (t: number, i: number) => void): void => {
  const random = noise(7);
  let t = 100;
  times(count, (i) => {
    one(t, i);
    t += gap * (1 + jitter * random());
  });
};
const quic = (w: Watch, t: number): void => {
  const about = { protocol: 17, start: at(t), payload_toserver: 2_500, payload_toclient: 4_000 };
  const held = flow(about);
  w.event(event('quic', { 'quic.sni': 'c2.example' }, at(t), held));
  w.event(event('flow', {}, at(t + 1), held));
};
const inOneConnection = flow({ dest_port: 80, payload_toserver: 90_000, payload_toclient: 90_000 });
const http = (w: Watch, t: number): void =>
  w.event(
    event('http', { 'http.hostname': 'c2.example', 'http.request_length': 64 }, at(t), inOneConnection),
  );

export const cases = of('beacon', [
  {
    name: 'every 135 s ±20 % over TLS',
    raises: [EARLY, BEACON],
    play: (w) => calls(w, 160, 135, 0.2, {}, 'c2.example'),
  },
  {
    name: 'every minute, no name',
    raises: [EARLY, BEACON],
    play: (w) => calls(w, 160, 60, 0.05, {}),
  },
  {
    name: 'every 10 minutes ±10 %',
    raises: [EARLY, BEACON],
    play: (w) => calls(w, 60, 600, 0.1, {}, 'c2.example'),
  },
  {
    name: 'too few calls for more than a hint',
    raises: [EARLY],
    play: (w) => calls(w, 39, 135, 0.2, {}, 'c2.example'),
  },
  {
    name: 'over in half an hour: a hint',
    raises: [EARLY],
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
  {
    name: 'every 60 s ±50 % over QUIC',
    raises: [EARLY, BEACON],
    play: (w) => every(600, 60, 0.5, (t) => quic(w, t)),
  },
  {
    name: 'requests in one HTTP connection that never ends',
    raises: [EARLY, BEACON],
    play: (w) => every(200, 60, 0.1, (t) => http(w, t)),
  },
  {
    name: 'every three seconds, for two minutes',
    raises: [EARLY],
    play: (w) => every(40, 3, 0.2, (t) => talk(w, t, {}, 'c2.example')),
  },
  {
    name: 'plain UDP',
    raises: [EARLY, BEACON],
    play: (w) => every(200, 60, 0.05, (t) => talk(w, t, { protocol: 17, src_port: 5_000, dest_port: 4_443 })),
  },
  {
    name: 'clocks that are set',
    raises: [],
    play: (w) => every(200, 64, 0.01, (t) => talk(w, t, { protocol: 17, src_port: 123, dest_port: 123 })),
  },
  {
    name: 'questions for ever new names of one domain',
    raises: [BY_DNS],
    play: (w) => every(200, 60, 0.1, (t, i) => asked(w, t, `k${i * 7_919}.c2.example`)),
  },
  {
    name: 'the same two names of a domain, whenever their time is over',
    raises: [],
    play: (w) =>
      every(400, 30, 0.01, (t, i) => asked(w, t, i % 2 === 0 ? 'www.bank.example' : 'api.bank.example')),
  },
  {
    name: 'a call a second and more, all day',
    raises: [EARLY, BEACON, STROBE],
    play: (w) => {
      const random = noise(3);
      times(110_000, (i) => talk(w, i * 0.8 + random() * 0.3, { payload_toserver: i % 977 }));
    },
  },
]);
