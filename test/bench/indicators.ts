// `node test/bench/indicators.ts [--once]`: two million indicators: memory, time to load and to look up, pause while they
// are replaced (not with `--once`).
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Event } from '../../sensor/src/protocols/event.ts';
import { protocols } from '../../sensor/src/protocols/index.ts';
import { loadRulesAside, type RuleSet } from '../../sensor/src/rules/index.ts';
import { kindNumber } from '../../sensor/src/rules/indicators/kinds.ts';
import type { IndicatorSet } from '../../sensor/src/rules/indicators/set.ts';
import { Sensor } from '../../sensor/src/sensor.ts';
import { openCapture } from '../../sensor/src/sources/index.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const MIB = 1024 * 1024;
const NOW = 1_767_600_000;
/** As issue 5 has them: two million. */
const COUNTS = { domains: 1_200_000, addresses: 500_000, urls: 200_000, hashes: 100_000 };
/** Lists of each kind, each with words of its own. */
const LISTS = 4;
const ROUNDS = 1_000_000;

/** The i-th of endless different numbers that look like chance. */
function scattered(i: number): number {
  let x = Math.imul(i + 1, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
const word = (i: number): string => scattered(i).toString(36);
const hex = (i: number): string => scattered(i).toString(16).padStart(8, '0');

const domain = (i: number): string => `${word(i)}.${word(i % 90_000)}.example`;
const address = (i: number): string => {
  const x = scattered(i);
  return `${1 + ((x >>> 24) % 223)}.${(x >>> 16) & 255}.${(x >>> 8) & 255}.${x & 255}`;
};
const url = (i: number): string => `http://${word(i % 50_000)}.example/${word(i)}/${hex(i)}.php`;
const hash = (i: number): string => `ja3:${[0, 1, 2, 3].map((n) => hex(i * 4 + n)).join('')}`;

function write(folder: string, round: number): void {
  const values = { domains: domain, addresses: address, urls: url, hashes: hash };
  for (const [kind, count] of Object.entries(COUNTS))
    for (let list = 0; list < LISTS; list++) {
      const lines = [`* ; Threat ${list} of ${kind} (${round}), high, ${60 + list}`];
      for (let i = list; i < count; i += LISTS) lines.push(values[kind as keyof typeof values](i));
      writeFileSync(join(folder, `${kind}-${list}.txt`), `${lines.join('\n')}\n`);
    }
}

function used(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / MIB;
}

/** Memory that threads share is counted with none of them. */
function shared({ table, labels }: RuleSet['built']['memory']): number {
  const all = [table.slots, table.filter, labels.rows, labels.texts, labels.ends];
  return all.reduce((sum, { byteLength }) => sum + byteLength, 0) / MIB;
}

/** ns of one call, over many different ones. */
function timed(name: string, look: (i: number) => number): void {
  let found = 0;
  for (let i = 0; i < ROUNDS / 10; i++) if (look(i) >= 0) found++;
  found = 0;
  // Of the processor, not of the wall: others may work on the machine.
  const started = process.threadCpuUsage();
  for (let i = 0; i < ROUNDS; i++) if (look(i) >= 0) found++;
  const { user, system } = process.threadCpuUsage(started);
  const ns = ((user + system) * 1e3) / ROUNDS;
  console.log(`${name.padEnd(34)} ${ns.toFixed(0).padStart(6)} ns  ${found} of ${ROUNDS} found`);
}

function lookUps(set: IndicatorSet): void {
  // Texts are made before: only looking is timed.
  const many = 200_000;
  const texts = (make: (i: number) => string, from: number): string[] =>
    Array.from({ length: many }, (_, i) => make(from + i));
  const hits = texts(domain, 0);
  const misses = Array.from({ length: many }, (_, i) => `www.${word(i + 5e7)}.cdn.${word(i + 6e7)}.test`);
  const number = kindNumber('domain');
  timed('domain, miss (5 labels)', (i) => set.suffix(number, misses[i % many], NOW));
  timed('domain, hit (3 labels)', (i) => set.suffix(number, hits[i % many], NOW));
  const words = new Uint32Array(1);
  timed('address, miss', (i) => {
    words[0] = 0xe0000000 + (i & 0xfffffff);
    return set.prefix(words, 0, 1, NOW);
  });
  const targets = Array.from({ length: many }, (_, i) => `/${word(i + 7e7)}/index.html?q=${i}`);
  timed('URL, miss', (i) => set.url('www.plain.test', targets[i % many], NOW));
  const prints = texts((i) => hash(i).slice(4), 3e7);
  timed('JA3, miss', (i) => set.text(kindNumber('ja3'), prints[i % many], NOW));
}

const CAPTURES = join(import.meta.dirname, '../captures');
/** How often an event is shown while its time is taken: each time its fields are read anew. */
const TIMES = 16;

/** µs of looking an event up, over all events of this repository's recordings. */
async function perEvent(rules: RuleSet): Promise<void> {
  let spent = 0;
  let events = 0;
  let found = 0;
  const hit = (): void => {
    found++;
  };
  const event = (happened: Event): void => {
    events++;
    const [row, lookup] = [rules.rows.get(happened.type), rules.lookups.get(happened.type)];
    if (row === undefined || lookup === undefined) return;
    const started = process.threadCpuUsage();
    for (let i = 0; i < TIMES; i++) {
      row.at(happened);
      lookup.find(hit);
    }
    const { user, system } = process.threadCpuUsage(started);
    spent += user + system;
  };
  for (let round = 0; round < 2; round++) {
    spent = events = found = 0;
    for (const name of readdirSync(CAPTURES).filter((file) => file.endsWith('.pcap.zst'))) {
      const shares = { flows: 65_536, parsers: 4096, bufferBytes: 1 << 24 };
      const detect = () => ({ event });
      const sensor = new Sensor({ protocols, detect, outputs: [], profile: 'strict', shares });
      for await (const batch of openCapture(join(CAPTURES, name)).batches()) sensor.frames(batch);
      sensor.finish();
    }
  }
  console.log(
    `${(spent / TIMES / events).toFixed(2)} µs an event, over ${events} events of the recordings; ${found / TIMES} found`,
  );
}

/** Loads the lists again, again, and says the longest time in which nothing else had a turn. */
async function replace(folder: string, before: RuleSet): Promise<RuleSet> {
  let current = before;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  for (let round = 1; round <= 3; round++) {
    write(folder, round);
    collect();
    // Whoever watches packets has a turn as often as it can.
    let longest = 0;
    let busiest = 0;
    let last = performance.now();
    let cpu = process.threadCpuUsage();
    let isOver = false;
    const turn = (): void => {
      const now = performance.now();
      const { user, system } = process.threadCpuUsage(cpu);
      longest = Math.max(longest, now - last);
      busiest = Math.max(busiest, (user + system) / 1000);
      last = now;
      cpu = process.threadCpuUsage();
      if (!isOver) setImmediate(turn);
    };
    delay.reset();
    delay.enable();
    setImmediate(turn);
    last = performance.now();
    const started = performance.now();
    current = await loadRulesAside([folder]);
    const took = performance.now() - started;
    await new Promise((resolve) => setTimeout(resolve, 50));
    isOver = true;
    delay.disable();
    console.log(
      `replaced ${current.indicators.size} in ${(took / 1000).toFixed(1)} s: longest turn ${busiest.toFixed(1)} ms of this thread's work, ${longest.toFixed(1)} ms on the wall; event loop late by ${((delay.max - 1e6) / 1e6).toFixed(1)} ms`,
    );
  }
  return current;
}

const folder = mkdtempSync(join(tmpdir(), 'yagura-indicators-'));
try {
  write(folder, 0);
  const before = used();
  const started = performance.now();
  let rules: RuleSet = await loadRulesAside([folder]);
  const took = (performance.now() - started) / 1000;
  console.log(`${rules.indicators.size} indicators of ${rules.lists.length} lists in ${took.toFixed(1)} s`);
  const tables = shared(rules.built.memory);
  console.log(
    `memory: ${(used() - before + tables).toFixed(1)} MiB (heap and external, and ${tables.toFixed(1)} MiB that all threads share)`,
  );
  lookUps(rules.indicators);
  await perEvent(rules);
  if (!process.argv.includes('--once')) {
    rules = await replace(folder, rules);
    console.log(`${rules.problems.length} problems`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
