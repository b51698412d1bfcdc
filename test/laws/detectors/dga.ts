// Domains that programs make up, and those that people mistype: the cases of `dga`.
import { asked, noise, of, type Play, times } from '../detectors.plays.ts';

const DGA = 'behaviour.dga';
const failed: Readonly<Record<string, unknown>> = { 'dns.rcode': 'NXDOMAIN' };
const made = (i: number, length: number, alphabet = 'abcdefghijklmnopqrstuvwxyz'): string => {
  const random = noise(i * 31 + 7);
  random();
  return Array.from(
    { length },
    () => alphabet[Math.floor(((random() + 1) / 2) * alphabet.length * 0.999)],
  ).join('');
};
const WORDS =
  'tokyo market garden cloud sakura school energy house travel river online music bank summer light forum'.split(
    ' ',
  );
const word = (i: number): string => `${WORDS[i % 16]}${WORDS[(i * 7 + 3) % 16]}`;
type Watch = Parameters<Play>[0];
const miss = (w: Watch, t: number, name: string, src?: string): void =>
  asked(w, t, name, 'response', 'A', src, failed);

export const cases = of('dga', [
  {
    name: 'letters at random, a domain a minute',
    raises: [DGA],
    play: (w) => times(50, (i) => miss(w, i * 60, `${made(i, 12)}.example`)),
  },
  {
    name: 'letters and digits, among honest failures',
    raises: [DGA],
    play: (w) =>
      times(60, (i) => {
        miss(w, i * 20, `${made(i, 14, 'abcdefghijklmnopqrstuvwxyz0123456789')}.co.jp`);
        if (i % 5 === 0) miss(w, i * 20 + 1, `${word(i)}.example`);
      }),
  },
  {
    name: 'words that nobody registered',
    raises: [],
    play: (w) => times(200, (i) => miss(w, i * 10, `${word(i)}.example`)),
  },
  {
    name: 'one domain below which nothing is found',
    raises: [],
    play: (w) => times(200, (i) => miss(w, i * 10, `${made(i, 12)}.vendor.example`)),
  },
  {
    name: 'a browser tests for wildcards: names of one label',
    raises: [],
    play: (w) => times(200, (i) => miss(w, i * 10, made(i, 12))),
  },
  {
    name: 'made-up names that exist',
    raises: [],
    play: (w) => times(100, (i) => asked(w, i * 10, `${made(i, 12)}.example`, 'response')),
  },
  {
    name: 'a mail server: a few made-up senders among many that are gone',
    raises: [],
    play: (w) =>
      times(400, (i) =>
        miss(w, i * 8, i % 20 === 0 ? `${made(i, 12)}.example` : `${word(i)}${word(i + 5)}${i % 7}.example`),
      ),
  },
  {
    name: 'one such name in each of many houses',
    raises: [],
    play: (w) => times(300, (i) => miss(w, i, `${made(i, 12)}.example`, `10.2.${i >> 6}.${i & 63}`)),
  },
]);
