// Names that carry something, and names that are only many or long: the cases of `dns-tunnel`.
import { asked, noise, of, times } from '../detectors.plays.ts';

const TUNNEL = 'behaviour.dns-tunnel';
const ANSWERS = 'behaviour.dns-tunnel.answers';
const SLOW = 'behaviour.dns-tunnel.slow';
const letters = (i: number, length: number): string => {
  const random = noise(i + 1);
  return Array.from(
    { length },
    () => 'abcdefghijklmnopqrstuvwxyz234567'[Math.floor((random() + 1) * 15.99)],
  ).join('');
};
export const cases = of('dns-tunnel', [
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
  {
    name: 'ten long names an hour, all day',
    raises: [SLOW],
    play: (w) => times(200, (i) => asked(w, i * 360, `${letters(i, 50)}.t.evil.example`)),
  },
  {
    name: 'short names, all of them TXT',
    raises: [TUNNEL],
    play: (w) => times(150, (i) => asked(w, i, `${letters(i, 16)}.t.evil.example`, 'request', 'TXT')),
  },
  {
    name: 'reputation of files, asked by the whole house',
    raises: [],
    play: (w) =>
      times(1_500, (i) =>
        asked(w, i * 50, `${letters(i, 40)}.avqs.vendor.example`, 'request', 'A', `10.1.0.${i % 30}`),
      ),
  },
  {
    name: 'a content network, all day',
    raises: [],
    play: (w) => times(2_000, (i) => asked(w, i * 40, `edge-${i}.cdn.example`)),
  },
  {
    name: 'a program fetched in pieces, each by a short name',
    raises: [ANSWERS],
    play: (w) =>
      times(60, (i) => {
        asked(w, i * 2, `${i}.s.evil.example`, 'request', 'TXT');
        asked(w, i * 2 + 0.1, `${i}.s.evil.example`, 'response', 'TXT', undefined, {
          'dns.answers.rrtype': ['TXT'],
          'dns.answers.text': [letters(i, 250)],
        });
      }),
  },
  {
    name: 'a mail server reads the records of many domains',
    raises: [],
    play: (w) =>
      times(900, (i) => {
        const name = `${['_dmarc', 'k1._domainkey', 'k2._domainkey'][i % 3]}.d${i >> 2}.example`;
        asked(w, i, name, 'request', 'TXT');
        asked(w, i + 0.1, name, 'response', 'TXT', undefined, {
          'dns.answers.rrtype': ['TXT'],
          'dns.answers.text': [letters(i, 400)],
        });
      }),
  },
]);
