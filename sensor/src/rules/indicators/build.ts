// Lists of indicators become one set: each file read by its format, what came of it told file by file.
import { createHash } from 'node:crypto';
import { SensorError } from '../../errors.ts';
import { ListFile } from './file.ts';
import type { ListFormat } from './format.ts';
import { Intake, type ListReport } from './intake.ts';
import { SetBuilder, type SetMemory } from './set.ts';
import { Warnings, warnings } from './warnings.ts';

/** A file by its path, or with what stands in it. */
export interface ListSource {
  /** As errors name it. */
  readonly file: string;
  readonly path?: string;
  readonly text?: string;
}

type FailureCode = 'list_unreadable' | 'file_unreadable';

/** Lists as a thread hands them to another. */
export interface BuiltLists {
  readonly memory: SetMemory;
  readonly reports: readonly ListReport[];
  /** Files that could not be read at all: code and message. */
  readonly failures: readonly { readonly code: FailureCode; readonly what: string }[];
  /** Of all that was read, hex. */
  readonly digest: string;
}

/** A file with the format that it is written in. */
interface Known {
  readonly file: ListFile;
  readonly format: ListFormat | undefined;
}

export function listsOf(sources: readonly ListSource[], formats: readonly ListFormat[]): BuiltLists {
  const set = new SetBuilder();
  const kept = new Warnings();
  const hash = createHash('sha256');
  const reports: ListReport[] = [];
  const failures: { code: FailureCode; what: string }[] = [];
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof SensorError)) throw error;
      const code = error.code === 'file_unreadable' ? 'file_unreadable' : 'list_unreadable';
      failures.push({ code, what: error.message });
      hash.update(error.message);
    }
  };
  const known: Known[] = [];
  // Warning lists first: what they hold is kept out of all that follows.
  for (const { file: name, path = name, text } of sources)
    guarded(() => {
      const file = new ListFile(name, path, text);
      const format = formats.find((one) => one.takes(file));
      if (format === warnings) {
        const intake = new Intake(name, set);
        kept.add(file, intake);
        reports.push(intake.report(format.name));
        hash.update(`${name.length}:${name}${file.digest()}`);
        return;
      }
      known.push({ file, format });
      // Its format is known: what was parsed for that is parsed again when it is read, not kept beside all others.
      file.forget();
    });
  for (const { file, format } of known)
    guarded(() => {
      const isGood = kept.isEmpty ? undefined : kept.holds.bind(kept);
      const intake = new Intake(file.name, set, isGood);
      if (format === undefined) intake.leaveOut('in none of the formats of indicators');
      else format.read(file, intake);
      file.forget();
      reports.push(intake.report(format?.name ?? 'unknown'));
      hash.update(`${file.name.length}:${file.name}${file.digest()}`);
    });
  return { memory: set.seal(), reports, failures, digest: hash.digest('hex') };
}
