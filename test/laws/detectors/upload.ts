// Data that leaves, and traffic that is only large: the cases of `upload`.
import { INSIDE, of, talk, times } from '../detectors.plays.ts';

const UPLOAD = 'behaviour.upload';
export const cases = of('upload', [
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
