// The contract of a format that indicators are written in: one file each, one line in index.ts.
import type { ListFile } from './file.ts';
import type { Intake } from './intake.ts';

export interface ListFormat {
  readonly name: string;
  readonly about: string;
  /** Whether the file is written in it; asked in the order of the registry. May look at the head, or at the JSON of a file named so. */
  takes(file: ListFile): boolean;
  /** Hands every entry to `intake`, with its line or pointer set. Never throws for what an entry holds. */
  read(file: ListFile, intake: Intake): void;
}
