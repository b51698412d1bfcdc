// Floods of names that do not exist: the cases of `dns-exhaustion`.
import { asked, of, type Play, times } from '../detectors.plays.ts';

const DOMAIN = 'behaviour.dns-exhaustion.domain';
const SOURCE = 'behaviour.dns-exhaustion.source';
type Watch = Parameters<Play>[0];
const miss = (w: Watch, t: number, name: string, src?: string, rcode = 'NXDOMAIN'): void =>
  asked(w, t, name, 'response', 'A', src, { 'dns.rcode': rcode });

export const cases = of('dns-exhaustion', [
  {
    name: 'random names below one domain from many sources',
    raises: [DOMAIN],
    play: (w) =>
      times(3_000, (i) => miss(w, i / 100, `r${i * 7_919}.victim.example`, `10.2.${i % 200}.7`, 'SERVFAIL')),
  },
  {
    name: 'one source tries a list of hosts',
    raises: [SOURCE],
    play: (w) => times(400, (i) => miss(w, i / 4, `host${i}.target.example`)),
  },
  {
    name: 'a search list: the same few names fail again and again',
    raises: [],
    play: (w) => times(2_000, (i) => miss(w, i / 10, `host${i % 20}.corp.example`)),
  },
  {
    name: 'a mail server asks whether senders are on a list',
    raises: [],
    play: (w) => times(5_000, (i) => miss(w, i / 50, `${i}.2.0.192.zen.spamhaus.example`)),
  },
  {
    name: 'a busy domain whose names exist',
    raises: [],
    play: (w) => times(3_000, (i) => asked(w, i / 100, `r${i}.shop.example`, 'response')),
  },
]);
