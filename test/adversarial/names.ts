// Attacks that are seen in names alone: domains that programs make up, names in flux, and floods of questions.
import { type Attack, CROWDS, type Stage, times } from './attack.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const WORDS =
  'tokyo market garden cloud sakura school energy house travel river online music bank summer light forum'.split(
    ' ',
  );
const one = <T>(stage: Stage, list: ArrayLike<T>): T => list[Math.floor(stage.random() * list.length)];
const made = (stage: Stage, length: number): string =>
  Array.from({ length }, () => one(stage, LETTERS)).join('');
const missing = { 'dns.rcode': 'NXDOMAIN' };
const octet = (stage: Stage): number => 1 + Math.floor(stage.random() * 221);
const anywhere = (stage: Stage): string => [0, 0, 0, 0].map(() => octet(stage)).join('.');

export const names: readonly Attack[] = [
  {
    detector: 'dga',
    title: 'Domains of 12 random letters that do not exist, ever slower (300 of them)',
    turned: 'seconds between questions',
    values: [1, 10, 30, 60, 120, 300, 600, 1200, 3600],
    play: (stage, gap) => times(300, (i) => stage.ask(i * gap, `${made(stage, 12)}.com`, missing)),
  },
  {
    detector: 'dga',
    title: 'Made-up domains, ever shorter (one every 10 s)',
    turned: 'letters',
    values: [16, 14, 12, 10, 9, 8, 7, 6, 5],
    play: (stage, length) => times(300, (i) => stage.ask(i * 10, `${made(stage, length)}.com`, missing)),
  },
  {
    detector: 'dga',
    title: 'Made-up domains, some of joined words (one every 10 s)',
    turned: '% made of words',
    values: [0, 20, 40, 50, 60, 70, 80, 90, 100],
    play: (stage, share) =>
      times(300, (i) =>
        stage.ask(
          i * 10,
          stage.random() * 100 < share
            ? `${one(stage, WORDS)}${one(stage, WORDS)}${i}.com`
            : `${made(stage, 12)}.com`,
          missing,
        ),
      ),
  },
  {
    detector: 'fast-flux',
    title: 'A name of machines anywhere, others at each of 20 answers',
    turned: 'machines an answer',
    values: [8, 5, 4, 3, 2, 1],
    play: (stage, machines) =>
      times(20, (i) => {
        const addresses = Array.from({ length: machines }, () => anywhere(stage));
        stage.ask(i * 300, 'flux.evil.example', {
          'dns.answers.rrtype': addresses.map(() => 'A'),
          'dns.answers.ttl': addresses.map(() => 180),
          'dns.answers.rdata': addresses,
        });
      }),
  },
  {
    detector: 'fast-flux',
    title: 'A name of five machines anywhere, ever longer alive',
    turned: 'seconds of life (TTL)',
    values: [60, 180, 300, 600, 900, 1800, 3600],
    play: (stage, ttl) =>
      times(20, (i) => {
        const addresses = Array.from({ length: 5 }, () => anywhere(stage));
        stage.ask(i * 300, 'flux.evil.example', {
          'dns.answers.rrtype': addresses.map(() => 'A'),
          'dns.answers.ttl': addresses.map(() => ttl),
          'dns.answers.rdata': addresses,
        });
      }),
  },
  {
    detector: 'dns-exhaustion',
    title: 'Random names below one domain that do not exist, ever fewer a second (for five minutes)',
    turned: 'questions a second',
    values: [100, 50, 30, 20, 15, 10, 5, 1],
    play: (stage, rate) =>
      times(300 * rate, (i) =>
        stage.ask(i / rate, `${made(stage, 10)}.victim.example`, missing, { src_ip: `10.2.${i % 200}.7` }),
      ),
  },
  {
    detector: 'login-failure',
    title: 'One password tried for 60 users over Kerberos, ever slower',
    turned: 'seconds between tries',
    values: [1, 10, 30, 60, 120, 300, 600, 900, 1800],
    play: (stage, gap) => times(60, (i) => spray(stage, i * gap, i, '10.1.0.66')),
  },
  {
    detector: 'login-failure',
    title: 'One password tried for 200 users over Kerberos within 10 minutes, shared among sources',
    turned: 'sources',
    values: CROWDS,
    play: (stage, sources) => times(200, (i) => spray(stage, i * 3, i, `10.1.2.${1 + (i % sources)}`)),
  },
];

function spray(stage: Stage, second: number, user: number, src_ip: string): void {
  const values = {
    'krb5.msg_type': 'KRB_ERROR',
    'krb5.error_code': 'KDC_ERR_PREAUTH_FAILED',
    'krb5.client': `user${user}`,
  };
  stage.say(second, 'krb5', values, { src_ip, dest_ip: '10.1.0.25', dest_port: 88, app_proto: 'krb5' });
}
