// Judges alerts: which attacks of which captures are told, by what and when, and which alerts are wrong.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { RuleSet } from '../../sensor/src/rules/load.ts';
import { alertsOf } from '../support/alerting.ts';
import { type Attack, attacks } from './detection-expected.ts';
import { extraordinary, findings } from './detection-findings.ts';

const ROOT = join(import.meta.dirname, '../..');
const OWN = join(ROOT, 'test/captures');
const CORPORA = join(ROOT, '../shared/corpora/pcap');
const LOUD = new Set(['medium', 'high', 'critical']);

export const hasCorpora = (): boolean => existsSync(CORPORA);

export interface Capture {
  readonly name: string;
  readonly path: string;
  /** odd: no attack, and not ordinary either; its packets are not counted. */
  readonly kind: 'attack' | 'benign' | 'odd';
  readonly isOwn: boolean;
  /** Who attacks or is attacked; none: everybody in it. */
  readonly addresses: readonly string[];
}

/** A capture's alerts of one rule. */
export interface Row {
  readonly capture: string;
  readonly rule: string;
  readonly title: string;
  readonly severity: string;
  readonly count: number;
  /** Seconds from the attack's first flow to the first alert. */
  readonly after: number;
  /** right: an attack or a finding is told; wrong: loud without a reason; open: quiet, or nobody says. */
  readonly verdict: 'right' | 'wrong' | 'open';
}

export interface Told {
  readonly attack: Attack;
  /** The earliest alert. */
  readonly row: Row | undefined;
}

export interface Judged {
  readonly rows: readonly Row[];
  readonly told: readonly Told[];
  /** What a finding or a rule's own claim demands and no alert told: rule at capture. */
  readonly silent: readonly string[];
  /** Demands of rules: findings, and captures of ours that a rule says it fires on. */
  readonly demanded: number;
  readonly captures: number;
  /** Packets of ordinary captures. */
  readonly ordinary: number;
}

function own(): Capture[] {
  return readdirSync(OWN)
    .filter((file) => file.endsWith('.pcap.zst'))
    .map((file) => {
      const name = file.replace('.pcap.zst', '');
      const note = parse(readFileSync(join(OWN, `${name}.yaml`), 'utf8'));
      const addresses = [...(note.attacker ?? []), ...(note.victims ?? [])];
      return { name, path: join(OWN, file), kind: note.kind, isOwn: true, addresses };
    });
}

function shared(): Capture[] {
  if (!hasCorpora()) return [];
  return readdirSync(CORPORA, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(pcap|pcapng|cap)$/.test(file) && !basename(dirname(file)).includes('.'))
    .toSorted()
    .map((file) => {
      const name = file.replace(/\.(pcap|pcapng|cap)$/, '');
      const isAttack = attacks.some(({ capture }) => capture === name);
      const kind = isAttack ? 'attack' : extraordinary[name] === undefined ? 'benign' : 'odd';
      return { name, path: join(CORPORA, file), kind, isOwn: false, addresses: [] };
    });
}

/** Our own captures, and the shared ones when they are there. */
export const capturesOf = (withCorpora: boolean): Capture[] => [...own(), ...(withCorpora ? shared() : [])];

export const tells = (by: readonly string[], { rule, title }: Pick<Row, 'rule' | 'title'>): boolean =>
  by.includes(rule) || by.includes(title);

type Heard = Awaited<ReturnType<typeof alertsOf>>;
type Alerts = Heard['alerts'];

/** What rules are to tell in a capture: findings, and what they claim of our own captures themselves. */
function demandsOn(capture: Capture, rules: RuleSet): string[] {
  const found = findings.filter((finding) => finding.capture === capture.name).flatMap(({ by }) => by);
  if (!capture.isOwn) return found;
  const claims = [...rules.rules, ...rules.correlations].filter((rule) =>
    rule.captures.fires.includes(capture.name),
  );
  return [...found, ...claims.map(({ identity }) => identity.id)];
}

/** In captures of attacks of our own only what strangers to the attack do is wrong: the rest is the attack, too. */
function verdictOf(capture: Capture, alerts: Alerts, wanted: readonly string[]): Row['verdict'] {
  const { id, name, severity } = alerts[0].rule;
  if (tells(wanted, { rule: id, title: name })) return 'right';
  if (!LOUD.has(severity)) return 'open';
  const isTheirs = ({ src_ip, dest_ip }: Alerts[number]): boolean =>
    capture.addresses.includes(src_ip) || capture.addresses.includes(dest_ip);
  return capture.isOwn && capture.kind === 'attack' && alerts.every(isTheirs) ? 'open' : 'wrong';
}

