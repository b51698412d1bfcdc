// Calls home, and people and programs that look like them: the cases of `beacon`.
import { calls, noise, of, talk, times } from '../detectors.plays.ts';

const BEACON = 'behaviour.beacon';
export const cases = of('beacon', [
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
