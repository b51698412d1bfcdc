// A progress bar on a terminal, for readings that take longer than a moment.
import type { Terminal } from './command.ts';

const WIDTH = 30;
const FIRST_AFTER_MS = 1_000;
const EVERY_MS = 200;

export class Progress {
  readonly #terminal: Terminal;
  readonly #packets: () => number;
  readonly #started = performance.now();
  #next: number;
  #isShown = false;

  constructor(terminal: Terminal, packets: () => number) {
    this.#terminal = terminal;
    this.#packets = packets;
    this.#next = terminal.isTerminal ? this.#started + FIRST_AFTER_MS : Number.POSITIVE_INFINITY;
  }

  /** @param share of the input that was read, 0 … 1; undefined when its length is unknown */
  show(share: number | undefined): void {
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + EVERY_MS;
    const rate = this.#packets() / ((now - this.#started) / 1000);
    const bar =
      share === undefined
        ? ''
        : `[${'#'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '·')}] ${Math.floor(share * 100)} %  `;
    this.#terminal.redraw(
      `${bar}${this.#packets().toLocaleString('en-US')} packets, ${Math.round(rate / 1000)} k a second`,
    );
    this.#isShown = true;
  }

  end(): void {
    if (this.#isShown) this.#terminal.redraw('');
    this.#next = Number.POSITIVE_INFINITY;
  }
}
