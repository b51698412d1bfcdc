// The page of what was measured, as the catalogue of rules holds it: per detector, per million packets, beside what others publish.
import { code, table } from '../../docs/markdown.ts';
import type { Detector } from '../../sensor/src/detectors/detector.ts';
import { detectors } from '../../sensor/src/detectors/index.ts';
import { attacks } from './detection-expected.ts';
import { extraordinary, findings } from './detection-findings.ts';
import { type Capture, type Judged, type Line, linesOf, wrongIn } from './detection-judge.ts';

export const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;

export const seconds = (value: number | undefined): string =>
  value === undefined ? '–' : `${value.toLocaleString('en', { maximumFractionDigits: 1 })} s`;

const count = (value: number): string => value.toLocaleString('en');

const lineCells = ({ id, attacks, found, right, wrong, after }: Line): string[] => [
  id,
  count(attacks),
  count(found),
  share(found, attacks),
  count(wrong),
  share(right, right + wrong),
  seconds(after),
];

/** What nDPI's own tests say of flows of the same captures (its tests/cfgs/default/result). */
const NDPI: readonly (readonly [capture: string, verdict: string])[] = [
  ['nDPI/WebattackSQLinj', '"SQL Injection" in 7 of 9 flows'],
  ['nDPI/WebattackRCE', '"RCE Injection" in 52 of 797 flows, "Possible Exploit Attempt" in 2'],
  ['nDPI/dns-exf', '"Susp DNS Traffic", "Susp Entropy"'],
  ['nDPI/dns-tunnel-iodine', '"Susp DNS Traffic"'],
  ['nDPI/icmp-tunnel', '"Malformed Packet", "Susp Entropy"'],
  ['nDPI/tcp_scan', '"TCP Connection Issues" in 7 of 7 flows'],
  ['nDPI/emotet', '"Malicious Fingerpint" [sic] in 2 of 6 flows'],
  ['nDPI/tor', '"Susp DGA Domain name" in 3 of 11 flows, "Unsafe Protocol" in 4'],
  ['slips/test-cc-capture-2', 'Slips: label "beacon with jitter", no result published'],
  ['slips/test7-malicious', 'Slips: label "malicious", no result published'],
  ['slips/test12-icmp-portscan', 'Slips: label "icmp scan", no result published'],
];

const OTHERS: readonly (readonly string[])[] = [
  [
    'Suricata with ET Open',
    'alert counts of single rules in its own test captures; `rules import` and the tests of the Suricata rules hold ours to them',
    'none',
  ],
  [
    'Maltrail 3.1',
    'thresholds (more than 10 ports of one pair in 30 s; more than 32 hosts on service ports; 1,000 names below a domain in 60 s); of alerts that count, 91, 86 and 65 % are left with 2, 4 and 8 workers',
    'none',
  ],
  [
    'RITA 5',
    'scores of examples in its tests, which ours equal within 0.02, and named beacons in its logs, which rank first here, too (`detectors/sketch/rita.test.ts`)',
    'none',
  ],
  ['Zeek', 'thresholds (15 ports or 25 hosts in 5 min; 30 SSH guesses in 30 min)', 'none'],
  ['Slips', 'thresholds; labelled captures', 'none'],
  ['nDPI', 'its risks per flow of its test captures, see above', 'none'],
];

function sameCaptures({ told }: Judged): string {
  return table(
    ['Capture', 'What others say', 'Told here by'],
    NDPI.map(([capture, verdict]) => {
      const mine = told.filter(({ attack }) => attack.capture === capture);
      const names = new Set(mine.map(({ row }) => row?.title ?? 'nothing'));
      return [capture, verdict, [...names].join('; ')];
    }),
  );
}

/** Alerts of behaviours that no attack here asks for. */
function untried({ told }: Judged): string[] {
  const tried = new Set(told.flatMap(({ attack }) => attack.by));
  return (detectors as readonly Detector[])
    .flatMap(({ raises }) => raises.map(({ id }) => id))
    .filter((id) => !tried.has(id))
    .toSorted()
    .map(code);
}

