// A YAML file as plain values, with the line of every word, and all that is wrong with it instead of the first.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';
import { SensorError } from '../errors.ts';

/** A settings file of more than this is something else. */
const MAX_BYTES = 1024 * 1024;
const MEND = 'Mend the line named; "yagura-sensor run --print-config" shows every word with its default.';

export interface Entry {
  readonly key: string;
  readonly at: Node | null;
  readonly value: Node | null;
}

export class SettingsFile {
  readonly faults: SensorError[] = [];
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#document = parseDocument(text.slice(0, MAX_BYTES), {
      lineCounter: this.#lines,
      prettyErrors: false,
      uniqueKeys: true,
    });
    if (text.length > MAX_BYTES) this.fault(null, 'the file is larger than 1 MiB');
    for (const error of this.#document.errors)
      this.#faultAt(error.pos[0], `YAML: ${error.message.split('\n', 1)[0]}`);
  }

  /** Its words; none when the file is empty, or no map. */
  entries(): Entry[] {
    const { contents } = this.#document;
    return contents === null || this.faults.length > 0 ? [] : this.map(contents, 'the file');
  }

  fault(node: Node | null | undefined, what: string): void {
    this.#faultAt(node?.range?.[0] ?? 0, what);
  }

  #faultAt(offset: number, what: string): void {
    const { line, col } = this.#lines.linePos(offset);
    this.faults.push(
      new SensorError(
        'config_invalid',
        `${this.#file}:${Math.max(1, line)}:${Math.max(1, col)}: ${what}`,
        MEND,
      ),
    );
  }

  map(node: Node | null, what: string): Entry[] {
    const map = this.#resolve(node);
    if (!isMap(map)) {
      this.fault(node, `${what} must be a map of words and values`);
      return [];
    }
    const entries: Entry[] = [];
    for (const { key, value } of map.items as Pair<Node, Node | null>[])
      if (isScalar(key)) entries.push({ key: String(key.value), at: key, value: this.#resolve(value) });
      else this.fault(key, 'a key must be a plain word');
    return entries;
  }

  list(node: Node | null, what: string): (Node | null)[] {
    const list = this.#resolve(node);
    if (isSeq(list)) return list.items as Node[];
    this.fault(node, `${what} must be a list`);
    return [];
  }

  /** A scalar, or a list of scalars; undefined for anything else. */
  plain(node: Node | null): unknown {
    const value = this.#resolve(node);
    if (isScalar(value)) return value.value;
    return isSeq(value) ? value.items.map((item) => this.plain(item as Node)) : undefined;
  }

  #resolve(node: Node | null): Node | null {
    return isAlias(node) ? ((node.resolve(this.#document) as Node | undefined) ?? null) : node;
  }
}
