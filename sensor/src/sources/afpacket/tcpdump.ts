// The slower way to an interface, where the ring cannot be had: tcpdump captures, and its pipe is read as a capture file.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { SensorError } from '../../errors.ts';
import { CaptureSource } from '../capture.ts';
import { programInput } from '../input.ts';
import { pcap } from '../pcap.ts';
import type { FrameBatch, LiveSource, LiveStatistics } from '../source.ts';
import type { AfPacketOptions } from './options.ts';

/** ms between two questions for its counts; it answers SIGUSR1 with a line. */
const ASK_EVERY = 1000;
/** ms behind the wall clock at which its room is taken for full: it has 2 MiB in the kernel, which are gone sooner. */
const LATE = 2000;
/** Characters of what it says that are kept: the end. */
const KEPT = 2000;

class TcpdumpSource implements LiveSource {
  readonly name: string;
  readonly warnings: readonly string[];
  readonly #child: ChildProcess;
  readonly #capture: CaptureSource;
  readonly #exit: Promise<void>;
  readonly #asking: NodeJS.Timeout;
  #said = '';
  #isClosed = false;
  #letIn = 0;
  #captured = 0;
  #dropped = 0;
  /** ms from the last packet handed out to the wall clock. */
  #behind = 0;

  constructor({ interface: name, snapLength, filter, ignoreOutgoing }: AfPacketOptions, reason: string) {
    this.name = name;
    this.warnings = [`interface "${name}": ${reason}; tcpdump captures, which is slower and drops sooner`];
    const args = ['-i', name, '-n', '-U', '-w', '-'];
    if (snapLength !== undefined) args.push('-s', String(snapLength));
    if (ignoreOutgoing) args.push('-Q', 'in');
    if (filter !== undefined) args.push('--', filter);
    this.#child = spawn('tcpdump', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exit = new Promise((resolve) => {
      this.#child.once('close', () => resolve());
      this.#child.once('error', (error) => {
        this.#said += error.message;
        resolve();
      });
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.#asking = setInterval(() => this.#child.kill('SIGUSR1'), ASK_EVERY).unref();
    this.#capture = new CaptureSource(
      programInput(name, this.#child.stdout as Readable, () => this.#child.kill()),
      [pcap],
    );
  }

  #hear(text: string): void {
    this.#said = (this.#said + text).slice(-KEPT);
    const last = (pattern: RegExp): number | undefined => {
      const found = [...this.#said.matchAll(pattern)].at(-1);
      return found === undefined ? undefined : Number(found[1]);
    };
    this.#captured = last(/(\d+) packets? captured/g) ?? this.#captured;
    this.#letIn = last(/(\d+) packets? received by filter/g) ?? this.#letIn;
    this.#dropped = last(/(\d+) packets? dropped by kernel/g) ?? this.#dropped;
  }

  async *batches(): AsyncGenerator<FrameBatch> {
    let fault: unknown;
    try {
      for await (const batch of this.#capture.batches()) {
        // It writes each packet as it comes: how old the last one is says how many wait.
        if (batch.count > 0) this.#behind = Date.now() - batch.time[batch.count - 1] / 1000;
        yield batch;
      }
    } catch (error) {
      fault = error;
    } finally {
      this.#child.kill();
      await this.#exit;
      clearInterval(this.#asking);
      // What its filter let in and it did not write by its end is lost like what the kernel dropped.
      this.#dropped = Math.max(this.#dropped, this.#letIn - this.#captured);
    }
    if (this.#isClosed) return;
    const isEmpty = fault instanceof SensorError && fault.code === 'not_a_capture';
    throw fault === undefined || isEmpty ? this.#failure() : fault;
  }

  #failure(): SensorError {
    const said = this.#said.trim().split('\n').at(-1) || 'it ended';
    const code = /permission|not permitted/i.test(this.#said) ? 'capture_not_permitted' : 'tcpdump_failed';
    return new SensorError(code, `interface "${this.name}": ${said}`);
  }

  statistics(): LiveStatistics {
    return { received: this.#captured, dropped: this.#dropped, freezes: 0 };
  }

  pressure(): number {
    return Math.min(1, Math.max(0, this.#behind / LATE));
  }

  dropped(): number {
    return this.#dropped;
  }

  progress(): undefined {
    return undefined;
  }

  /** tcpdump writes out what it has, and its end is the end of the batches. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#asking);
    this.#child.kill();
  }
}

/** @param reason why there is no ring */
export const openTcpdump = (options: AfPacketOptions, reason: string): LiveSource =>
  new TcpdumpSource(options, reason);
