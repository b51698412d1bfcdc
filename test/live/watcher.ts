// The program that watches, as a process in the namespace of a wire.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Wire } from './namespaces.ts';
import type { Seen, Watching } from './watch.ts';

const WATCH = join(import.meta.dirname, 'watch.ts');

/** Those that may still run: whoever started them ends them. */
export const running: Watcher[] = [];

/** A watcher in the wire's namespace. */
export class Watcher {
  readonly #child: ChildProcess;
  readonly #lines: Record<string, unknown>[] = [];
  readonly #end: Promise<unknown>;
  #wake: () => void = () => {};

  constructor(wire: Wire, options: Watching, ...as: readonly string[]) {
    const program = [...as, process.execPath, WATCH, JSON.stringify(options)];
    this.#child = spawn('ip', ['netns', 'exec', wire.watcher, ...program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let rest = '';
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      this.#lines.push(...lines.map((line) => JSON.parse(line)));
      this.#wake();
    });
    this.#end = once(this.#child, 'close').then(() => this.#wake());
    running.push(this);
  }

  /** Waits for a line. @returns what it says under this word */
  async says<T>(word: string, isIt: (value: T) => boolean = () => true): Promise<T> {
    for (;;) {
      const line = this.#lines.find((said) => word in said && isIt(said[word] as T));
      if (line !== undefined) return line[word] as T;
      if (this.#child.exitCode !== null)
        throw new Error(`never said ${word}: ${JSON.stringify(this.#lines)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async stop(): Promise<Seen> {
    this.#child.kill('SIGTERM');
    await this.#end;
    return this.says<Seen>('seen');
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#end;
  }
}
