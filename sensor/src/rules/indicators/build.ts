// Lists of indicators become one set: each file read by its format, what came of it told file by file.
import { createHash } from 'node:crypto';
import { SensorError } from '../../errors.ts';
import { ListFile } from './file.ts';
import type { ListFormat } from './format.ts';
import { Intake, type ListReport } from './intake.ts';
import { SetBuilder, type SetMemory } from './set.ts';

/** A file by its path, or with what stands in it. */
export interface ListSource {
  /** As errors name it. */
  readonly file: string;
  readonly path?: string;
  readonly text?: string;
}

/** Lists as a thread hands them to another. */
export interface BuiltLists {
  readonly memory: SetMemory;
  readonly reports: readonly ListReport[];
  /** Files that could not be read at all: code and message. */
  readonly failures: readonly {
    readonly code: 'list_unreadable' | 'file_unreadable';
    readonly what: string;
  }[];
  /** Of all that was read, hex. */
  readonly digest: string;
}

export function listsOf(sources: readonly ListSource[], formats: readonly ListFormat[]): BuiltLists {
  const set = new SetBuilder();
  const hash = createHash('sha256');
  const reports: ListReport[] = [];
  const failures: { code: 'list_unreadable' | 'file_unreadable'; what: string }[] = [];
  for (const { file: name, path = name, text } of sources)
    try {
      const file = new ListFile(name, path, text);
      const format = formats.find((one) => one.takes(file));
      if (format === undefined)
        throw new SensorError('list_unreadable', `${name}: in none of the formats ${formatNames(formats)}`);
      const intake = new Intake(name, set);
      format.read(file, intake);
      reports.push(intake.report(format.name));
      hash.update(`${name.length}:${name}${file.digest()}`);
    } catch (error) {
      if (!(error instanceof SensorError)) throw error;
      failures.push({
        code: error.code === 'file_unreadable' ? 'file_unreadable' : 'list_unreadable',
        what: error.message,
      });
      hash.update(error.message);
    }
  return { memory: set.seal(), reports, failures, digest: hash.digest('hex') };
}

const formatNames = (formats: readonly ListFormat[]): string => formats.map(({ name }) => name).join(', ');