/** How many more may come, by chance, though none came: 95 % sure. */
const rest = (packets: number): string => ((3 * 1e6) / Math.max(1, packets)).toFixed(0);

export function pageOf(judged: Judged, captures: readonly Capture[], generated: Judged): string {
  const lines = linesOf(judged);
  const wrong = wrongIn(judged.rows);
  const { told, ordinary } = judged;
  const found = told.filter(({ row }) => row !== undefined).length;
  const benign = captures.filter(({ kind }) => kind === 'benign');
  const open = judged.rows.filter(({ verdict, severity }) => verdict === 'open' && severity !== 'low');
  const missed = told.filter(({ row }) => row === undefined);
  const odd = captures.filter(({ kind }) => kind === 'odd').length;
  const page = [
    `Measured on ${new Date().toISOString().slice(0, 10)} with \`node test/bench/detection.ts --page\`: ${captures.length} captures, ${captures.filter(({ isOwn }) => isOwn).length} of our own (\`test/captures\`) and the public ones of nDPI, Slips, Suricata, Zeek, Arkime, JA4, tcpdump and others; knobs as they come. One attack counts as found when the detector or rule named for it in \`test/bench/detection-expected.ts\` told it. Time runs in packets, from the first flow of those involved to the first alert; the median is shown.`,
    `**${found} of ${told.length} attacks found. ${wrong} wrong alerts above severity low in ${count(ordinary)} packets of ${benign.length} ordinary captures: ${((wrong * 1e6) / Math.max(1, ordinary)).toFixed(2)} per million.** Over ${count(generated.ordinary)} packets of generated office traffic (\`test/bench/generate.ts\`: few kinds, thousands of hosts) there were ${wrongIn(generated.rows)}. Captures so small say no more than that the rate on their kind of traffic is below ${rest(ordinary)} per million (95 % sure, when none was seen), and three packets in four of them are one test of echoes: measure your own network with \`yagura-sensor read --rules\`.`,
    table(
      ['Told by', 'Attacks', 'Found', 'Recall', 'Wrong', 'Precision', 'Time to alert'],
      lines.map(lineCells),
    ),
    `Rules together: besides their attacks, ${judged.demanded} demands, which are what each rule claims of our captures and ${findings.length} verdicts on captures of others (\`test/bench/detection-findings.ts\`): alerts that are right there, such as TLS 1.0 or a password in clear, each with the fact that shows it. Both were also what rules were sharpened on, three of them written for captures here that nothing told: this is known ground, not a forecast. ${odd} captures of bytes changed at random or made to crash a reader count neither way, and ${open.length} kinds of alert by the attackers of our own captures are not judged.`,
    `No capture here holds an attack for ${untried(judged).join(', ')}: laws of the test suite and [docs/limits.md](../docs/limits.md) hold these.`,
    ...(missed.length > 0
      ? [
          '**Missed**',
          missed
            .map(({ attack }) => `- ${attack.capture}, ${attack.what}: ${attack.missed ?? 'not told'}.`)
            .join('\n'),
        ]
      : []),
    '### The same captures elsewhere',
    'nDPI publishes what it says of each flow of its test captures. Risks are no alerts: of the 920 flows of its 23 other captures here it marks 363.',
    sameCaptures(judged),
    '### What others publish',
    'Nobody publishes recall, precision or time to alert of detectors on public captures: the columns above stand beside nothing.',
    table(['Who', 'Publishes', 'Recall and precision'], OTHERS),
  ];
  return `${page.join('\n\n')}\n`;
}

/** Verdicts on captures that are not there say nothing: names of them all. */
export const namedCaptures = (): string[] => [
  ...attacks.map(({ capture }) => capture),
  ...findings.map(({ capture }) => capture),
  ...Object.keys(extraordinary),
];
