// All formats that indicators are written in: a new one is one file and one line here. Asked in this order.
import { type BuiltLists, type ListSource, listsOf } from './build.ts';
import { csv } from './csv.ts';
import type { ListFormat } from './format.ts';
import { misp } from './misp.ts';
import { plain } from './plain.ts';
import { stix } from './stix.ts';
import { warnings } from './warnings.ts';
import { zeek } from './zeek.ts';

export const listFormats = [zeek, csv, plain, warnings, misp, stix] as const satisfies readonly ListFormat[];

/** Files that may hold indicators, by their names. */
export const isListName = (name: string): boolean => /\.(txt|list|intel|dat|csv|tsv|json)$/.test(name);

/** Reads lists into one set. Whatever is wrong with them is in the reports. */
export const buildLists = (sources: readonly ListSource[]): BuiltLists => listsOf(sources, listFormats);
