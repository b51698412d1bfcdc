// What a Suricata has beside its rules: variables, classes, references, thresholds of others' rules; files of usual names.
import { SensorError } from '../../errors.ts';
import type { DataFiles } from './datasets.ts';
import { RuleFault } from './fault.ts';
import { rulesOf } from './lines.ts';
import type { ParsedPcre } from './pcre.ts';
import { Reputation, readCategories, readReputation } from './reputation.ts';
import type { Option, Word } from './signature.ts';
import { type AddressSpace, Spaces } from './spaces.ts';
import { pairsOf, parseThreshold, type Threshold } from './thresholds.ts';
import { readVariables, usualVariables, type Variables } from './variables.ts';

export interface Classification {
  readonly name: string;
  readonly about: string;
  readonly priority: number;
}

/** Matches of a rule that are not told. */
export interface Suppression {
  readonly track: 'by_src' | 'by_dst' | 'by_either' | undefined;
  readonly space: AddressSpace | undefined;
}

/** What threshold.config says of one rule (`gid:sid`), of a generator's (`gid:0`), or of all (`0:0`). */
export interface ThresholdSettings {
  readonly thresholds: ReadonlyMap<string, readonly Threshold[]>;
  readonly suppressions: ReadonlyMap<string, readonly Suppression[]>;
}

export interface Settings {
  readonly variables: Variables;
  readonly spaces: Spaces;
  readonly classifications: ReadonlyMap<string, Classification>;
  readonly references: ReadonlyMap<string, string>;
  readonly thresholds: ThresholdSettings;
  readonly reputation: Reputation;
  readonly files: DataFiles;
  /** Expressions that rules have had so far. */
  readonly expressions: Map<string, ParsedPcre>;
}

/** Files that are no rules and are read before them, wherever among the rules they lie. */
export const SETTING_FILES = [
  'suricata.yaml',
  'classification.config',
  'reference.config',
  'threshold.config',
  'threshold.conf',
  'categories.txt',
  'reputation.list',
] as const;

export interface SettingText {
  readonly file: string;
  readonly text: string;
}

/** The classes that Suricata comes with: name, priority, and what stands in `alert.category`. */
const USUAL_CLASSES = `
not-suspicious 3 Not Suspicious Traffic
unknown 3 Unknown Traffic
bad-unknown 2 Potentially Bad Traffic
attempted-recon 2 Attempted Information Leak
successful-recon-limited 2 Information Leak
successful-recon-largescale 2 Large Scale Information Leak
attempted-dos 2 Attempted Denial of Service
successful-dos 2 Denial of Service
attempted-user 1 Attempted User Privilege Gain
unsuccessful-user 1 Unsuccessful User Privilege Gain
successful-user 1 Successful User Privilege Gain
attempted-admin 1 Attempted Administrator Privilege Gain
successful-admin 1 Successful Administrator Privilege Gain
rpc-portmap-decode 2 Decode of an RPC Query
shellcode-detect 1 Executable code was detected
string-detect 3 A suspicious string was detected
suspicious-filename-detect 2 A suspicious filename was detected
suspicious-login 2 An attempted login using a suspicious username was detected
system-call-detect 2 A system call was detected
tcp-connection 4 A TCP connection was detected
trojan-activity 1 A Network Trojan was detected
unusual-client-port-connection 2 A client was using an unusual port
network-scan 3 Detection of a Network Scan
denial-of-service 2 Detection of a Denial of Service Attack
non-standard-protocol 2 Detection of a non-standard protocol or event
protocol-command-decode 3 Generic Protocol Command Decode
web-application-activity 2 access to a potentially vulnerable web application
web-application-attack 1 Web Application Attack
misc-activity 3 Misc activity
misc-attack 2 Misc Attack
icmp-event 3 Generic ICMP event
inappropriate-content 1 Inappropriate Content was Detected
policy-violation 1 Potential Corporate Privacy Violation
default-login-attempt 2 Attempt to login by a default username and password
targeted-activity 1 Targeted Malicious Activity was Detected
exploit-kit 1 Exploit Kit Activity Detected
external-ip-check 2 Device Retrieving External IP Address Detected
domain-c2 1 Domain Observed Used for C2 Detected
pup-activity 2 Possibly Unwanted Program Detected
credential-theft 1 Successful Credential Theft Detected
social-engineering 2 Possible Social Engineering Attempted
coin-mining 2 Crypto Currency Mining Activity Detected
command-and-control 1 Malware Command and Control Activity Detected
`;
const usualClasses = new Map<string, Classification>(
  USUAL_CLASSES.trim()
    .split('\n')
    .map((line) => {
      const [name, priority, ...about] = line.split(' ');
      return [name, { name, priority: Number(priority), about: about.join(' ') }];
    }),
);

/**
 * @param texts those of `SETTING_FILES` that are there
 * @throws SensorError config_invalid
 */