async function judgeOne(capture: Capture, rules: RuleSet, known: readonly Attack[]) {
  const heard = await alertsOf(capture.path, rules, capture.addresses);
  const demands = demandsOn(capture, rules);
  const wanted = [...known.flatMap(({ by }) => by), ...demands];
  const begun = new Map<string, number>();
  for (const { by, addresses } of known)
    if (addresses !== undefined) {
      const { begun: start } = await alertsOf(capture.path, rules, addresses);
      for (const name of by) begun.set(name, start);
    }
  const rows = [...Map.groupBy(heard.alerts, ({ rule }) => rule.id).values()].map((list): Row => {
    const { id, name, severity } = list[0].rule;
    const start = begun.get(id) ?? begun.get(name) ?? heard.begun;
    return {
      capture: capture.name,
      rule: id,
      title: name,
      severity,
      count: list.length,
      // What comes before the first flow, such as ARP, may be told before it.
      after: Math.max(0, (Date.parse(list[0].time) * 1000 - start) / 1e6),
      verdict: verdictOf(capture, list, wanted),
    };
  });
  const silent = demands.filter((demand) => !rows.some((row) => tells([demand], row)));
  return { rows, silent, demanded: demands.length, packets: heard.packets };
}

export async function judge(captures: readonly Capture[], rules: RuleSet): Promise<Judged> {
  const rows: Row[] = [];
  const silent: string[] = [];
  let ordinary = 0;
  let demanded = 0;
  for (const capture of captures) {
    const known = attacks.filter((attack) => attack.capture === capture.name);
    const one = await judgeOne(capture, rules, known);
    rows.push(...one.rows);
    silent.push(...one.silent.map((rule) => `${rule} at ${capture.name}`));
    demanded += one.demanded;
    if (capture.kind === 'benign') ordinary += one.packets;
  }
  const heard = new Set(captures.map(({ name }) => name));
  const told = attacks
    .filter(({ capture }) => heard.has(capture))
    .map((attack) => ({
      attack,
      row: rows
        .filter((row) => row.capture === attack.capture && tells(attack.by, row))
        .toSorted((a, b) => a.after - b.after)[0],
    }));
  return { rows, told, silent, demanded, captures: captures.length, ordinary };
}

/** Of one detector, or of the rules together. */
export interface Line {
  readonly id: string;
  readonly attacks: number;
  readonly found: number;
  readonly right: number;
  readonly wrong: number;
  /** Median of seconds to the first alert. */
  readonly after: number | undefined;
}

const isBehaviour = (id: string): boolean => id.startsWith('behaviour.');

function lineOf(id: string, attacks_: number, found: number, rows: readonly Row[]): Line {
  const right = rows.filter(({ verdict }) => verdict === 'right');
  const times = right.map(({ after }) => after).toSorted((a, b) => a - b);
  const wrong = rows.filter(({ verdict }) => verdict === 'wrong').length;
  return { id, attacks: attacks_, found, right: right.length, wrong, after: times[times.length >> 1] };
}

export function linesOf({ rows, told, silent, demanded }: Judged): Line[] {
  const ids = new Set([
    ...told.flatMap(({ attack }) => attack.by),
    ...rows.filter(({ verdict }) => verdict !== 'open').map(({ rule }) => rule),
  ]);
  const lines = [...ids]
    .filter(isBehaviour)
    .toSorted()
    .map((id) => {
      const mine = told.filter(({ attack }) => attack.by.includes(id));
      const found = mine.filter(({ attack }) =>
        rows.some((row) => row.capture === attack.capture && row.rule === id),
      );
      return lineOf(
        id,
        mine.length,
        found.length,
        rows.filter(({ rule }) => rule === id),
      );
    });
  // An attack that nothing is expected to tell counts against the rules: one of them could.
  const theirs = told.filter(({ attack }) => !attack.by.some(isBehaviour));
  const found = theirs.filter(({ row }) => row !== undefined);
  return [
    ...lines,
    lineOf(
      'rules together',
      theirs.length + demanded,
      found.length + demanded - silent.length,
      rows.filter(({ rule }) => !isBehaviour(rule)),
    ),
  ];
}

/** Alerts above severity low without a reason, each counted. */
export const wrongIn = (rows: readonly Row[]): number =>
  rows.filter(({ verdict }) => verdict === 'wrong').reduce((sum, { count }) => sum + count, 0);
