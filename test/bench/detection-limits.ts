// `node test/bench/detection-limits.ts`: how far an attack must be slowed, jittered, padded or shared out until a detector
// no longer tells it: attacks of our own making, each many times with other noise, and the share of them that was told.
import { writeFileSync } from 'node:fs';
import type { Watch } from '../../sensor/src/detectors/detector.ts';
import { asked, attempt, noise, talk } from '../laws/detectors.plays.ts';
import { at, event, flow, start } from '../support/stage.ts';

const ROUNDS = 20;
const INSIDE = '10.1.0.7';

interface Limit {
  readonly detector: string;
  /** Alerts that count as told. */
  readonly tells: RegExp;
  readonly what: string;
  readonly unit: string;
  readonly steps: readonly number[];
  play(watch: Required<Watch>, step: number, random: () => number): void;
}

/** Calls `one` at times that differ from even ones by up to `jitter` of the gap. */
function every(
  count: number,
  gap: number,
  jitter: number,
  random: () => number,
  one: (t: number, i: number) => void,
) {
  let t = 100;
  for (let i = 0; i < count; i++) {
    one(t, i);
    t += gap * (1 + jitter * random());
  }
}

const letters = (length: number, random: () => number): string =>
  Array.from({ length }, () => String.fromCharCode(97 + Math.floor((random() + 1) * 12.99))).join('');
const somebody = (i: number): string => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;

const limits: readonly Limit[] = [
  {
    detector: 'port-scan',
    tells: /vertical|slow/,
    what: 'Ports of one host, a gap between two',
    unit: 's',
    steps: [1, 5, 10, 20, 60, 300, 900, 1_800, 3_600],
    play: (w, gap, random) =>
      every(200, gap, 0.5, random, (t, i) => attempt(w, t, 'refused', { dest_port: 1 + i })),
  },
  {
    detector: 'port-scan',
    tells: /vertical|slow|distributed/,
    what: 'Ports of one host, shared by so many sources',
    unit: 'sources',
    steps: [1, 2, 5, 10, 20, 50, 100, 200],
    play: (w, sources, random) =>
      every(1_000, 0.2, 0.5, random, (t, i) =>
        attempt(w, t, 'refused', { src_ip: somebody(i % sources), dest_ip: INSIDE, dest_port: 1 + i }),
      ),
  },
  {
    detector: 'port-scan',
    tells: /horizontal|slow/,
    what: 'One port of many hosts, share that answers',
    unit: '',
    steps: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8],
    play: (w, share, random) =>
      every(300, 1, 0.5, random, (t, i) =>
        attempt(w, t, (random() + 1) / 2 < share ? 'answered' : 'refused', {
          dest_ip: somebody(i),
          dest_port: 445,
        }),
      ),
  },
  {
    detector: 'guessing',
    tells: /./,
    what: 'SSH log-ins, a gap between two',
    unit: 's',
    steps: [1, 5, 10, 20, 30, 40, 50, 60, 120],
    play: (w, gap, random) =>
      every(300, gap, 0.3, random, (t) => talk(w, t, { dest_port: 22, payload_toserver: 1_200 })),
  },
  {
    detector: 'guessing',
    tells: /./,
    what: 'SSH log-ins, sizes padded by up to so much',
    unit: '',
    steps: [0, 0.1, 0.2, 0.3, 0.5, 0.75, 1],
    play: (w, padding, random) =>
      every(300, 2, 0.3, random, (t) =>
        talk(w, t, {
          dest_port: 22,
          payload_toserver: 1_200 * (1 + padding * random()),
          payload_toclient: 1_800,
        }),
      ),
  },
  {
    detector: 'login-failure',
    tells: /users/,
    what: 'Users sprayed over Kerberos, a gap between two',
    unit: 's',
    steps: [1, 30, 60, 120, 240, 360, 420, 600],
    play: (w, gap, random) =>
      every(100, gap, 0.3, random, (t, i) =>
        w.event(
          event(
            'krb5',
            {
              'krb5.msg_type': 'KRB_ERROR',
              'krb5.error_code': 'KDC_ERR_PREAUTH_FAILED',
              'krb5.client': `u${i}`,
            },
            at(t),
            flow({ start: at(t) }),
          ),
        ),
      ),
  },
  {
    detector: 'beacon',
    tells: /beacon$/,
    what: 'Calls a minute apart for a day, jitter up to',
    unit: '',
    steps: [0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    play: (w, jitter, random) =>
      every(1_440, 60, jitter, random, (t) =>
        talk(w, t, { payload_toserver: 600 + 200 * random() }, 'c2.example'),
      ),
  },
  {
    detector: 'beacon',
    tells: /beacon$/,
    what: 'Calls that many a day, 20 % jitter',
    unit: 'a day',
    steps: [12, 24, 36, 48, 72, 96, 288, 1_440],
    play: (w, calls, random) =>
      every(calls, 86_400 / calls, 0.2, random, (t) => talk(w, t, {}, 'c2.example')),
  },
  {
    detector: 'dns-tunnel',
    tells: /./,
    what: 'Names of 50 characters, so many an hour',
    unit: 'an hour',
    steps: [1, 2, 4, 6, 10, 60, 600, 6_000],
    play: (w, rate, random) =>
      every(Math.min(2_000, rate * 24), 3_600 / rate, 0.5, random, (t) =>
        asked(w, t, `${letters(50, random)}.t.evil.example`),
      ),
  },
  {
    detector: 'dns-tunnel',
    tells: /./,
    what: 'A name a second, of so many characters',
    unit: 'characters',
    steps: [5, 10, 15, 18, 20, 22, 25, 30, 50],
    play: (w, length, random) =>
      every(1_000, 1, 0.5, random, (t) => asked(w, t, `${letters(length, random)}.evil.example`)),
  },
  {
    detector: 'dga',
    tells: /./,
    what: 'Made-up domains that fail, so many an hour',
    unit: 'an hour',
    steps: [2, 5, 8, 10, 12, 15, 20, 50, 200],
    play: (w, rate, random) =>
      every(rate * 6, 3_600 / rate, 0.5, random, (t) =>
        asked(
          w,
          t,
          `${letters(8 + Math.floor((random() + 1) * 4), random)}.example`,
          'response',
          'A',
          undefined,
          {
            'dns.rcode': 'NXDOMAIN',
          },
        ),
      ),
  },
];

