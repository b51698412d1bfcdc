// A command of an SMB 1 message with its parameters and data, and what is often read of it: text, files.
import { u16le } from '../../bytes/read.ts';
import { oem, utf16le } from '../../bytes/windows.ts';
import type { OpenFile, SmbState } from './state.ts';

const MAX_NAME = 1024;

/** Where a command's parts stand. */
export interface Block {
  readonly b: Uint8Array;
  /** Of the message's header: offsets count from there. */
  readonly at: number;
  readonly end: number;
  /** Parameter words, and how many bytes of them. */
  readonly words: number;
  readonly wordBytes: number;
  readonly data: number;
  readonly isUnicode: boolean;
}

export const sessionOf = (b: Uint8Array, at: number): number => u16le(b, at + 28);
export const treeOf = (b: Uint8Array, at: number): number => u16le(b, at + 24);
export const fileKey = (b: Uint8Array, at: number, fid: number): string => `${treeOf(b, at)}:${fid}`;

/** The text at `from`: UTF-16 on an even offset from the header, or one byte a character. @returns the text and where it ends */
export function text(k: Block, from: number, isUnicode = k.isUnicode): [string, number] {
  let at = from;
  if (isUnicode) {
    if ((at - k.at) % 2 === 1) at++;
    let stop = at;
    // Ends: each turn goes two bytes on.
    while (stop + 1 < k.end && u16le(k.b, stop) !== 0) stop += 2;
    return [utf16le(k.b, at, Math.min(stop, k.end), MAX_NAME), stop + 2];
  }
  let stop = at;
  while (stop < k.end && k.b[stop] !== 0) stop++;
  return [oem(k.b, at, stop, MAX_NAME), stop + 1];
}

export function fileOf(state: SmbState, k: Block, fid: number): OpenFile | undefined {
  return state.files.entries.get(fileKey(k.b, k.at, fid));
}
