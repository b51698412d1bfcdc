// The contract of a command of the command line.

/** What a command may touch of the process. */
export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Everything said to people: one line or several, without a final line break. */
  say(text: string): void;
  /** Redraws the current line of a terminal; no effect where there is none. */
  redraw(text: string): void;
  readonly isTerminal: boolean;
  /** Results may be coloured: they go to a terminal whose owner does not mind. */
  readonly hasColour?: boolean;
  /** Fires when the process is asked to end. */
  readonly stop: AbortSignal;
  /** Called when the process is asked to read its settings anew (SIGHUP). Until then such a request ends it. */
  onReload(listener: () => void): void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
}

export interface Command {
  /** What --help prints. */
  readonly help: string;
  /** The same for one of several verbs. */
  helpOf?(args: readonly string[]): string;
  /** @returns exit status. @throws SensorError for what people must mend */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}
