// Where a text stops being JSON: V8 says it for some texts and not for others.

const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

/** What may come next: a value, a value or the end of an empty list, and so on. */
type Next = 'value' | 'value or ]' | 'key or }' | 'key' | ':' | ', or ]' | ', or }' | 'end';

/** @returns line and column, from 1, of the first character that cannot stand where it stands */
export function faultOf(text: string): { readonly line: number; readonly column: number } {
  const open: ('[' | '{')[] = [];
  let next: Next = 'value';
  let at = 0;
  // Each turn takes one token: linear in the text.
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) break;
    const after = step(found[1], found[2] !== undefined, next, open);
    if (after === undefined) break;
    next = after;
    at = TOKEN.lastIndex;
  }
  while (at < text.length && /[ \t\r\n]/.test(text[at])) at++;
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return { line, column: at - before.lastIndexOf('\n') };
}

const behind = (open: readonly string[]): Next =>
  open.length === 0 ? 'end' : open.at(-1) === '[' ? ', or ]' : ', or }';

function step(mark: string | undefined, isText: boolean, next: Next, open: ('[' | '{')[]): Next | undefined {
  const isValue = next === 'value' || next === 'value or ]';
  switch (mark) {
    case '{':
    case '[':
      if (!isValue) return undefined;
      open.push(mark);
      return mark === '{' ? 'key or }' : 'value or ]';
    case '}':
    case ']': {
      const wanted = mark === '}' ? ['key or }', ', or }'] : ['value or ]', ', or ]'];
      if (!wanted.includes(next)) return undefined;
      open.pop();
      return behind(open);
    }
    case ',':
      return next === ', or ]' ? 'value' : next === ', or }' ? 'key' : undefined;
    case ':':
      return next === ':' ? 'value' : undefined;
    default:
      if (next === 'key' || next === 'key or }') return isText ? ':' : undefined;
      return isValue ? behind(open) : undefined;
  }
}
