// A file of indicators as formats read it: its first characters, its lines one after the other, or all of it as JSON.
import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { SensorError } from '../../errors.ts';
import { faultOf } from './json-fault.ts';

const HEAD = 4096;
const CHUNK = 1 << 20;
/** Characters of a line; what is longer is handed on cut, and refused by who reads it. */
export const MAX_LINE = 64 * 1024;
/** JSON is read whole; a file of lines may be of any size. */
const MAX_JSON = 256 * 1024 * 1024;

export class ListFile {
  /** As errors name it. */
  readonly name: string;
  readonly head: string;
  readonly #path: string | undefined;
  readonly #text: string | undefined;
  readonly #hash: Hash = createHash('sha256');
  #json: { readonly value: unknown } | undefined;

  /** @param text what stands in it, where it is at hand already. @throws SensorError file_unreadable */
  constructor(name: string, path: string, text?: string) {
    this.name = name;
    this.#path = path;
    this.#text = text;
    this.head = text === undefined ? first(path) : text.slice(0, HEAD);
  }

  /** Its name without folders and ending: what its list is called when it does not say. */
  get list(): string {
    return basename(this.name)
      .replace(/\.[a-z]{2,7}$/, '')
      .slice(0, 60);
  }

  /** Of what was read of it, hex. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Line by line, without their ends. Memory is that of one chunk, whatever the size of the file. */
  *lines(): Generator<string> {
    let rest = '';
    for (const chunk of this.#chunks()) {
      const text = rest + chunk;
      let from = 0;
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
        yield text.slice(from, text.charCodeAt(at - 1) === 13 && at > from ? at - 1 : at);
        from = at + 1;
      }
      rest = text.slice(from);
      // A file without line ends is not gathered.
      if (rest.length > MAX_LINE) rest = rest.slice(0, MAX_LINE + 1);
    }
    if (rest !== '') yield rest.endsWith('\r') ? rest.slice(0, -1) : rest;
  }

  /** @throws SensorError list_unreadable */
  json(): unknown {
    if (this.#json !== undefined) return this.#json.value;
    let text = '';
    for (const chunk of this.#chunks()) {
      text += chunk;
      if (text.length > MAX_JSON)
        throw new SensorError('list_unreadable', `${this.name}: JSON of more than 256 MiB`);
    }
    try {
      this.#json = { value: JSON.parse(text) };
    } catch {
      const { line, column } = faultOf(text);
      throw new SensorError('list_unreadable', `${this.name}:${line}:${column}: it is no JSON from here on`);
    }
    return this.#json.value;
  }

  /** What was parsed is not needed any more. */
  forget(): void {
    this.#json = undefined;
  }

  *#chunks(): Generator<string> {
    if (this.#text !== undefined || this.#path === undefined) {
      this.#hash.update(this.#text ?? '');
      yield this.#text ?? '';
      return;
    }
    const fd = openSync(this.#path, 'r');
    try {
      const decoder = new StringDecoder('utf8');
      const buffer = Buffer.allocUnsafe(CHUNK);
      let isFirst = true;
      for (let length = readSync(fd, buffer); length > 0; length = readSync(fd, buffer)) {
        const bytes = buffer.subarray(0, length);
        this.#hash.update(bytes);
        const text = decoder.write(bytes);
        yield isFirst ? text.replace(/^\ufeff/, '') : text;
        isFirst = false;
      }
      yield decoder.end();
    } finally {
      closeSync(fd);
    }
  }
}

function first(path: string): string {
  try {
    if (!statSync(path).isFile()) throw new Error('no file');
    const fd = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(HEAD);
      return buffer.toString('utf8', 0, readSync(fd, buffer)).replace(/^\ufeff/, '');
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new SensorError('file_unreadable', `cannot read ${path}: ${why}`);
  }
}
