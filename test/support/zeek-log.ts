// Reads Zeek's tab-separated logs, compressed or not, as rows keyed by the names in their `#fields` line.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export type ZeekRow = Readonly<Record<string, string>>;

/** Unset values are left out. */
export function zeekRows(file: string): ZeekRow[] {
  const raw = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(raw) : raw).toString('latin1');
  let names: readonly string[] = [];
  const rows: ZeekRow[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('#fields\t')) names = line.split('\t').slice(1);
    if (line === '' || line.startsWith('#')) continue;
    const cells = line.split('\t');
    rows.push(Object.fromEntries(names.flatMap((name, i) => (cells[i] === '-' ? [] : [[name, cells[i]]]))));
  }
  return rows;
}

/** All hours of one log (`conn`, `ssl`) in a folder, in the order of their time. */
export const zeekLog = (folder: string, log: string): ZeekRow[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith(`${log}.`))
    .flatMap((name) => zeekRows(join(folder, name)))
    .sort((a, b) => Number(a['ts']) - Number(b['ts']));
