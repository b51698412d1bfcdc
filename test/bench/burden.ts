// `node test/bench/burden.ts --to DIR`: writes the burden of a large sensor: rules and indicators by the ten thousand.
//
// Every rule of this repository, and with the shared corpora beside it every network rule of theirs, is written again and
// again with other words in the place of its own: the same fields, modifiers and shapes, so that what they cost is real.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMap, isScalar, isSeq, parseAllDocuments, visit } from 'yaml';
import { loadRules } from '../../sensor/src/rules/index.ts';
import { Random } from '../fuzz/random.ts';

const ROOT = join(import.meta.dirname, '../..');
const CORPORA = join(ROOT, '../shared/corpora/rules');

const { values } = parseArgs({
  options: {
    to: { type: 'string' },
    sigma: { type: 'string', default: '10000' },
    suricata: { type: 'string', default: '10000' },
    indicators: { type: 'string', default: '2000000' },
  },
});
const random = new Random(20_260_401);
const upTo = (n: number): number => random.below(n);

const LETTERS = 'etaoinshrdlucmfwygpbvkxqjz';
/** Letters by how often they stand in words, so that words look alike. */
const letter = (): string => LETTERS[Math.min(upTo(26), upTo(26))];
const word = (length: number): string => Array.from({ length }, letter).join('');
const digits = (length: number, base: number): string =>
  Array.from({ length }, () => upTo(base).toString(base)).join('');

/** Another text of the same shape: letters become letters and digits digits, all else stays. */
const other = (text: string): string =>
  text
    .replace(/[a-z]/g, letter)
    .replace(/[A-Z]/g, () => letter().toUpperCase())
    .replace(/\d/g, () => String(upTo(10)));

function filesBelow(path: string, ending: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return path.endsWith(ending) ? [path] : [];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name), ending));
}

/** Words whose values are not what a rule looks for. */
const SHAPE = new Set(['condition', 'timeframe']);
/** Characters of a text that says something. */
const LEAST_TEXT = 4;
/** Values that are of few kinds: with others the rule could never be asked. */
const KINDS = /^(request|response|GET|POST|HEAD|PUT|A|AAAA|TXT|tcp|udp|TCP|UDP|true|false)$/i;

/** Those that load: what is refused costs nothing. */
const loaded = (folder: string): string[] =>
  filesBelow(folder, '.yml')
    .filter((file) => basename(file) !== 'pack.yaml' && loadRules(file).problems.length === 0)
    .map((file) => readFileSync(file, 'utf8'))
    .filter((text) => !/^(correlation|filter):/m.test(text));

/** The rule with other texts to look for; undefined when it looks for none. Modifiers and numbers stay. */
function variantOf(text: string, number: number): string | undefined {
  const [document] = parseAllDocuments(text) as ReturnType<typeof parseAllDocuments> & object[];
  const detection = document.get('detection');
  if (!isMap(detection)) return undefined;
  let changed = 0;
  visit(detection, {
    Pair(_key, pair) {
      const name = isScalar(pair.key) ? String(pair.key.value) : '';
      if (SHAPE.has(name) || /\|(re|cidr|expand|exists)/.test(name)) return visit.SKIP;
      for (const node of isSeq(pair.value) ? pair.value.items : [pair.value])
        if (isScalar(node) && typeof node.value === 'string' && !KINDS.test(node.value)) {
          const before = node.value;
          node.value = other(before);
          node.type = 'QUOTE_SINGLE';
          if (before.length >= LEAST_TEXT) changed++;
        }
      return undefined;
    },
  });
  if (changed === 0) return undefined;
  document.set(
    'id',
    `${digits(8, 16)}-${digits(4, 16)}-4${digits(3, 16)}-8${digits(3, 16)}-${digits(12, 16)}`,
  );
  document.set('title', `Variant ${number} of ${String(document.get('title'))}`.slice(0, 200));
  document.delete('name');
  document.delete('yagura');
  return document.toString();
}

