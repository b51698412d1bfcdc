// Where in a YAML file something stands, and errors that say so.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { type ErrorCode, SensorError } from '../errors.ts';
import { hint } from './fields.ts';

export type Yaml = Node | null | undefined;

/** One document of a file, walked with its positions. */
export class Place {
  readonly file: string;
  readonly #lines: LineCounter;
  readonly #document: Document;
  readonly #code: ErrorCode;

  /** @param code of its faults */
  constructor(file: string, lines: LineCounter, document: Document, code: ErrorCode = 'rule_invalid') {
    this.file = file;
    this.#code = code;
    this.#lines = lines;
    this.#document = document;
  }

  /** The error of a node: file, line and column, then what is wrong. */
  fault(node: Yaml, what: string, shift = 0): SensorError {
    const start = (node as Node | undefined)?.range?.[0] ?? this.#document.range?.[0] ?? 0;
    const { line, col } = this.#lines.linePos(start + shift);
    return new SensorError(this.#code, `${this.file}:${line}:${col}: ${what}`);
  }

  /** `file:line` of a node. */
  at(node: Node): string {
    return `${this.file}:${this.#lines.linePos(node.range?.[0] ?? 0).line}`;
  }

  /** The node itself, or what an alias (`*name`) stands for. */
  resolve(node: Yaml): Yaml {
    return isAlias(node) ? node.resolve(this.#document) : node;
  }

  map(node: Yaml, what: string): YAMLMap {
    const map = this.resolve(node);
    if (!isMap(map)) throw this.fault(node, `${what} must be a map of words and values`);
    return map;
  }

  /** The pairs of a map with their keys as text. */
  pairs(map: YAMLMap): { key: string; keyNode: Yaml; value: Yaml }[] {
    return (map.items as Pair<Node, Node | null>[]).map(({ key, value }) => {
      if (!isScalar(key)) throw this.fault(key, 'a key must be a plain word');
      return { key: String(key.value ?? ''), keyNode: key, value: this.resolve(value) };
    });
  }

  get(map: YAMLMap, key: string): Yaml {
    return this.resolve(map.get(key, true) as Yaml);
  }

  /** Refuses keys that are not among `words`. */
  only(map: YAMLMap, words: readonly string[], what: string): void {
    for (const { key, keyNode } of this.pairs(map))
      if (!words.includes(key))
        throw this.fault(keyNode, `unknown word "${key}" in ${what}${hint(key, words)}`);
  }

  /** Text of a scalar; undefined when the key is absent. */
  text(map: YAMLMap, key: string, longest: number): string | undefined {
    const node = this.get(map, key);
    if (node === null || node === undefined) return undefined;
    if (!isScalar(node) || node.value === null) throw this.fault(node, `"${key}" must be a text`);
    const text = String(node.value).trim();
    if (text.length > longest) throw this.fault(node, `"${key}" is longer than ${longest} characters`);
    return text;
  }

  /** A list of texts; one text alone is a list of one; undefined when the key is absent. */
  texts(map: YAMLMap, key: string, most: number): string[] | undefined {
    const node = this.get(map, key);
    if (node === null || node === undefined) return undefined;
    const items = isSeq(node) ? node.items : [node];
    if (items.length > most) throw this.fault(node, `"${key}" has more than ${most} entries`);
    return items.map((item) => {
      const scalar = this.resolve(item as Yaml);
      if (!isScalar(scalar) || scalar.value === null)
        throw this.fault(item as Yaml, `"${key}" must list texts`);
      return String(scalar.value);
    });
  }
}
