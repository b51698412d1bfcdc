// Names in flux, and those of content networks and pools: the cases of `fast-flux`.
import { asked, noise, of, type Play, times } from '../detectors.plays.ts';

const FLUX = 'behaviour.fast-flux';
type Watch = Parameters<Play>[0];
const resolved = (
  w: Watch,
  t: number,
  name: string,
  ttl: number,
  addresses: readonly string[],
  src?: string,
): void =>
  asked(w, t, name, 'response', 'A', src, {
    'dns.answers.rrtype': addresses.map(() => 'A'),
    'dns.answers.ttl': addresses.map(() => ttl),
    'dns.answers.rdata': addresses,
  });
/** Machines all over the world; the same ones in every play. */
function machines(): (count: number) => string[] {
  const random = noise(5);
  const octet = (): number => 1 + Math.floor(((random() + 1) / 2) * 221);
  return (count) => Array.from({ length: count }, () => `${octet()}.${octet()}.${octet()}.${octet()}`);
}

export const cases = of('fast-flux', [
  {
    name: 'five machines anywhere, others every five minutes',
    raises: [FLUX],
    play: (w) => {
      const anywhere = machines();
      times(20, (i) => resolved(w, i * 300, 'flux.evil.example', 180, anywhere(5)));
    },
  },
  {
    name: 'a content network: many neighbours in few networks',
    raises: [],
    play: (w) =>
      times(300, (i) =>
        resolved(
          w,
          i * 60,
          'img.cdn.example',
          60,
          Array.from(
            { length: 4 },
            (_, k) => `${[13, 18, 52, 99][i % 4]}.${i % 6}.${i % 250}.${k + (i % 200)}`,
          ),
        ),
      ),
  },
  {
    name: 'answers that live for hours',
    raises: [],
    play: (w) => {
      const anywhere = machines();
      times(20, (i) => resolved(w, i * 300, 'mail.big.example', 14_400, anywhere(5)));
    },
  },
  {
    name: 'time servers of volunteers',
    raises: [],
    play: (w) => {
      const anywhere = machines();
      times(50, (i) => resolved(w, i * 300, '2.pool.ntp.example', 130, anywhere(4)));
    },
  },
  {
    name: 'software of the house: many hosts ask',
    raises: [],
    play: (w) => {
      const anywhere = machines();
      times(60, (i) =>
        resolved(
          w,
          i * 100,
          'chat.peers.example',
          60,
          i < 10 ? ['192.0.2.7', '192.0.2.8'] : anywhere(3),
          `10.1.0.${i % 10}`,
        ),
      );
    },
  },
  {
    name: 'one address that is told again and again',
    raises: [],
    play: (w) => times(500, (i) => resolved(w, i * 60, 'www.site.example', 30, ['192.0.2.7'])),
  },
]);