export function readSettings(texts: readonly SettingText[], files: DataFiles): Settings {
  const named = (name: string): SettingText[] =>
    texts.filter(({ file }) => file === name || file.endsWith(`/${name}`));
  let variables = usualVariables;
  for (const { file, text } of named('suricata.yaml')) variables = readVariables(file, text);
  const classifications = new Map(usualClasses);
  for (const { file, text } of named('classification.config'))
    for (const { line, words } of entries(file, text, 'classification'))
      classifications.set(words[0].toLowerCase(), classOf(file, line, words));
  const references = new Map<string, string>();
  for (const { file, text } of named('reference.config'))
    for (const { words } of entries(file, text, 'reference')) references.set(words[0], words[1] ?? '');
  const spaces = new Spaces(variables);
  const thresholds = new Map<string, Threshold[]>();
  const suppressions = new Map<string, Suppression[]>();
  for (const { file, text } of [...named('threshold.config'), ...named('threshold.conf')])
    readThresholds(file, text, spaces, thresholds, suppressions);
  const reputation = new Reputation();
  for (const { file, text } of named('categories.txt')) readCategories(file, text, reputation);
  for (const { file, text } of named('reputation.list')) readReputation(file, text, reputation);
  return {
    variables,
    spaces,
    classifications,
    references,
    thresholds: { thresholds, suppressions },
    reputation,
    files,
    expressions: new Map(),
  };
}

function* entries(file: string, text: string, word: string): Generator<{ line: number; words: string[] }> {
  for (const rule of rulesOf(text)) {
    const { line } = rule.position(0);
    const found = /^config\s+(\w+)\s*:\s*(.*)$/.exec(rule.text.trim());
    if (found?.[1] !== word)
      throw new SensorError('config_invalid', `${file}:${line}: a line begins with "config ${word}:"`);
    yield { line, words: splitWords(word, found[2]) };
  }
}

/** Classes have commas between, references a blank. */
const splitWords = (word: string, text: string): string[] =>
  word === 'classification' ? text.split(',').map((part) => part.trim()) : text.trim().split(/\s+/);

function classOf(file: string, line: number, [name, about, priority]: readonly string[]): Classification {
  const n = Number(priority);
  if (!(n >= 1 && n <= 255))
    throw new SensorError(
      'config_invalid',
      `${file}:${line}: name, what it is, and a priority from 1 to 255`,
    );
  return { name, about, priority: n };
}

/** `threshold`, `rate_filter` (and the old `event_filter`), `suppress`. @throws SensorError config_invalid */
function readThresholds(
  file: string,
  text: string,
  spaces: Spaces,
  thresholds: Map<string, Threshold[]>,
  suppressions: Map<string, Suppression[]>,
): void {
  for (const rule of rulesOf(text)) {
    const { line } = rule.position(0);
    const found = /^(threshold|event_filter|rate_filter|suppress)\s+(.*)$/.exec(rule.text.trim());
    const fail = (what: string): SensorError => new SensorError('config_invalid', `${file}:${line}: ${what}`);
    if (found === null) throw fail('a line begins with threshold, rate_filter or suppress');
    const ip = /,\s*ip\s+(\[[^\]]*\]|\S+)\s*$/.exec(found[2]);
    const rest = ip === null ? found[2] : found[2].slice(0, ip.index);
    const value = rest.replace(/\b(gen_id|gid)\b/, 'gen_id').replace(/\b(sig_id|sid)\b/, 'sig_id');
    const option: Option = { name: found[1], value, at: 0, valueAt: 0 };
    try {
      const pairs = pairsOf(option);
      const key = `${pairs.get('gen_id')}:${pairs.get('sig_id')}`;
      if (!/^\d+:\d+$/.test(key)) throw fail('"gen_id" and "sig_id" are numbers; 0 is every one');
      if (found[1] === 'suppress') push(suppressions, key, suppression(pairs, ip?.[1], spaces, fail));
      else if (found[1] === 'rate_filter') push(thresholds, key, rateFilter(pairs, fail));
      else {
        const own = [...pairs].filter(([name]) => name !== 'gen_id' && name !== 'sig_id');
        const words = own.map(([name, word]) => `${name} ${word}`).join(', ');
        push(thresholds, key, parseThreshold({ ...option, value: words }));
      }
    } catch (error) {
      if (error instanceof RuleFault) throw fail(error.message);
      throw error;
    }
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function suppression(
  pairs: ReadonlyMap<string, string>,
  ip: string | undefined,
  spaces: Spaces,
  fail: (what: string) => SensorError,
): Suppression {
  const track = pairs.get('track');
  if (track === undefined && ip === undefined) return { track: undefined, space: undefined };
  if ((track !== 'by_src' && track !== 'by_dst' && track !== 'by_either') || ip === undefined)
    throw fail('"track" by_src, by_dst or by_either, with "ip" and addresses');
  const word: Word = { text: ip, at: 0 };
  return { track, space: spaces.addresses(word) };
}

function rateFilter(pairs: ReadonlyMap<string, string>, fail: (what: string) => SensorError): Threshold {
  const track = pairs.get('track');
  const number = (name: string): number => {
    const n = Number(pairs.get(name));
    if (!Number.isInteger(n) || n < 0) throw fail(`"${name}" is a whole number`);
    return n;
  };
  if (track !== 'by_src' && track !== 'by_dst' && track !== 'by_rule' && track !== 'by_both')
    throw fail('"track" is by_src, by_dst, by_both or by_rule');
  const newAction = pairs.get('new_action') ?? '';
  if (!/^(drop|alert|pass|log|reject)$/.test(newAction))
    throw fail('"new_action" is alert, drop, pass or reject');
  return {
    type: 'rate_filter',
    track,
    count: number('count'),
    span: number('seconds') * 1e6,
    newAction,
    timeout: number('timeout') * 1e6,
  };
}
