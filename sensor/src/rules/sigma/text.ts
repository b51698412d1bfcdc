// Sigma's strings: `*` and `?` are wildcards, a backslash takes that meaning away, and case does not count.

/** Literal pieces and wildcards in their order. */
export type Piece = string | typeof ANY | typeof ONE | typeof DASH;
export const ANY = Symbol('*');
export const ONE = Symbol('?');
/** Any of the dashes that open an option on a Windows command line. */
export const DASH = Symbol('dash');
const DASHES = '-/\u2013\u2014\u2015';

export type Pattern = readonly Piece[];
export type TextTest = (text: string) => boolean;

/** `\*`, `\?` and `\\` mean the character; a backslash before anything else means itself. */
export function parseText(text: string): Pattern {
  const pieces: Piece[] = [];
  let literal = '';
  const flush = () => {
    if (literal !== '') pieces.push(literal);
    literal = '';
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    const next = text[i + 1];
    if (c === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      i++;
    } else if (c === '*' || c === '?') {
      flush();
      if (c === '?') pieces.push(ONE);
      else if (pieces.at(-1) !== ANY) pieces.push(ANY);
    } else literal += c;
  }
  flush();
  return pieces;
}

/** The literal text of a pattern without wildcards; undefined when it has some. */
export function literalOf(pattern: Pattern): string | undefined {
  if (pattern.length === 0) return '';
  return pattern.length === 1 && typeof pattern[0] === 'string' ? pattern[0] : undefined;
}

export const prepended = (pattern: Pattern): Pattern => (pattern[0] === ANY ? pattern : [ANY, ...pattern]);
export const appended = (pattern: Pattern): Pattern => (pattern.at(-1) === ANY ? pattern : [...pattern, ANY]);
export const mapLiterals = (pattern: Pattern, change: (text: string) => string): Pattern =>
  pattern.map((piece) => (typeof piece === 'string' ? change(piece) : piece));

/** Each dash that could open an option, whichever it is, as any of them. */
export const dashed = (pattern: Pattern): Pattern =>
  pattern.flatMap((piece): Piece[] => {
    if (typeof piece !== 'string') return [piece];
    const pieces: Piece[] = [];
    let from = 0;
    for (let i = 0; i < piece.length; i++) {
      if (!DASHES.includes(piece[i]) || isWord(piece[i - 1]) || !isWord(piece[i + 1])) continue;
      if (i > from) pieces.push(piece.slice(from, i));
      pieces.push(DASH);
      from = i + 1;
    }
    if (from < piece.length) pieces.push(piece.slice(from));
    return pieces;
  });
const isWord = (c: string | undefined): boolean => c !== undefined && /\w/.test(c);

/** A literal that must stand in every text that the pattern matches: the longest; undefined when there is none. */
export function mustStand(pattern: Pattern): { text: string; where?: 'whole' | 'end' } | undefined {
  const whole = literalOf(pattern);
  if (whole !== undefined) return whole === '' ? undefined : { text: whole, where: 'whole' };
  let longest = '';
  let at = -1;
  for (const [i, piece] of pattern.entries())
    if (typeof piece === 'string' && piece.length >= longest.length) [longest, at] = [piece, i];
  if (longest === '') return undefined;
  return { text: longest, ...(at === pattern.length - 1 && { where: 'end' as const }) };
}

/** Matches whole texts. Time is bounded by text length × pattern length. */
export function compileText(pattern: Pattern): TextTest {
  const whole = literalOf(pattern);
  if (whole !== undefined) return (text) => text === whole;
  const [first, second, third] = pattern;
  if (first === ANY && pattern.length === 1) return () => true;
  if (pattern.length === 2 && first === ANY && typeof second === 'string')
    return (text) => text.endsWith(second);
  if (pattern.length === 2 && second === ANY && typeof first === 'string')
    return (text) => text.startsWith(first);
  if (pattern.length === 3 && first === ANY && third === ANY && typeof second === 'string')
    return (text) => text.includes(second);
  return (text) => glob(pattern, text);
}

/** Greedy match that steps back only to the last `*`. */
function glob(pattern: Pattern, text: string): boolean {
  let piece = 0;
  let at = 0;
  let star = -1;
  let mark = 0;
  for (;;) {
    const p = pattern[piece];
    if (p === ANY) {
      star = piece++;
      mark = at;
    } else if ((p === ONE && at < text.length) || (p === DASH && DASHES.includes(text[at] ?? '.'))) {
      piece++;
      at++;
    } else if (typeof p === 'string' && text.startsWith(p, at)) {
      piece++;
      at += p.length;
    } else if (piece === pattern.length && at === text.length) return true;
    else if (star >= 0 && mark < text.length) {
      piece = star + 1;
      at = ++mark;
    } else return false;
  }
}
