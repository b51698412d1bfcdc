// Transactions of SMB 1 (MS-CIFS §2.2.4.33, §2.2.4.46): pipes that are asked and answer in one go, and names and fates of files.
import { u16le, u32le } from '../../bytes/read.ts';
import { type Block, fileOf, text } from './block.ts';
import type { OpenFile, SmbState, Transaction } from './state.ts';

const TRANS = 0x25;
/** Parameter words before the set-up words. */
const FIXED = 28;
const TRANSACT_NMPIPE = 0x26;
const SET_PATH_INFO = 6;
const SET_FILE_INFO = 8;
const SET_DISPOSITION = 1013;
const SET_RENAME = 1010;

/** A pipe's request: the file whose answer follows. */
export function nmPipe(state: SmbState, k: Block): OpenFile | undefined {
  const { b, at, words, wordBytes } = k;
  if (wordBytes < FIXED + 4 || u16le(b, words + FIXED) !== TRANSACT_NMPIPE) return undefined;
  const file = fileOf(state, k, u16le(b, words + FIXED + 2));
  if (file === undefined) return undefined;
  file.via = TRANS;
  const from = at + u16le(b, words + 24);
  const to = Math.min(k.end, from + u16le(b, words + 22));
  if (from < to) file.association?.take(b, from, to, 0, state.calls(file, 1, undefined));
  return file;
}

/** Renaming and deleting by TRANS2. @returns true when it is one of them */
export function trans2(state: SmbState, k: Block, t: Transaction): boolean {
  const { b, at, words, wordBytes } = k;
  if (wordBytes < FIXED + 2) return false;
  const subcommand = u16le(b, words + FIXED);
  const parameters = at + u16le(b, words + 20);
  const data = at + u16le(b, words + 24);
  if (parameters + 6 > k.end || data >= k.end) return false;
  if (subcommand === SET_FILE_INFO) {
    if (u16le(b, parameters + 2) !== SET_DISPOSITION) return false;
    const file = fileOf(state, k, u16le(b, parameters));
    t.filename = file?.name ?? '<unknown>';
    t.fuid = file?.fuid;
  } else if (subcommand === SET_PATH_INFO) {
    const level = u16le(b, parameters);
    if (level !== SET_DISPOSITION && level !== SET_RENAME) return false;
    const [name] = text(k, parameters + 6);
    if (level === SET_RENAME) {
      if (data + 12 > k.end) return false;
      t.renameFrom = name;
      const stop = Math.min(k.end, data + 12 + u32le(b, data + 8));
      [t.renameTo] = text({ ...k, end: stop }, data + 12);
      return true;
    }
    t.filename = name;
  } else return false;
  t.subcommand = subcommand;
  t.deleteOnClose = b[data] !== 0;
  t.infoLevel = 'Set Disposition Information';
  return true;
}
