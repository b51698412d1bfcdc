// Writes events as EVE JSON: the nesting is compiled once from the fields' paths, values are read as they are written.

import { type JsonBytes, jsonKey, Prepared } from '../bytes/json.ts';
import type { Event } from '../protocols/event.ts';
import type { Column, Field, Value } from '../protocols/protocol.ts';
import type { QuickWay, Released } from './gate.ts';

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

function list(value: readonly (string | number | boolean | undefined)[], out: JsonBytes): void {
  out.byte(OPEN_LIST);
  for (const item of value) {
    if (item === undefined) continue;
    out.value(item);
    out.byte(COMMA);
  }
  close(out, CLOSE_LIST);
}

interface Branch {
  readonly key: string;
  /** A field whose path ends here. */
  leaf?: Field;
  /** Path parts below. */
  children: Map<string, Branch>;
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

/** One step of a compiled record: a field, the opening or closing of an object, or a list of objects. */
type Step =
  | { readonly do: 'field'; readonly key: Prepared; readonly field: Field }
  | { readonly do: 'open'; readonly key: Prepared }
  | { readonly do: 'close' }
  | { readonly do: 'list'; readonly write: Writer }
  | { readonly do: 'block'; readonly write: Writer }
  | { readonly do: 'when'; readonly test: When; readonly skip: number };

type When = NonNullable<Field['when']>;

/** What is asked before everything in a branch; undefined when that is not one and the same. */
function commonWhen(node: Branch): When | undefined {
  if (node.leaf !== undefined) return node.leaf.when;
  const [first, ...others] = [...node.children.values()].map(commonWhen);
  return others.every((test) => test === first) ? first : undefined;
}

/**
 * One question stands before neighbours that are all absent together.
 * @param asked the question that was asked on the way here
 * @param quick steps that stand first in the objects of these names
 */
function compileAll(
  children: Iterable<Branch>,
  asked: When | undefined,
  steps: Step[],
  quick?: ReadonlyMap<string, Step>,
): void {
  const all = [...children];
  // A quick step has questions of its own.
  const testOf = (node: Branch): When | undefined => (quick?.has(node.key) ? undefined : commonWhen(node));
  for (let i = 0; i < all.length; ) {
    const test = testOf(all[i]);
    let end = i + 1;
    while (end < all.length && testOf(all[end]) === test) end++;
    const inner: Step[] = [];
    for (; i < end; i++) compile(all[i], test, inner, quick?.get(all[i].key));
    if (test !== undefined && test !== asked) steps.push({ do: 'when', test, skip: inner.length });
    steps.push(...inner);
  }
}

function compile(node: Branch, asked: When | undefined, steps: Step[], first?: Step): void {
  const key = jsonKey(node.key);
  if (node.isList) steps.push({ do: 'list', write: compileList(node, key) });
  else if (node.leaf !== undefined) steps.push({ do: 'field', key, field: node.leaf });
  else {
    steps.push({ do: 'open', key });
    if (first !== undefined) steps.push(first);
    compileAll(node.children.values(), asked, steps);
    steps.push({ do: 'close' });
  }
}

const READ = 0;
const WRITE = 1;
const OPEN = 2;
const CLOSE = 3;
const LIST = 4;
const WHEN = 5;

type Read = Field['read'];
type Write = NonNullable<Field['write']>;
const nothing = (): undefined => undefined;
const never = (): boolean => false;

/** Runs the steps in one loop over columns: a call a field instead of a call a field, a key, a brace and a comma. */
function run(steps: readonly Step[]): Writer {
  const codes = Uint8Array.from(steps, (step) => {
    if (step.do === 'field') return step.field.write === undefined ? READ : WRITE;
    return { open: OPEN, close: CLOSE, list: LIST, block: LIST, when: WHEN }[step.do];
  });
  const keys = steps.map((step) => ('key' in step ? step.key : new Prepared('')));
  const reads: Read[] = steps.map((step) => (step.do === 'field' ? step.field.read : nothing));
  const writes: Write[] = steps.map((step) => (step.do === 'field' ? (step.field.write ?? never) : never));
  const lists: (Writer | undefined)[] = steps.map((step) =>
    step.do === 'list' || step.do === 'block' ? step.write : undefined,
  );
  const tests: When[] = steps.map((step) => (step.do === 'when' ? step.test : never));
  const skips = Int32Array.from(steps, (step) => (step.do === 'when' ? step.skip : 0));
  /** Where each open object began, and where its first member would stand. */
  const opened = new Int32Array(steps.length * 2);
  return (event, out) => {
    const { message } = event;
    let depth = 0;
    for (let i = 0; i < codes.length; i++) {
      switch (codes[i]) {
        case WHEN:
          if (!tests[i](message)) i += skips[i];
          break;
        case READ: {
          const value = reads[i](message, event);
          if (value === undefined) break;
          out.prepared(keys[i]);
          if (typeof value === 'object') list(value, out);
          else {
            out.value(value);
            out.byte(COMMA);
          }
          break;
        }
        case WRITE: {
          const before = out.at;
          out.prepared(keys[i]);
          if (writes[i](message, event, out)) out.byte(COMMA);
          else out.at = before;
          break;
        }
        case OPEN:
          opened[depth++] = out.at;
          out.prepared(keys[i]);
          out.byte(OPEN_OBJECT);
          opened[depth++] = out.at;
          break;
        case CLOSE: {
          const empty = opened[--depth];
          const before = opened[--depth];
          if (out.at === empty) out.at = before;
          else close(out, CLOSE_OBJECT);
          break;
        }
        default:
          lists[i]?.(event, out);
      }
    }
  };
}

/** Writes the members of one element of a list. */
type ElementWriter = (columns: readonly Value[], row: number, out: JsonBytes) => void;

/** Elements of a list are put together from columns; a nested path (`soa.mname`) becomes an object in the element. */
function compileList(node: Branch, key: Prepared): Writer {
  const columns: Field[] = [];
  const members = compileElement(node, columns);
  if (columns.every(({ column }) => column !== undefined)) return compileCells(node, key);
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

/** The same where every column writes itself. */
function compileCells(node: Branch, key: Prepared): Writer {
  const codes: number[] = [];
  const keys: Prepared[] = [];
  const cells: Column[] = [];
  /** Which question says whether there is anything in the column; -1 for those that are always asked. */
  const asks: number[] = [];
  const tests: When[] = [];
  const flatten = (at: Branch): void => {
    for (const child of at.children.values()) {
      keys.push(jsonKey(child.key));
      const leaf = child.leaf;
      if (leaf?.column !== undefined) {
        codes.push(WRITE);
        cells.push(leaf.column);
        const test = leaf.when;
        if (test !== undefined && !tests.includes(test)) tests.push(test);
        asks.push(test === undefined ? -1 : tests.indexOf(test));
        continue;
      }
      codes.push(OPEN);
      cells.push(cells[0]);
      asks.push(-1);
      flatten(child);
      codes.push(CLOSE);
      keys.push(new Prepared(''));
      cells.push(cells[0]);
      asks.push(-1);
    }
  };
  flatten(node);
  const opened = new Int32Array(codes.length * 2);
  const answers = new Uint8Array(tests.length);
  return (event, out) => {
    const { message } = event;
    const length = cells[0].count(message);
    if (length === 0) return;
    for (let i = 0; i < tests.length; i++) answers[i] = tests[i](message) ? 1 : 0;
    out.prepared(key);
    out.byte(OPEN_LIST);
    for (let row = 0; row < length; row++) {
      out.byte(OPEN_OBJECT);
      let depth = 0;
      for (let i = 0; i < codes.length; i++) {
        if (codes[i] === WRITE) {
          if (asks[i] >= 0 && answers[asks[i]] === 0) continue;
          const before = out.at;
          out.prepared(keys[i]);
          if (cells[i].write(message, row, out)) out.byte(COMMA);
          else out.at = before;
        } else if (codes[i] === OPEN) {
          opened[depth++] = out.at;
          out.prepared(keys[i]);
          out.byte(OPEN_OBJECT);
          opened[depth++] = out.at;
        } else {
          const empty = opened[--depth];
          const before = opened[--depth];
          if (out.at === empty) out.at = before;
          else close(out, CLOSE_OBJECT);
        }
      }
      close(out, CLOSE_OBJECT);
    }
    close(out, CLOSE_LIST);
  };
}

function compileElement(node: Branch, columns: Field[]): ElementWriter[] {
  return [...node.children.values()].map((child) => {
    const key = jsonKey(child.key);
    if (child.leaf !== undefined) {
      const slot = columns.push(child.leaf) - 1;
      return (values, row, out) => {
        const column = values[slot];
        const item = typeof column === 'object' ? column[row] : undefined;
        if (item !== undefined) out.member(key, item);
      };
    }
    const first = columns.length;
    const members = compileElement(child, columns);
    const behind = columns.length;
    return (values, row, out) => {
      // Nearly always none of them is there.
      let slot = first;
      while (slot < behind && values[slot] === undefined) slot++;
      if (slot === behind) return;
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

/** A quick way as a step inside its object, with these fields for the records that it does not write. */
function quickStep({ root, write }: QuickWay, fields: readonly Field[]): Step {
  const below = root === '' ? 0 : root.length + 1;
  const oneByOne = run(
    stepsOf(treeOf(fields.map((field) => ({ ...field, name: field.name.substring(below) })))),
  );
  return {
    do: 'block',
    write(event, out) {
      if (!write(event, out)) oneByOne(event, out);
    },
  };
}

const renamed = (field: Field, rename: Readonly<Record<string, string>>): Field => ({
  ...field,
  name: rename[field.name] ?? field.name,
});

/**
 * Compiles a writer for these fields, which a gate let out.
 * @param ways quicker ones for several of them
 * @param rename other names for some of them
 */
export function compileWriter(
  fields: readonly Released<Field>[],
  ways: readonly Released<QuickWay>[] = [],
  rename: Readonly<Record<string, string>> = {},
): Writer {
  const quick = new Map<string, Step>();
  for (const way of ways) {
    const own = fields.filter(({ name }) => way.names.has(name));
    quick.set(
      way.root,
      quickStep(
        way,
        own.map((field) => renamed(field, rename)),
      ),
    );
  }
  const left = fields.filter(({ name }) => !ways.some(({ names }) => names.has(name)));
  const tree = treeOf(left.map((field) => renamed(field, rename)));
  // Objects that a block alone writes stand before those that have other members.
  for (const root of [...quick.keys()].reverse())
    if (root !== '' && !tree.children.has(root))
      tree.children = new Map([[root, branch(root)], ...tree.children]);
  return run(stepsOf(tree, quick));
}

function treeOf(fields: readonly Field[]): Branch {
  const root = branch('');
  for (const field of fields) grow(root, field);
  return root;
}

/** @param quick steps that stand first in the objects of these names */
function stepsOf(tree: Branch, quick: ReadonlyMap<string, Step> = new Map()): Step[] {
  const first = quick.get('');
  const steps = first === undefined ? [] : [first];
  compileAll(tree.children.values(), undefined, steps, quick);
  return steps;
}
