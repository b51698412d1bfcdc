// Sigma's condition language: `not` before `and` before `or`, `1 of name*`, `all of them`, parentheses.

export type Condition =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  /** At least `count` of the selections named; Infinity means all of them. */
  | { readonly kind: 'some'; readonly count: number; readonly names: readonly string[] };

/** What is wrong, and at which character. */
export class ConditionFault extends Error {
  readonly at: number;
  readonly word: string | undefined;
  constructor(message: string, at: number, word?: string) {
    super(message);
    this.at = at;
    this.word = word;
  }
}

const MAX_LENGTH = 4_000;
const MAX_DEPTH = 50;
const TOKEN = /\s*([()]|[^\s()|]+|\|)/y;

interface Token {
  readonly text: string;
  readonly at: number;
}

function tokens(text: string): Token[] {
  const out: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match: RegExpExecArray | null; (match = TOKEN.exec(text)); )
    out.push({ text: match[1], at: TOKEN.lastIndex - match[1].length });
  return out;
}

/** Selections that `of` speaks of: names starting with `_` are for the writer only. */
function matching(pattern: string, names: readonly string[]): string[] {
  if (pattern === 'them') return names.filter((name) => !name.startsWith('_'));
  if (!pattern.includes('*')) return names.filter((name) => name === pattern);
  const pieces = pattern.split('*').map((piece) => piece.replace(/[^A-Za-z0-9_]/g, '\\$&'));
  const shape = new RegExp(`^${pieces.join('[^]*')}$`);
  return names.filter((name) => shape.test(name) && (pattern.startsWith('_') || !name.startsWith('_')));
}

/** @throws ConditionFault */
export function parseCondition(text: string, names: readonly string[]): Condition {
  if (text.length > MAX_LENGTH) throw new ConditionFault(`longer than ${MAX_LENGTH} characters`, 0);
  const list = tokens(text);
  let next = 0;
  let depth = 0;
  const word = (): string | undefined => list[next]?.text.toLowerCase();
  const here = (): number => list[next]?.at ?? text.length;

  function joined(kind: 'and' | 'or', part: () => Condition): Condition {
    const of = [part()];
    while (word() === kind) {
      next++;
      of.push(part());
    }
    return of.length === 1 ? of[0] : { kind, of };
  }
  const or = (): Condition => joined('or', and);
  const and = (): Condition => joined('and', not);

  function not(): Condition {
    if (word() !== 'not') return single();
    if (++depth > MAX_DEPTH) throw new ConditionFault(`nested deeper than ${MAX_DEPTH}`, here());
    next++;
    const of = not();
    depth--;
    return { kind: 'not', of };
  }

  function single(): Condition {
    const token = list[next];
    if (!token || token.text === ')') throw new ConditionFault('a selection is missing', here());
    if (token.text === '(') {
      if (++depth > MAX_DEPTH) throw new ConditionFault(`nested deeper than ${MAX_DEPTH}`, token.at);
      next++;
      const inner = or();
      if (word() !== ')') throw new ConditionFault('a ( without its )', token.at);
      next++;
      depth--;
      return inner;
    }
    if (token.text === '|')
      throw new ConditionFault(
        'aggregations after "|" are no longer Sigma: write a correlation rule',
        token.at,
      );
    next++;
    if (word() === 'of' && /^(\d{1,4}|all|any)$/i.test(token.text)) return some(token);
    if (!names.includes(token.text))
      throw new ConditionFault(`there is no selection "${token.text}"`, token.at, token.text);
    return { kind: 'name', name: token.text };
  }

  function some(quantity: Token): Condition {
    next++;
    const token = list[next++];
    if (!token) throw new ConditionFault('"of" needs a name, a name with * or "them"', text.length);
    const chosen = matching(token.text, names);
    if (chosen.length === 0)
      throw new ConditionFault(`no selection is named like "${token.text}"`, token.at, token.text);
    const how = quantity.text.toLowerCase();
    const count = how === 'all' ? Number.POSITIVE_INFINITY : how === 'any' ? 1 : Number(how);
    if (count === 0) throw new ConditionFault('"0 of" is always true: write "not 1 of"', quantity.at);
    return { kind: 'some', count, names: chosen };
  }

  const condition = or();
  if (next < list.length)
    throw new ConditionFault(
      list[next].text === '|'
        ? 'aggregations after "|" are no longer Sigma: write a correlation rule'
        : `"${list[next].text}" stands where "and" or "or" is expected`,
      here(),
    );
  return condition;
}