function shareOf({ detector, tells, play }: Limit, step: number): number {
  let told = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { watch, raised } = start(detector);
    const none = () => {};
    const whole = Object.fromEntries(
      ['opened', 'answered', 'refused', 'event', 'tick', 'relieve'].map((hook) => [
        hook,
        (watch[hook as keyof Watch] as (() => void) | undefined)?.bind(watch) ?? none,
      ]),
    ) as unknown as Required<Watch>;
    play(whole, step, noise(1_000 * round + 17));
    if (raised.some(({ id }) => tells.test(id))) told++;
  }
  return told / ROUNDS;
}

const WIDTH = 300;
const HEIGHT = 120;
const COLUMNS = 3;

/** Small pictures in rows: what was told of each step, from nothing at the bottom to all at the top. */
function picture(curves: readonly { limit: Limit; shares: readonly number[] }[]): string {
  const cells = curves.map(({ limit, shares }, n) => {
    const [x0, y0] = [(n % COLUMNS) * WIDTH + 20, Math.floor(n / COLUMNS) * HEIGHT + 30];
    const x = (i: number) => x0 + (i * (WIDTH - 50)) / Math.max(1, shares.length - 1);
    const y = (share: number) => y0 + 55 * (1 - share);
    const points = shares.map((share, i) => `${x(i).toFixed(0)},${y(share).toFixed(0)}`).join(' ');
    const marks = limit.steps.map(
      (step, i) => `<text x="${x(i).toFixed(0)}" y="${y0 + 70}" text-anchor="middle">${step}</text>`,
    );
    return `<text x="${x0}" y="${y0 - 14}" font-weight="bold">${limit.detector}</text><text x="${x0}" y="${y0 - 3}">${limit.what}${limit.unit === '' ? '' : `, ${limit.unit}`}</text><path d="M${x0} ${y0}V${y0 + 55}H${x0 + WIDTH - 50}" fill="none" stroke="#999"/><text x="${x0 - 3}" y="${y0 + 4}" text-anchor="end">1</text><text x="${x0 - 3}" y="${y0 + 57}" text-anchor="end">0</text><polyline points="${points}" fill="none" stroke="#0a6" stroke-width="2"/>${marks.join('')}`;
  });
  const rows = Math.ceil(curves.length / COLUMNS);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${COLUMNS * WIDTH}" height="${rows * HEIGHT + 10}" font-family="sans-serif" font-size="9"><rect width="100%" height="100%" fill="#fff"/>${cells.join('\n')}</svg>\n`;
}

const curves = limits.map((limit) => ({ limit, shares: limit.steps.map((step) => shareOf(limit, step)) }));
for (const { limit, shares } of curves) {
  console.log(`\n${limit.detector}: ${limit.what}${limit.unit === '' ? '' : ` (${limit.unit})`}`);
  console.log(`  ${limit.steps.map((step) => String(step).padStart(6)).join('')}`);
  console.log(`  ${shares.map((share) => `${(100 * share).toFixed(0)} %`.padStart(6)).join('')}`);
}
const [, , file] = process.argv;
if (file !== undefined) writeFileSync(file, picture(curves));
