// `rules test`: shows what rules match in captures, and holds them to what they claim of these.
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SensorError } from '../errors.ts';
import { describeOptions, parseOptions } from '../options.ts';
import { Gate } from '../outputs/gate.ts';
import { loadRules } from '../rules/index.ts';
import { isProfile, PROFILES } from '../wire/field.ts';
import type { Command, Terminal } from './command.ts';
import { type Match, type Seen, type Tested, type Tried, testedOf, tryRules } from './rules-trial.ts';

const OPTIONS = {
  capture: {
    kind: 'list',
    about: 'pcap or pcapng file, plain or compressed, or a folder of them; may be given several times',
  },
  profile: {
    kind: 'text',
    default: 'strict',
    about: `whose values are shown: ${Object.keys(PROFILES).join(', ')}`,
  },
  most: {
    kind: 'number',
    default: 5,
    unit: 'matches',
    about: 'shown of each rule in each capture; all are counted',
  },
  json: { kind: 'flag', about: 'one JSON object a line: matches, then counts' },
} as const;

/** What became of a rule on a capture. */
interface Count {
  readonly rule: Tested;
  readonly capture: string;
  readonly matches: number;
  readonly claims: 'fires' | 'silent' | undefined;
}
const isKept = ({ claims, matches }: Count): boolean =>
  claims === undefined || (claims === 'fires') === matches > 0;

export const testRules: Command = {
  help: `yagura-sensor rules test RULE… --capture FILE… [options]

Runs rules on captures and shows each match: when, which flow, and the fields that the rule looked at; those that the match
rests on are lit, or marked with *. Ends with 1 when a rule does not fire on a capture that it names in "captures.fires", or
fires on one that it names in "captures.silent". RULE is a file or a folder.

${describeOptions(OPTIONS)}`,
  async run(args, terminal) {
    const { options, rest } = parseOptions(args, OPTIONS);
    if (rest.length === 0 || options.capture.length === 0)
      throw new SensorError('usage', 'rules test needs rules, and at least one --capture');
    if (!isProfile(options.profile))
      throw new SensorError(
        'config_invalid',
        `there is no profile "${options.profile}"; there are ${Object.keys(PROFILES).join(', ')}`,
      );
    const rules = loadRules(rest);
    for (const problem of rules.problems) terminal.say(problem.toString());
    const all = testedOf(rules);
    const gate = new Gate({ profile: options.profile });
    const told = options.json ? asJson(terminal) : asText(terminal);
    const counts: Count[] = [];
    for (const path of options.capture.flatMap(capturesAt)) {
      const capture = nameOf(path);
      const found = new Map<string, number>();
      const tried = await tryRules(path, rules, gate, (match) => {
        const { id } = match.rule.identity;
        const count = (found.get(id) ?? 0) + 1;
        found.set(id, count);
        if (count <= options.most) told.match(match, capture);
      });
      const here = all.map((rule): Count => {
        const { fires, silent } = rule.captures;
        const claims = fires.includes(capture) ? 'fires' : silent.includes(capture) ? 'silent' : undefined;
        return { rule, capture, matches: found.get(rule.identity.id) ?? 0, claims };
      });
      counts.push(...here);
      told.capture(capture, tried, here);
    }
    told.end(counts);
    return rules.problems.length === 0 && counts.every(isKept) ? 0 : 1;
  },
};

const CAPTURE = /\.p?cap(ng)?(\.(gz|zst))?$/;
/** As rules name it: `test/captures/dns-odd.pcap.zst` is `dns-odd`. */
const nameOf = (path: string): string => basename(path).replace(CAPTURE, '');

function capturesAt(path: string): string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  const names = readdirSync(path).filter((name) => CAPTURE.test(name));
  return names.toSorted().map((name) => join(path, name));
}

interface Telling {
  match(match: Match, capture: string): void;
  capture(name: string, tried: Tried, counts: readonly Count[]): void;
  end(counts: readonly Count[]): void;
}

function asJson(terminal: Terminal): Telling {
  const line = (record: object): void => terminal.out(`${JSON.stringify(record)}\n`);
  const idOf = ({ identity: { id, name } }: Tested) => ({ id, name });
  return {
    match: ({ rule, ...match }, capture) =>
      line({ kind: 'match', rule: idOf(rule), place: rule.place, capture, ...match }),
    capture: (name, { packets, span }) => line({ kind: 'capture', name, packets, seconds: span / 1e6 }),
    end(counts) {
      for (const count of counts)
        line({ kind: 'count', ...count, rule: idOf(count.rule), is_kept: isKept(count) });
    },
  };
}

const LIT = ['\u001b[1;32m', '\u001b[0m'];

function asText(terminal: Terminal): Telling {
  const lit = (text: string): string => (terminal.hasColour ? `${LIT[0]}${text}${LIT[1]}` : text);
  const mark = terminal.hasColour ? ' ' : '*';
  const field = ({ name, isMatched, value, withheld }: Seen): string => {
    const text =
      withheld !== undefined
        ? `(withheld, ${withheld} characters)`
        : value === undefined
          ? '(absent)'
          : typeof value === 'object'
            ? value.join(', ')
            : String(value);
    const row = `${name.padEnd(30)} ${text}`;
    return `      ${isMatched ? `${mark} ${lit(row)}` : `  ${row}`}`;
  };
  let last = '';
  return {
    match({ rule, time, type, flow, fields, measured }, capture) {
      const { identity, place } = rule;
      const head = `${capture}: ${identity.name} (${identity.severity}, ${place})`;
      const { src_ip, src_port, dest_ip, dest_port, proto } = flow;
      const lines = [
        ...(head === last ? [] : ['', head]),
        `   ${time}  ${type}  ${proto} ${src_ip}:${src_port} → ${dest_ip}:${dest_port}`,
        ...(measured ? [`      ${mark} ${lit(`${measured.what.padEnd(30)} ${measured.value}`)}`] : []),
        ...fields.map(field),
      ];
      last = head;
      terminal.out(`${lines.join('\n')}\n`);
    },
    capture() {},
    end(counts) {
      const rows = counts
        .filter((count) => count.matches > 0 || count.claims !== undefined)
        .map((count) => {
          const { rule, capture, matches, claims } = count;
          const claim = claims === undefined ? '' : isKept(count) ? `${claims}, as it says` : `NOT ${claims}`;
          return [rule.identity.name, capture, String(matches), claim];
        });
      const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column].length), 0));
      const line = ([rule, capture, matches, claim]: string[]): string =>
        `${rule.padEnd(widths[0])}  ${capture.padEnd(widths[1])}  ${matches.padStart(8)}  ${claim}`.trimEnd();
      terminal.out(`\n${rows.map(line).join('\n')}\n`);
      const broken = counts.filter((count) => !isKept(count)).length;
      const matches = counts.reduce((sum, count) => sum + count.matches, 0);
      const rules = new Set(counts.map(({ rule }) => rule)).size;
      terminal.say(
        `${rules} rules, ${matches} matches${broken > 0 ? `, ${broken} claims that do not hold` : ''}`,
      );
    },
  };
}
