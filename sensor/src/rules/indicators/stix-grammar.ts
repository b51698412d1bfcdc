// Reads STIX 2.1 patterns (OASIS STIX 2.1 §9): observations in brackets, what joins them, and what qualifies them.

/** A constant. Binary and hexadecimal ones are texts of bytes; a time is seconds since 1970. */
export type Literal =
  | { readonly is: 'text' | 'bytes'; readonly value: string }
  | { readonly is: 'number' | 'time'; readonly value: number }
  | { readonly is: 'boolean'; readonly value: boolean };

export type Operator =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'IN'
  | 'LIKE'
  | 'MATCHES'
  | 'ISSUBSET'
  | 'ISSUPERSET'
  | 'EXISTS';

export interface Comparison {
  readonly kind: 'compare';
  /** `network-traffic`, then `dst_ref`, `value`; a list's `[*]` or `[0]` is a step of its own. */
  readonly path: readonly string[];
  readonly operator: Operator;
  readonly negated: boolean;
  readonly values: readonly Literal[];
}

export type Expression = Comparison | { readonly kind: 'and' | 'or'; readonly of: readonly Expression[] };

export type Observation =
  | { readonly kind: 'seen'; readonly number: number; readonly expression: Expression }
  | { readonly kind: 'and' | 'or' | 'then'; readonly of: readonly Observation[] }
  | { readonly kind: 'within'; readonly seconds: number; readonly of: Observation }
  | { readonly kind: 'repeats'; readonly times: number; readonly of: Observation }
  | { readonly kind: 'during'; readonly from: number; readonly until: number; readonly of: Observation };

/** What is wrong, and at which character of the pattern (from 1). */
export class PatternFault extends Error {
  constructor(what: string, at: number) {
    super(`pattern, character ${at + 1}: ${what}`);
  }
}

export const MAX_PATTERN = 16_384;
const MAX_TOKENS = 4_000;
const MAX_DEPTH = 32;
/** Observations that are remembered together. */
const MAX_OBSERVATIONS = 16;
export const MAX_REPEATS = 1_000;

interface Token {
  readonly is: 'word' | 'mark' | 'end' | Literal['is'];
  readonly text: string;
  readonly at: number;
}

const TOKEN =
  /\s+|\/\*[^*]*\*\/|\/\/[^\n]*|([bht])?'((?:[^'\\]|\\.)*)'|([+-]?(?:\d+\.\d+|\.\d+|\d+))|(!=|<>|<=|>=|==|[=<>[\]().:,*])|([A-Za-z_][A-Za-z0-9_-]*)/sy;

function tokens(text: string): Token[] {
  const out: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) throw new PatternFault(`"${text[at]}" is no part of a pattern`, at);
    const [, kind, quoted, number, mark, word] = found;
    if (quoted !== undefined)
      out.push({
        is: kind === undefined ? 'text' : kind === 't' ? 'time' : 'bytes',
        text: constant(kind, quoted, at),
        at,
      });
    else if (number !== undefined) out.push({ is: 'number', text: number, at });
    else if (mark !== undefined)
      out.push({ is: 'mark', text: mark === '==' ? '=' : mark === '<>' ? '!=' : mark, at });
    else if (word !== undefined) out.push({ is: 'word', text: word, at });
    if (out.length > MAX_TOKENS) throw new PatternFault('it is too long', at);
  }
  out.push({ is: 'end', text: 'the end', at: text.length });
  return out;
}

function constant(kind: string | undefined, quoted: string, at: number): string {
  const plain = quoted.replaceAll(/\\(.)/gs, '$1');
  if (kind === 'h') {
    if (!/^([0-9a-f]{2})*$/i.test(plain))
      throw new PatternFault('a hexadecimal constant has pairs of digits', at);
    return Buffer.from(plain, 'hex').toString('latin1');
  }
  if (kind === 'b') return Buffer.from(plain, 'base64').toString('latin1');
  if (kind === 't' && Number.isNaN(Date.parse(plain)))
    throw new PatternFault(`"${plain.slice(0, 40)}" is no time`, at);
  return plain;
}

