// One rule of Suricata as it is written: what it does, whose packets it is about, and its options in their order.
import { invalid } from './fault.ts';

export interface Option {
  readonly name: string;
  /** As it stands behind the colon, without blanks around it; undefined without a colon. */
  readonly value: string | undefined;
  /** Characters of the rule that the name and the value begin at. */
  readonly at: number;
  readonly valueAt: number;
}

export interface Signature {
  readonly action: string;
  readonly protocol: string;
  /** Where in the state of a transaction it looks (`http1:request_complete`); undefined nearly always. */
  readonly hook: string | undefined;
  readonly source: Word;
  readonly sourcePorts: Word;
  readonly direction: '->' | '<>' | '=>';
  readonly destination: Word;
  readonly destinationPorts: Word;
  readonly options: readonly Option[];
  readonly text: string;
}

/** A word of the header, and where it begins. */
export interface Word {
  readonly text: string;
  readonly at: number;
}

export const MAX_RULE = 65_536;
const MAX_OPTIONS = 1_000;
const isBlank = (c: string): boolean => c === ' ' || c === '\t';

/** @throws RuleFault */
export function parseSignature(text: string): Signature {
  if (text.length > MAX_RULE) throw invalid('', `a rule is at most ${MAX_RULE} characters long`, MAX_RULE);
  let at = 0;
  const blanks = (): void => {
    while (at < text.length && isBlank(text[at])) at++;
  };
  /** Up to the next blank outside of brackets. */
  const word = (what: string): Word => {
    blanks();
    const from = at;
    let depth = 0;
    for (; at < text.length; at++) {
      const c = text[at];
      if (c === '[') depth++;
      else if (c === ']') {
        if (--depth < 0) throw invalid('', `a "]" without its "[" in ${what}`, at);
      } else if (depth === 0 && (isBlank(c) || c === '(')) break;
    }
    if (depth > 0) throw invalid('', `a "[" without its "]" in ${what}`, from);
    if (from === at) throw invalid('', `${what} is missing`, from);
    return { text: text.slice(from, at), at: from };
  };
  const action = word('the action');
  const protocol = word('the protocol');
  const colon = protocol.text.indexOf(':');
  const source = word('the source');
  const sourcePorts = word('the source port');
  const direction = word('the direction');
  if (direction.text !== '->' && direction.text !== '<>' && direction.text !== '=>')
    throw invalid('', `"${direction.text}" is no direction: write ->, <> or =>`, direction.at);
  const destination = word('the destination');
  const destinationPorts = word('the destination port');
  blanks();
  if (text[at] !== '(') throw invalid('', 'options stand in "(" and ")"', at);
  const end = text.trimEnd().length - 1;
  if (text[end] !== ')' || end <= at) throw invalid('', 'the ")" behind the options is missing', text.length);
  return {
    action: action.text,
    protocol: colon < 0 ? protocol.text : protocol.text.slice(0, colon),
    hook: colon < 0 ? undefined : protocol.text.slice(colon + 1),
    source,
    sourcePorts,
    direction: direction.text,
    destination,
    destinationPorts,
    options: optionsOf(text, at + 1, end),
    text,
  };
}

/** `name;` and `name:value;` one behind the other. A semicolon in a value has a backslash before it, in quotes too. */
function optionsOf(text: string, from: number, end: number): Option[] {
  const options: Option[] = [];
  let at = from;
  for (;;) {
    while (at < end && isBlank(text[at])) at++;
    if (at >= end) break;
    if (options.length === MAX_OPTIONS) throw invalid('', `more than ${MAX_OPTIONS} options`, at);
    const start = at;
    while (at < end && text[at] !== ':' && text[at] !== ';') at++;
    const name = text.slice(start, at).trim();
    if (name === '') throw invalid('', 'an option without a name: is there a ";" too many?', start);
    if (at >= end) throw invalid(name, `the ";" behind "${name}" is missing`, end);
    if (text[at] === ';') {
      options.push({ name, value: undefined, at: start, valueAt: at });
      at++;
      continue;
    }
    at++;
    const valueFrom = at;
    while (at < end && !(text[at] === ';' && text[at - 1] !== '\\')) at++;
    if (at >= end) throw invalid(name, `the ";" behind the value of "${name}" is missing`, end);
    const raw = text.slice(valueFrom, at);
    const value = raw.trim();
    options.push({ name, value, at: start, valueAt: valueFrom + raw.length - raw.trimStart().length });
    at++;
  }
  return options;
}

/** A value in quotes, without them. @throws RuleFault when there are none, or one too many stands between */
export function quoted({ name, value = '', valueAt }: Option): string {
  if (value.length < 2 || value[0] !== '"' || !value.endsWith('"'))
    throw invalid(name, `the value of "${name}" stands in quotes`, valueAt);
  return value.slice(1, -1);
}
