// Passwords that are tried, and log-ins that are many: the cases of `guessing`.
import { at } from '../../support/stage.ts';
import { INSIDE, of, talk, times } from '../detectors.plays.ts';

const GUESSING = 'behaviour.guessing';
const GUESSED = 'behaviour.guessing.success';
const ssh = {
  src_ip: '203.0.113.5',
  dest_ip: INSIDE,
  dest_port: 22,
  payload_toserver: 1263,
  payload_toclient: 1859,
};
export const cases = of('guessing', [
  {
    name: 'SSH, every second',
    raises: [GUESSING],
    play: (w) => times(60, (i) => talk(w, i, ssh)),
  },
  {
    name: 'SSH, sizes that differ a little, one success among them',
    raises: [GUESSING, GUESSED],
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
  {
    name: 'RDP, then a session',
    raises: [GUESSING, GUESSED],
    play: (w) => {
      const rdp = { ...ssh, dest_port: 3389, payload_toserver: 1_400, payload_toclient: 1_300 };
      times(40, (i) => talk(w, i * 4, rdp));
      talk(w, 165, { ...rdp, payload_toclient: 900_000, last: at(900) });
    },
  },
  {
    name: 'a session without guessing before it',
    raises: [],
    play: (w) => {
      times(5, (i) => talk(w, i * 4, ssh));
      talk(w, 30, { ...ssh, payload_toclient: 900_000, last: at(900) });
    },
  },
]);
