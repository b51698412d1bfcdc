// Expressions of Perl's kind, as far as they run in linear time: written for our engine, or refused by what they need more.
import { RegexFault } from '../regex/parse.ts';
import { compileRegex, type Search } from '../regex/run.ts';
import { invalid, unsupported } from './fault.ts';
import type { Option } from './signature.ts';

export interface ParsedPcre {
  readonly negated: boolean;
  readonly relative: boolean;
  /** The buffer that a letter behind the expression names, as old rules have it. */
  readonly buffer: string | undefined;
  /** It stores what it found: a value for other keywords. */
  readonly captures: boolean;
  readonly search: Search;
}

/** Letters of Suricata's own, for the buffer that is meant. */
const BUFFERS: Readonly<Record<string, string>> = {
  U: 'http.uri',
  I: 'http.uri.raw',
  P: 'http.request_body',
  Q: 'http.response_body',
  H: 'http.header',
  D: 'http.header.raw',
  M: 'http.method',
  C: 'http.cookie',
  S: 'http.stat_code',
  Y: 'http.stat_msg',
  V: 'http.user_agent',
  W: 'http.host',
  Z: 'http.host.raw',
};

const CAN_NOT: readonly (readonly [RegExp, string])[] = [
  [/^\(\?<?[=!]/, 'look-around'],
  [/^\(\?>/, 'an atomic group'],
  [/^\(\?(R|[0-9]|&|P>)/, 'recursion'],
  [/^\(\?\(/, 'a condition'],
  [/^\(\*/, 'a verb'],
];

/** What an escape is in our engine's words; inside of brackets without the outer ones. */
const CLASSES: Readonly<Record<string, string>> = { h: ' \\t', v: '\\n\\x0b\\f\\r', N: '' };

/** @param known those of other rules: thousands have the same one @throws RuleFault */
export function parsePcre(option: Option, known: Map<string, ParsedPcre>): ParsedPcre {
  const same = known.get(option.value ?? '');
  if (same !== undefined) return same;
  const parsed = parse(option);
  known.set(option.value ?? '', parsed);
  return parsed;
}

function parse(option: Option): ParsedPcre {
  const { name, valueAt } = option;
  let value = option.value ?? '';
  const negated = value.startsWith('!');
  if (negated) value = value.slice(1).trimStart();
  if (value.length < 2 || value[0] !== '"' || !value.endsWith('"'))
    throw invalid(name, 'an expression stands in quotes', valueAt);
  const body = value.slice(1, -1);
  const found = /^([/m])/.exec(body);
  const end = body.lastIndexOf('/');
  if (found === null || body[0] !== '/' || end < 1)
    throw invalid(name, 'an expression stands between two "/"', valueAt);
  const letters = body
    .slice(end + 1)
    .split(',', 1)[0]
    .trim();
  const flags = { ignoreCase: false, multiline: false, dotAll: false };
  let isAnchored = false;
  let isExtended = false;
  let relative = false;
  let buffer: string | undefined;
  for (const letter of letters) {
    if (letter === 'i') flags.ignoreCase = true;
    else if (letter === 'm') flags.multiline = true;
    else if (letter === 's') flags.dotAll = true;
    else if (letter === 'A') isAnchored = true;
    else if (letter === 'x') isExtended = true;
    else if (letter === 'R') relative = true;
    else if (BUFFERS[letter] !== undefined) {
      if (buffer !== undefined && buffer !== BUFFERS[letter])
        throw invalid(name, `"${letters}" names two buffers`, valueAt);
      buffer = BUFFERS[letter];
    } else if (!'EGBO'.includes(letter))
      throw invalid(name, `"${letter}" means nothing behind an expression`, valueAt);
  }
  const source = body.slice(1, end);
  let text = written(source, isExtended, valueAt);
  if (isAnchored && !text.startsWith('^')) text = `^(?:${text})`;
  try {
    return {
      negated,
      relative,
      buffer,
      captures: body.slice(end + 1).includes(','),
      search: compileRegex(text, flags),
    };
  } catch (fault) {
    if (!(fault instanceof RegexFault)) throw fault;
    throw unsupported(name, `the expression does not run in linear time here: ${fault.message}`, valueAt);
  }
}

/** The same expression in the words that our engine has. @throws RuleFault naming what it has not */
function written(source: string, isExtended: boolean, at: number): string {
  let out = '';
  let inBrackets = false;
  let groups = 0;
  for (let i = 0; i < source.length; i++) {
    const c = source[i];
    const rest = source.slice(i, i + 40);
    if (c === '\\') {
      const next = source[++i];
      if (next === undefined) throw invalid('pcre', 'a backslash at the end of an expression', at + i);
      if (/[1-9]/.test(next) && !inBrackets && Number(next) <= groups)
        throw unsupported(
          'pcre',
          'the expression has a back reference, which does not run in linear time',
          at + i,
        );
      if (/[gkKGXCRpP]/.test(next) && !inBrackets)
        throw unsupported('pcre', `the expression uses \\${next}, which our engine has not`, at + i);
      const octal = /^\\([0-7]{2,3})/.exec(rest);
      if (octal !== null) {
        out += `\\x${(Number.parseInt(octal[1], 8) & 255).toString(16).padStart(2, '0')}`;
        i += octal[1].length - 1;
      } else if (next === 'x') {
        const hex = /^\\x(?:\{([0-9a-fA-F]{1,4})\}|([0-9a-fA-F]{1,2}))/.exec(rest);
        if (hex === null) throw invalid('pcre', '\\x without its digits', at + i);
        out += `\\x${(hex[1] ?? hex[2]).padStart(2, '0').slice(-2)}`;
        i += hex[0].length - 2;
      } else if (next === 'A') out += '^';
      else if (next === 'z' || next === 'Z') out += '$';
      else if (next === 'e') out += '\\x1b';
      else if (next === 'a') out += '\\x07';
      else if (CLASSES[next]) out += inBrackets ? CLASSES[next] : `[${CLASSES[next]}]`;
      else if (/[a-zA-Z0-9]/.test(next)) out += `\\${next}`;
      else out += escapedSign(next);
    } else if (inBrackets) {
      const named = /^\[:(\^?)(\w+):\]/.exec(rest);
      if (named !== null) {
        out += posix(named[1], named[2], at + i);
        i += named[0].length - 1;
      } else {
        if (c === ']') inBrackets = false;
        out += c === '[' ? '\\[' : c;
      }
    } else if (c === '[') {
      inBrackets = true;
      out += c;
      // A bracket that stands first is meant as itself.
      if (source[i + 1] === '^') out += source[++i];
      if (source[i + 1] === ']') {
        out += '\\]';
        i++;
      }
    } else if (c === '(') {
      const wrong = CAN_NOT.find(([pattern]) => pattern.test(rest));
      if (wrong !== undefined)
        throw unsupported(
          'pcre',
          `the expression has ${wrong[1]}, which does not run in linear time`,
          at + i,
        );
      const named = /^\((\?P?<[A-Za-z_]\w*>|\?'[A-Za-z_]\w*')/.exec(rest);
      const flagged = /^\(\?([ims]+)(-[ims]+)?([:)])/.exec(rest);
      if (named !== null) i += named[0].length - 1;
      else if (/^\(\?#/.test(rest)) {
        i = source.indexOf(')', i);
        if (i < 0) throw invalid('pcre', 'a comment without its end', at);
        continue;
      } else if (flagged !== null && !(i === 0 && flagged[2] === undefined && flagged[3] === ')'))
        throw unsupported('pcre', 'the expression changes its flags in the middle', at + i);
      else if (rest.startsWith('(?') && !rest.startsWith('(?:') && flagged === null)
        throw unsupported(
          'pcre',
          `the expression uses "${rest.slice(0, 3)}", which our engine has not`,
          at + i,
        );
      if (!rest.startsWith('(?')) groups++;
      out += '(';
      if (named !== null) groups++;
    } else if (isExtended && /\s/.test(c)) continue;
    else if (/^[*+?}]\+/.test(rest)) {
      // What is taken and not given back finds the same or less; our engine has no way to say so.
      throw unsupported('pcre', 'the expression has a possessive repetition', at + i);
    } else out += c.charCodeAt(0) < 0x80 ? c : Buffer.from(c, 'utf8').toString('latin1');
  }
  return out;
}

const escapedSign = (sign: string): string => ('.^$*+?{}[]|()\\-'.includes(sign) ? `\\${sign}` : sign);

const POSIX: Readonly<Record<string, string>> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  xdigit: '0-9a-fA-F',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  print: ' -~',
  graph: '!-~',
  cntrl: '\\x00-\\x1f\\x7f',
  word: '\\w',
};

function posix(not: string, name: string, at: number): string {
  const set = POSIX[name];
  if (set === undefined) throw invalid('pcre', `there is no class [:${name}:]`, at);
  if (not !== '') throw unsupported('pcre', `the expression uses [:^${name}:]`, at);
  return set;
}
