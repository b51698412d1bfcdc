// A golden case: a folder with what is read, how, and the EVE lines that must come of it, run as a whole process.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Eve } from '../support/eve-object.ts';
import { type Frame, type PcapForm, pcap } from '../support/packets/capture.ts';

const HERE = import.meta.dirname;
const ROOT = join(HERE, '../..');

/** `case.yaml`. */
interface Description {
  /** One sentence: what must come out, and why it might not. */
  readonly what: string;
  /** Where the traffic is from. */
  readonly origin: string;
  /** A recording of test/captures; without it `capture.ts` makes the frames. */
  readonly recording?: string;
  /** How made frames are written. */
  readonly form?: PcapForm & { readonly cut?: number };
  /** Further words for `yagura-sensor read`; `case/x` is a file of the case, `rules` the repository's packs. */
  readonly options?: readonly string[];
  /** Exit status; 0 when not given. */
  readonly status?: number;
  /** Words that must be said to people. */
  readonly says?: readonly string[];
  /** Event types that are compared. */
  readonly events: readonly string[];
  /** Paths that are left out, where the case is not about them. */
  readonly without?: readonly string[];
  /** Only the first so many lines are kept. */
  readonly first?: number;
}

export interface Outcome {
  readonly status: number;
  readonly said: string;
  /** The selected lines. */
  readonly lines: readonly string[];
}

export const cases: readonly string[] = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

export const describeCase = (name: string): Description =>
  parse(readFileSync(join(HERE, name, 'case.yaml'), 'utf8')) as Description;

export const expectedFile = (name: string): string => join(HERE, name, 'expected.ndjson');

export const expectedLines = (name: string): string[] =>
  existsSync(expectedFile(name))
    ? readFileSync(expectedFile(name), 'utf8')
        .trimEnd()
        .split('\n')
        .filter((l) => l !== '')
    : [];

function forget(event: Eve, path: string): void {
  const parts = path.split('.');
  const last = parts.pop()!;
  let at: Eve | undefined = event;
  for (const part of parts) at = at?.[part];
  if (at !== undefined) delete at[last];
}

/** Runs the case. */
export async function runCase(name: string): Promise<Outcome> {
  const about = describeCase(name);
  const folder = mkdtempSync(join(tmpdir(), 'yagura-case-'));
  try {
    const capture =
      about.recording === undefined
        ? join(folder, `${name}.pcap`)
        : join(ROOT, 'test/captures', `${about.recording}.pcap.zst`);
    if (about.recording === undefined) {
      const { frames } = (await import(`./${name}/capture.ts`)) as { frames: readonly Frame[] };
      const bytes = pcap(frames, about.form);
      writeFileSync(capture, bytes.subarray(0, bytes.length - (about.form?.cut ?? 0)));
    }
    const options = (about.options ?? []).map((word) =>
      word.startsWith('case/')
        ? join(HERE, name, word.slice('case/'.length))
        : word === 'rules'
          ? join(ROOT, 'rules')
          : word,
    );
    const { status, stdout, stderr } = await read([capture, '--events', '-', ...options]);
    const events = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Eve);
    const lines = events
      .filter((event) => about.events.includes(event['event_type']))
      .slice(0, about.first ?? events.length)
      .map((event) => {
        for (const path of about.without ?? []) forget(event, path);
        return JSON.stringify(event);
      });
    return { status, said: stderr, lines };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `yagura-sensor read` as people run it. */
function read(args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const main = join(ROOT, 'sensor/src/main.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'read', ...args], { maxBuffer: 1 << 28 }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}
