// All formats that indicators are written in: a new one is one file and one line here. Asked in this order.
import { type BuiltLists, type ListSource, listsOf } from './build.ts';
import type { ListFormat } from './format.ts';
import { plain } from './plain.ts';

export const listFormats = [plain] as const satisfies readonly ListFormat[];

/** Files that may hold indicators, by their names. */
export const isListName = (name: string): boolean => /\.(txt|list|intel|dat|csv|tsv|json)$/.test(name);

/** Reads lists into one set. Whatever is wrong with them is in the reports. */
export const buildLists = (sources: readonly ListSource[]): BuiltLists => listsOf(sources, listFormats);
