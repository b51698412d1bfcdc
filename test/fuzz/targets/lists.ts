// Lists of indicators: damaged files of every format, through the reader and all that is made of them.
import { type BuiltLists, type ListSource, listsOf } from '../../../sensor/src/rules/indicators/build.ts';
import { listFormats } from '../../../sensor/src/rules/indicators/index.ts';
import { kindNumber } from '../../../sensor/src/rules/indicators/kinds.ts';
import { IndicatorSet } from '../../../sensor/src/rules/indicators/set.ts';
import { mutate } from '../mutate.ts';
import { Finding, type Registry, type Target } from '../target.ts';

type FormatName = (typeof listFormats)[number]['name'];

const md5 = '0123456789abcdef0123456789abcdef';
const indicator = (pattern: string): object => ({
  ...{
    type: 'indicator',
    id: 'indicator--1',
    pattern_type: 'stix',
    pattern,
    valid_from: '2026-01-01T00:00:00Z',
  },
  ...{ valid_until: '2027-01-01T00:00:00Z', confidence: 50, labels: ['T1071'] },
});
const bundle = (...patterns: string[]): string =>
  JSON.stringify({ type: 'bundle', id: 'bundle--1', objects: patterns.map(indicator) });

/** Whole files of each format, with the name that says which it is; a new format brings its own. */
const SEEDS: Readonly<Record<FormatName, { readonly file: string; readonly texts: readonly string[] }>> = {
  plain: {
    file: 'x.txt',
    texts: [
      `* ; Threat, high, 80\nevil.example # why\n192.0.2.0/24 ; A, low, 1\n2001:db8::/48\nja3:${md5}\nhxxp://a[.]example/b?c\n[2001:db8::1]:53\n`,
      'a@b.example\n@c.example\nuser-agent:x y\ncert-serial:0A:1B\nbücher.example\n',
    ],
  },
  csv: {
    file: 'x.csv',
    texts: [
      'value,type,source,confidence,severity,tlp,valid_until,description\n"a.example","domain","x ""y""\nz",90,high,amber,2026-12-31,d\n',
      `indicator;type\n192.0.2.1;ip\n${md5};ja3\n`,
    ],
  },
  'zeek-intel': {
    file: 'x.dat',
    texts: [
      '#fields\tindicator\tindicator_type\tmeta.source\na.example\tIntel::DOMAIN\tx\n192.0.2.1\tIntel::ADDR\tx\n',
    ],
  },
  'misp-warninglist': {
    file: 'x.json',
    texts: [
      JSON.stringify({ name: 'x', type: 'hostname', list: ['a.example', '192.0.2.0/24', '.b.example'] }),
      JSON.stringify({ name: 'x', type: 'regex', list: ['/^a.*b$/i', '(a|b){1,3}'] }),
    ],
  },
  misp: {
    file: 'x.json',
    texts: [
      JSON.stringify({
        response: [
          {
            Event: {
              ...{ info: 'x', threat_level_id: '1', Orgc: { name: 'o' }, Tag: [{ name: 'tlp:red' }] },
              Attribute: [
                { type: 'domain|ip', value: 'a.example|192.0.2.1', to_ids: true, comment: 'c' },
                {
                  type: 'ip-dst|port',
                  value: '192.0.2.1|80',
                  to_ids: '1',
                  Galaxy: [{ GalaxyCluster: [{}] }],
                },
              ],
              Object: [{ Attribute: [{ type: 'url', value: 'http://a.example/', to_ids: true }] }],
            },
          },
        ],
      }),
    ],
  },
  stix: {
    file: 'x.json',
    texts: [
      bundle("[domain-name:value = 'a.example' OR ipv4-addr:value IN ('192.0.2.1', '192.0.2.0/24')]"),
      bundle(
        "([url:value LIKE 'http://a%'] FOLLOWEDBY [ipv4-addr:value ISSUBSET '10.0.0.0/8']) WITHIN 5 SECONDS",
      ),
      bundle(
        "[network-traffic:dst_port > 1 AND NOT x509-certificate:serial_number = 'a' AND email-addr:value MATCHES '^a{2,3}[b-c]']",
      ),
    ],
  },
};

/** What pattern languages and tables are made of. */
const MARKS = Buffer.from('[]()\'"\\:.,;|=<>{}*%_\t\n #0aANDORNOT');
const MAX_ADDED = 1_000;

function walk({ file, text }: ListSource): BuiltLists {
  const built = listsOf([{ file, text: text ?? '' }], listFormats);
  const set = new IndicatorSet(built.memory);
  for (const report of built.reports) {
    if (report.added > MAX_ADDED)
      throw new Error(`${report.added} entries out of ${text?.length} characters`);
    for (const problem of report.problems)
      if (!problem.startsWith(file)) throw new Error(`"${problem}" does not say where`);
  }
  // Whatever got in, a look-up ends.
  set.suffix(kindNumber('domain'), 'a.b.example', 1.8e9);
  set.prefix([0xc0000201], 0, 1, 1.8e9);
  set.url('a.example', '/b?c', 1.8e9);
  for (const [pattern, row] of built.memory.free) {
    if (built.memory.patterns[pattern] === undefined) throw new Error(`pattern ${pattern} is not there`);
    set.labels.label(row);
  }
  return built;
}

export const lists: Registry = {
  name: 'lists',
  targets: async () =>
    listFormats.map(({ name }): Target => {
      const { file, texts } = SEEDS[name];
      const seeds = texts.map((text) => Buffer.from(text));
      return {
        name,
        make(random) {
          let bytes: Uint8Array = mutate(random.one(seeds), random, seeds);
          if (bytes.length > 0 && random.below(2) === 0) {
            bytes = Uint8Array.from(bytes);
            bytes[random.below(bytes.length)] = MARKS[random.below(MARKS.length)];
          }
          return {
            pieces: [bytes],
            attempt([input]) {
              const text = Buffer.from(input).toString('utf8');
              try {
                const one = walk({ file, text });
                // The same file, the same set.
                if (walk({ file, text }).digest !== one.digest) throw new Error('two digests of one text');
              } catch (error) {
                throw new Finding(name, 'broke', input, error);
              }
            },
          };
        },
      };
    }),
};
