// Words that all formats share: markings, severities, confidence, times and ATT&CK, as one list or another writes them.
import { SEVERITIES, type Severity } from '../../wire/scale.ts';
import { TLPS, type Tlp } from './label.ts';

/** `TLP:AMBER+STRICT`, `tlp:white`, `amber`. */
export function tlpOf(text: string): Tlp | undefined {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/^tlp[:\s]*/, '')
    .replace(/[\s_-]+strict$/, '+strict');
  return word === 'white' ? 'clear' : TLPS.find((tlp) => tlp === word);
}

/** The stricter of two. */
export const strictest = (a: Tlp | undefined, b: Tlp | undefined): Tlp | undefined =>
  a === undefined ? b : b === undefined || TLPS.indexOf(a) >= TLPS.indexOf(b) ? a : b;

const TECHNIQUE = /\b[tT]\d{4}(?:\.\d{3})?\b/;
/** Tactics by the names that kill chain phases and tags have. */
const TACTICS =
  'reconnaissance resource-development initial-access execution persistence privilege-escalation defense-evasion credential-access discovery lateral-movement collection command-and-control exfiltration impact'.split(
    ' ',
  );

/** The Sigma tag of an ATT&CK technique (`T1071.001`) or tactic (`command-and-control`) that the text names. */
export function attackTag(text: string): string | undefined {
  const technique = TECHNIQUE.exec(text);
  if (technique !== null) return `attack.${technique[0].toLowerCase()}`;
  const word = text.trim().toLowerCase().replaceAll(/[\s_]/g, '-');
  const tactic = TACTICS.find((known) => word === known || word === `attack.${known}`);
  return tactic === undefined ? undefined : `attack.${tactic}`;
}

/** Tags of all that name ATT&CK, each once. */
export const attackTags = (texts: readonly string[]): string[] => [
  ...new Set(texts.map(attackTag).filter((tag) => tag !== undefined)),
];

/** Lists say `High`, `2` or `info`. */
export function severityOf(text: string): Severity | undefined {
  const word = text.trim().toLowerCase();
  if (word === 'info') return 'informational';
  return SEVERITIES.find((severity) => severity === word);
}

/** Percent, or the words of analysts' scales. */
export function confidenceOf(text: string): number | undefined {
  const word = text.trim().toLowerCase();
  if (/^\d{1,3}(\.\d+)?%?$/.test(word)) {
    const number = Math.round(Number.parseFloat(word));
    return number <= 100 ? number : undefined;
  }
  return { high: 85, medium: 60, med: 60, low: 30, none: 0 }[word];
}

/** RFC 3339, a day, or seconds (milliseconds) since 1970. @returns seconds, or undefined */
export function timeOf(text: string): number | undefined {
  const word = text.trim();
  if (/^\d{9,10}(\.\d+)?$/.test(word)) return Number.parseFloat(word);
  if (/^\d{12,13}$/.test(word)) return Number(word) / 1000;
  if (!/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?(Z|UTC|[+-]\d\d:?\d\d)?)?$/i.test(word))
    return undefined;
  const zoned = /([zZ]|UTC|[+-]\d\d:?\d\d)$/.test(word.slice(10))
    ? word
    : `${word}${word.length > 10 ? 'Z' : ''}`;
  const ms = Date.parse(zoned.replace(/\s?UTC$/i, 'Z').replace(/^(\S+) (\d)/, '$1T$2'));
  return Number.isNaN(ms) ? undefined : ms / 1000;
}

/** Control characters have no place in what an alert quotes. */
export const shortened = (text: string, most: number): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, most);

/** Why indicators of a kind that networks do not show are of no use here. */
export function unseen(type: string): string {
  const word = type.toLowerCase();
  if (
    /^(md5|sha\d*|sha3.*|ssdeep|imphash|tlsh|authentihash|pehash|impfuzzy|telfhash|vhash|file[-_]hash|filename\|.*)$/.test(
      word,
    )
  )
    return 'file hashes: the sensor reads no files';
  if (/^(x509-fingerprint-md5|pubkey[-_]hash|jarm.*)$/.test(word))
    return `${word}: the sensor does not make this hash`;
  if (/^(mutex|regkey.*|pdb|process.*|named pipe|windows-.*|yara|sigma|snort|pattern-in-.*)$/.test(word))
    return `${word}: seen on machines, not between them`;
  return `${shortened(word, 40)}: nothing that the sensor looks up`;
}