/** SigmaHQ's rules as they are, then their variants; without them, those of this repository. */
function sigmaRules(count: number): string[] {
  const theirs = loaded(join(CORPORA, 'sigma'));
  const models = theirs.length > 0 ? theirs : loaded(join(ROOT, 'rules'));
  const out = theirs.slice(0, count);
  const able = models.filter((text) => variantOf(text, 0) !== undefined);
  // Ends: each turn adds one, since all that are asked can be varied.
  for (let i = 0; out.length < count; i++) out.push(variantOf(able[i % able.length], i)!);
  return out;
}

/** Sticky buffers whose rules need no payload. */
const METADATA =
  /\b(dns\.query|dns\.queries|tls\.(sni|subject|issuerdn|cert_\w+)|http\.(host|uri|user_agent|method|request_line)|ja3\.hash|ja3s\.hash|ja4\.hash|ssh\.\w+|quic\.\w+)\s*;/;
const PAYLOAD =
  /\b(file_data|file\.data|http\.(request|response)_body|http\.(request_)?header\w*|byte_\w+|isdataat|pcre)\b/;

/** Without the shared rules there is one of ours, of the shape that most have: a name's end. */
const USUAL = [
  'alert dns $HOME_NET any -> any any (msg:"Domain"; dns.query; dotprefix; content:".example.com"; nocase; endswith; classtype:trojan-activity; sid:1; rev:1;)',
  'alert tls $HOME_NET any -> $EXTERNAL_NET any (msg:"Name"; flow:established,to_server; tls.sni; dotprefix; content:".example.com"; endswith; sid:2; rev:1;)',
  'alert http $HOME_NET any -> $EXTERNAL_NET any (msg:"Path"; flow:established,to_server; http.method; content:"POST"; http.uri; content:"/gate/panel.php"; startswith; http.user_agent; content:"Loader"; sid:3; rev:1;)',
];

function suricataVariants(count: number): string[] {
  const lines = filesBelow(join(CORPORA, 'suricata-et-open'), '.rules')
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .filter((line) => line.startsWith('alert ') && METADATA.test(line) && !PAYLOAD.test(line));
  const models = lines.length > 0 ? lines : USUAL;
  return Array.from({ length: count }, (_, i) =>
    models[i % models.length]
      .replace(
        /content:"((?:[^"\\|]|\\.)*)"/g,
        (_all, text: string) => `content:"${KINDS.test(text) ? text : other(text)}"`,
      )
      .replace(/\bsid:\s*\d+/, `sid:${9_000_000 + i}`),
  );
}

/** Most are names; a quarter addresses, a tenth URLs, the rest fingerprints. */
function* indicators(count: number): Generator<string> {
  for (let i = 0; i < count; i++) {
    const kind = i % 20;
    if (kind < 12)
      yield `${word(4 + upTo(10))}${i}.${word(4 + upTo(6))}.${['com', 'net', 'org', 'ru', 'info'][upTo(5)]}`;
    else if (kind < 17) yield `${1 + upTo(222)}.${upTo(256)}.${upTo(256)}.${upTo(256)}`;
    else if (kind < 19) yield `http://${word(9)}${i}.${word(5)}.com/${word(6)}/${word(8)}`;
    else yield `ja3:${digits(32, 16)}`;
  }
}

function write(file: string, texts: Iterable<string>, separator: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const parts: string[] = [];
  for (const text of texts) parts.push(text);
  writeFileSync(file, parts.join(separator) + '\n');
}

if (values.to === undefined) throw new Error('--to DIR says where the rules are written');
const sigma = sigmaRules(Number(values.sigma));
const PER_FILE = 200;
for (let i = 0; i < sigma.length; i += PER_FILE)
  write(join(values.to, 'sigma', `${String(i).padStart(6, '0')}.yml`), sigma.slice(i, i + PER_FILE), '---\n');
if (Number(values.suricata) > 0)
  write(join(values.to, 'suricata/all.rules'), suricataVariants(Number(values.suricata)), '\n');
if (Number(values.indicators) > 0)
  write(join(values.to, 'indicators/all.txt'), indicators(Number(values.indicators)), '\n');