const COMPARES = ['=', '!=', '<', '<=', '>', '>='];
const WORDS = ['LIKE', 'MATCHES', 'ISSUBSET', 'ISSUPERSET'];

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #seen = 0;

  constructor(text: string) {
    this.#tokens = tokens(text);
  }

  whole(): Observation {
    const found = this.#joined(0, 0);
    if (this.#next.is !== 'end') this.#fault('"FOLLOWEDBY", "AND", "OR", a qualifier or the end');
    return found;
  }

  get #next(): Token {
    return this.#tokens[this.#at];
  }

  #fault(expected: string): never {
    throw new PatternFault(`expected ${expected}, not "${this.#next.text.slice(0, 30)}"`, this.#next.at);
  }

  #takes(text: string): boolean {
    const { is, text: own } = this.#next;
    const matches = is === 'mark' ? own === text : is === 'word' && own.toUpperCase() === text;
    if (matches) this.#at++;
    return matches;
  }

  #must(text: string): void {
    if (!this.#takes(text)) this.#fault(`"${text}"`);
  }

  /** FOLLOWEDBY binds least, AND most. */
  #joined(level: number, depth: number): Observation {
    if (depth > MAX_DEPTH) throw new PatternFault('it is nested too deep', this.#next.at);
    if (level === 3) return this.#qualified(depth);
    const [word, kind] = (
      [
        ['FOLLOWEDBY', 'then'],
        ['OR', 'or'],
        ['AND', 'and'],
      ] as const
    )[level];
    const of = [this.#joined(level + 1, depth)];
    while (this.#takes(word)) of.push(this.#joined(level + 1, depth));
    return of.length === 1 ? of[0] : { kind, of };
  }

  #qualified(depth: number): Observation {
    let found: Observation;
    if (this.#takes('[')) {
      const expression = this.#any(depth + 1);
      this.#must(']');
      if (++this.#seen > MAX_OBSERVATIONS)
        throw new PatternFault('it joins too many observations', this.#next.at);
      found = { kind: 'seen', number: this.#seen - 1, expression };
    } else if (this.#takes('(')) {
      found = this.#joined(0, depth + 1);
      this.#must(')');
    } else return this.#fault('"[" or "("');
    for (let n = 0; n < MAX_DEPTH; n++) {
      if (this.#takes('WITHIN')) {
        const seconds = this.#number();
        if (!this.#takes('SECONDS')) this.#must('SECOND');
        if (!(seconds > 0)) this.#fault('a number of seconds above 0');
        found = { kind: 'within', seconds, of: found };
      } else if (this.#takes('REPEATS')) {
        const times = this.#number();
        if (!this.#takes('TIMES')) this.#must('TIME');
        if (!Number.isInteger(times) || times < 1 || times > MAX_REPEATS)
          this.#fault(`a whole number of times, 1 to ${MAX_REPEATS}`);
        found = { kind: 'repeats', times, of: found };
      } else if (this.#takes('START')) {
        const from = this.#time();
        this.#must('STOP');
        found = { kind: 'during', from, until: this.#time(), of: found };
      } else break;
    }
    return found;
  }

  #any(depth: number): Expression {
    if (depth > MAX_DEPTH) throw new PatternFault('it is nested too deep', this.#next.at);
    const of = [this.#all(depth)];
    while (this.#takes('OR')) of.push(this.#all(depth));
    return of.length === 1 ? of[0] : { kind: 'or', of };
  }

  #all(depth: number): Expression {
    const of = [this.#one(depth)];
    while (this.#takes('AND')) of.push(this.#one(depth));
    return of.length === 1 ? of[0] : { kind: 'and', of };
  }

  #one(depth: number): Expression {
    if (this.#takes('(')) {
      const found = this.#any(depth + 1);
      this.#must(')');
      return found;
    }
    const isNot = this.#takes('NOT');
    if (this.#takes('EXISTS'))
      return { kind: 'compare', path: this.#path(), operator: 'EXISTS', negated: isNot, values: [] };
    const path = this.#path();
    const negated = this.#takes('NOT') !== isNot;
    if (this.#takes('IN')) {
      this.#must('(');
      const values = [this.#literal()];
      while (this.#takes(',')) values.push(this.#literal());
      this.#must(')');
      return { kind: 'compare', path, operator: 'IN', negated, values };
    }
    for (const operator of [...COMPARES, ...WORDS] as Operator[])
      if (this.#takes(operator))
        return { kind: 'compare', path, operator, negated, values: [this.#literal()] };
    return this.#fault('a comparison (=, !=, <, >, IN, LIKE, MATCHES, ISSUBSET, ISSUPERSET)');
  }

  /** `type:member.'quoted member'[*].member`. */
  #path(): string[] {
    const path = [this.#step()];
    this.#must(':');
    path.push(this.#step());
    for (let n = 0; n < MAX_DEPTH; n++) {
      if (this.#takes('.')) path.push(this.#step());
      else if (this.#takes('[')) {
        const { is, text } = this.#next;
        if (is !== 'number' && text !== '*') this.#fault('"*" or a place in the list');
        this.#at++;
        path.push(`[${text}]`);
        this.#must(']');
      } else break;
    }
    return path;
  }

  #step(): string {
    const { is, text } = this.#next;
    if (is !== 'word' && is !== 'text') this.#fault('the name of an object or of a member');
    this.#at++;
    return text;
  }

  #literal(): Literal {
    const { is, text } = this.#next;
    this.#at++;
    if (is === 'text' || is === 'bytes') return { is, value: text };
    if (is === 'number') return { is, value: Number(text) };
    if (is === 'time') return { is, value: Date.parse(text) / 1000 };
    if (is === 'word' && /^(true|false)$/i.test(text)) return { is: 'boolean', value: /^t/i.test(text) };
    this.#at--;
    return this.#fault('a constant');
  }

  #number(): number {
    const { is, text } = this.#next;
    if (is !== 'number') this.#fault('a number');
    this.#at++;
    return Number(text);
  }

  #time(): number {
    const { is, text } = this.#next;
    if (is !== 'time') this.#fault("a time such as t'2026-01-01T00:00:00Z'");
    this.#at++;
    return Date.parse(text) / 1000;
  }
}

/** @throws PatternFault */
export function parsePattern(text: string): Observation {
  if (text.length > MAX_PATTERN) throw new PatternFault('it is too long', MAX_PATTERN);
  return new Reader(text).whole();
}
