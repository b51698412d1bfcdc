// Turns events into EVE JSON: the nesting is compiled once from the fields' paths, values are read as they are written.
import type { Event } from '../protocols/event.ts';
import type { Field, Value } from '../protocols/protocol.ts';
import type { Scalar } from '../wire/field.ts';

/** Longer than any name that is met often: longer texts go the general way. */
const SHORT = 96;

/** JSON text of a string. Plain ASCII, which nearly every value is, is told by a look at each character. */
export function quote(text: string): string {
  if (text.length > SHORT) return JSON.stringify(text);
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x20 || c > 0x7e || c === 0x22 || c === 0x5c) return JSON.stringify(text);
  }
  return `"${text}"`;
}

function scalar(value: Scalar): string {
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' && !Number.isFinite(value) ? '0' : String(value);
}

function valueText(value: Exclude<Value, undefined>): string {
  if (typeof value !== 'object') return scalar(value);
  let text = '';
  for (const item of value) if (item !== undefined) text += (text === '' ? '' : ',') + scalar(item);
  return `[${text}]`;
}

/** Writes members `"key":value` for one event, without braces; '' when there is nothing to say. */
type Writer = (event: Event) => string;

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
  const key = `"${node.key}":`;
  if (node.isList) {
    const list = compileList(node);
    return (event) => {
      const text = list(event);
      return text === '' ? '' : `${key}[${text}]`;
    };
  }
  if (node.leaf !== undefined) {
    const { leaf } = node;
    return (event) => {
      const value = leaf.read(event.message, event);
      return value === undefined ? '' : key + valueText(value);
    };
  }
  const inside = members([...node.children.values()].map(compile));
  return (event) => {
    const text = inside(event);
    return text === '' ? '' : `${key}{${text}}`;
  };
}

function members(writers: readonly Writer[]): Writer {
  return (event) => {
    let text = '';
    for (const write of writers) {
      const member = write(event);
      if (member !== '') text += text === '' ? member : ',' + member;
    }
    return text;
  };
}

/** One column of a list: where its value goes in each element. */
interface Column {
  readonly field: Field;
  readonly slot: number;
}

/** Elements of a list are put together from columns; a nested path (`soa.mname`) becomes an object in the element. */
function compileList(node: Branch): Writer {
  const columns: Column[] = [];
  const shape = elementShape(node, columns);
  const values: Value[] = [];
  return (event) => {
    let length = 0;
    for (const { field, slot } of columns) {
      const value = field.read(event.message, event);
      // Every element has the first column: without it the list is empty, and the others need not be asked.
      if (value === undefined && slot === 0) return '';
      values[slot] = value;
      if (typeof value === 'object') length = Math.max(length, value.length);
    }
    let text = '';
    for (let i = 0; i < length; i++) text += `${i === 0 ? '' : ','}{${shape(values, i)}}`;
    return text;
  };
}

type ElementShape = (columns: readonly Value[], row: number) => string;

function elementShape(node: Branch, columns: Column[]): ElementShape {
  const parts: ElementShape[] = [...node.children.values()].map((child) => {
    const key = `"${child.key}":`;
    if (child.leaf !== undefined) {
      const slot = columns.length;
      columns.push({ field: child.leaf, slot });
      return (values, row) => {
        const column = values[slot];
        const item = typeof column === 'object' ? column[row] : undefined;
        return item === undefined ? '' : key + scalar(item);
      };
    }
    const inside = elementShape(child, columns);
    return (values, row) => {
      const text = inside(values, row);
      return text === '' ? '' : `${key}{${text}}`;
    };
  });
  return (values, row) => {
    let text = '';
    for (const part of parts) {
      const member = part(values, row);
      if (member !== '') text += text === '' ? member : ',' + member;
    }
    return text;
  };
}

/** Compiles a writer for these fields. */
export function compileWriter(fields: readonly Field[]): Writer {
  const root = branch('');
  for (const field of fields) grow(root, field);
  return members([...root.children.values()].map(compile));
}
