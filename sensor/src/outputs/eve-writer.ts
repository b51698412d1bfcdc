// Writes events as EVE JSON: the nesting is compiled once from the fields' paths, values are read as they are written.
import type { Event } from '../protocols/event.ts';
import type { Field, Value } from '../protocols/protocol.ts';
import type { JsonBytes } from './json-bytes.ts';

/**
 * Writes `"key":value,` for every member that is there: each with a comma behind it, which whoever closes the object
 * writes over.
 */
export type Writer = (event: Event, out: JsonBytes) => void;

const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/** Closes what was opened: over the last comma, or behind the opening when nothing was written. */
function close(out: JsonBytes, code: number): void {
  if (out.bytes[out.at - 1] === COMMA) out.bytes[out.at - 1] = code;
  else out.byte(code);
  out.byte(COMMA);
}

export const keyBytes = (key: string): Uint8Array => Buffer.from(`${JSON.stringify(key)}:`, 'latin1');

function list(value: readonly (string | number | boolean | undefined)[], out: JsonBytes): void {
  out.byte(OPEN_LIST);
  for (const item of value) {
    if (item === undefined) continue;
    out.scalar(item);
    out.byte(COMMA);
  }
  close(out, CLOSE_LIST);
}

interface Branch {
  readonly key: string;
  /** A field whose path ends here. */
  leaf?: Field;
  /** Path parts below. */
  readonly children: Map<string, Branch>;
  /** The path had `[]` here: the children are columns of a list. */
  isList: boolean;
}

const branch = (key: string): Branch => ({ key, children: new Map(), isList: false });

function grow(root: Branch, field: Field): void {
  let at = root;
  for (const part of field.name.split('.')) {
    const isList = part.endsWith('[]');
    const key = isList ? part.slice(0, -2) : part;
    let next = at.children.get(key);
    if (next === undefined) at.children.set(key, (next = branch(key)));
    next.isList ||= isList;
    at = next;
  }
  at.leaf = field;
}

function compile(node: Branch): Writer {
  const key = keyBytes(node.key);
  if (node.isList) return compileList(node, key);
  if (node.leaf !== undefined) return compileLeaf(node.leaf, key);
  const members = [...node.children.values()].map(compile);
  return (event, out) => {
    const before = out.at;
    out.prepared(key);
    out.byte(OPEN_OBJECT);
    const empty = out.at;
    for (const write of members) write(event, out);
    if (out.at === empty) out.at = before;
    else close(out, CLOSE_OBJECT);
  };
}

function compileLeaf(leaf: Field, key: Uint8Array): Writer {
  return (event, out) => {
    const value = leaf.read(event.message, event);
    if (value === undefined) return;
    out.prepared(key);
    if (typeof value === 'object') list(value, out);
    else {
      out.scalar(value);
      out.byte(COMMA);
    }
  };
}

/** Writes the members of one element of a list. */
type ElementWriter = (columns: readonly Value[], row: number, out: JsonBytes) => void;

/** Elements of a list are put together from columns; a nested path (`soa.mname`) becomes an object in the element. */
function compileList(node: Branch, key: Uint8Array): Writer {
  const columns: Field[] = [];
  const members = compileElement(node, columns);
  const values: Value[] = [];
  return (event, out) => {
    let length = 0;
    for (let slot = 0; slot < columns.length; slot++) {
      const value = columns[slot].read(event.message, event);
      // Every element has the first column: without it the list is empty, and the others need not be asked.
      if (value === undefined && slot === 0) return;
      values[slot] = value;
      if (typeof value === 'object') length = Math.max(length, value.length);
    }
    if (length === 0) return;
    out.prepared(key);
    out.byte(OPEN_LIST);
    for (let row = 0; row < length; row++) {
      out.byte(OPEN_OBJECT);
      for (const write of members) write(values, row, out);
      close(out, CLOSE_OBJECT);
    }
    close(out, CLOSE_LIST);
  };
}

function compileElement(node: Branch, columns: Field[]): ElementWriter[] {
  return [...node.children.values()].map((child) => {
    const key = keyBytes(child.key);
    if (child.leaf !== undefined) {
      const slot = columns.push(child.leaf) - 1;
      return (values, row, out) => {
        const column = values[slot];
        const item = typeof column === 'object' ? column[row] : undefined;
        if (item === undefined) return;
        out.prepared(key);
        out.scalar(item);
        out.byte(COMMA);
      };
    }
    const members = compileElement(child, columns);
    return (values, row, out) => {
      const before = out.at;
      out.prepared(key);
      out.byte(OPEN_OBJECT);
      const empty = out.at;
      for (const write of members) write(values, row, out);
      if (out.at === empty) out.at = before;
      else close(out, CLOSE_OBJECT);
    };
  });
}

/** Compiles a writer for these fields. */
export function compileWriter(fields: readonly Field[]): Writer {
  const root = branch('');
  for (const field of fields) grow(root, field);
  const members = [...root.children.values()].map(compile);
  return (event, out) => {
    for (const write of members) write(event, out);
  };
}
