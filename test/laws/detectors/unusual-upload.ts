// Uploads against a host's own past: the cases of `unusual-upload`.
import type { Watch } from '../../../sensor/src/detectors/detector.ts';
import { at, event, flow } from '../../support/stage.ts';
import { INSIDE, noise, of, talk, times } from '../detectors.plays.ts';

const UNUSUAL = 'behaviour.unusual-upload';
const HOUR = 3_600;

/** Thirty hours of a person: half a megabyte to three megabytes. @returns when they are over, s */
function past(w: Required<Watch>, megabytes = 1): number {
  const random = noise(3);
  times(30, (i) => talk(w, i * HOUR + 60, { payload_toserver: megabytes * 1e6 * 2 ** (random() * 1.2) }));
  return 30 * HOUR;
}

export const cases = of('unusual-upload', [
  {
    name: '150 MB of a host that sends one',
    raises: [UNUSUAL],
    play: (w) => {
      const t = past(w);
      times(30, (i) => talk(w, t + 60 + i * 60, { payload_toserver: 5e6, dest_ip: `203.0.113.${i}` }));
    },
  },
  {
    name: 'in one connection, while it lasts',
    raises: [UNUSUAL],
    play: (w) => {
      const t = past(w);
      const about = flow({
        src_ip: INSIDE,
        start: at(t),
        last: at(t + 600),
        payload_toserver: 200e6,
        payload_toclient: 9e5,
      });
      w.event(event('flow_update', {}, at(t + 600), about));
      w.event(event('flow', {}, at(t + 700), { ...about, last: at(t + 700) }));
    },
  },
  {
    name: 'a mail server that always sends so much',
    raises: [],
    play: (w) => {
      const t = past(w, 80);
      times(30, (i) => talk(w, t + 60 + i * 60, { payload_toserver: 5e6 }));
    },
  },
  {
    name: 'what it did once before',
    raises: [],
    play: (w) => {
      talk(w, 10, { payload_toserver: 120e6 });
      const t = past(w) + HOUR;
      talk(w, t, { payload_toserver: 150e6 });
    },
  },
  {
    name: 'a host that nobody knows yet',
    raises: [],
    play: (w) => times(20, (i) => talk(w, i * 60, { payload_toserver: 50e6 })),
  },
  {
    name: 'a download, and a backup inside',
    raises: [],
    play: (w) => {
      const t = past(w);
      talk(w, t + 60, { payload_toserver: 150e6, payload_toclient: 900e6 });
      talk(w, t + 4_000, { payload_toserver: 900e6, dest_ip: '10.1.0.9' });
    },
  },
]);
