// One of our programs as a process of its own, to be watched and killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';

export interface Program {
  readonly pid: number;
  readonly stdin: Writable;
  /** Everything it said so far, both streams. */
  readonly said: () => string;
  /** Resolves with what the pattern found in what it says. @throws Error when it ends first */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves with the exit status; null when it was killed. */
  readonly ended: Promise<number | null>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>;
}

const programs = {
  sensor: new URL('../../sensor/src/main.ts', import.meta.url).pathname,
  aggregator: new URL('../../aggregator/src/main.ts', import.meta.url).pathname,
} as const;

/** What one start compiled, the next one need not: a start takes half as long. */
const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'yagura-compile-cache') };

/** Programs still running: whoever started them ends them. */
const running = new Set<ChildProcess>();

export const start = (program: keyof typeof programs, ...args: string[]): Program =>
  startIn({}, program, ...args);

/** The same with more in its environment. */
export function startIn(
  more: Readonly<Record<string, string>>,
  program: keyof typeof programs,
  ...args: string[]
): Program {
  const child = spawn(process.execPath, [programs[program], ...args], {
    stdio: 'pipe',
    env: { ...env, ...more },
  });
  running.add(child);
  // What is written to a program that was killed goes nowhere.
  child.stdin.on('error', () => {});
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  return {
    pid: child.pid!,
    stdin: child.stdin,
    said: () => said,
    ended,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    says(pattern) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(said);
          if (found !== null) resolve(found);
        };
        child.stdout.on('data', look);
        child.stderr.on('data', look);
        void ended.then(() => reject(new Error(`${program} ended before it said ${pattern}:\n${said}`)));
        look();
      });
    },
  };
}

/** Ends what a failed test left behind. */
export async function endAll(): Promise<void> {
  const gone = [...running].map((child) => once(child, 'close'));
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(gone);
}
