// What becomes of a STIX pattern: values for the table, a pattern that values lead to, one that is always tried, or none.

import { parsePrefix } from '../prefix.ts';
import { type IndicatorKind, KIND, type Kind } from './kinds.ts';
import { type Comparison, type Expression, type Observation, parsePattern } from './stix-grammar.ts';
import { type Target, targetOf } from './stix-paths.ts';

export interface Value {
  readonly kind: IndicatorKind;
  readonly value: string;
}

export type Plan =
  /** A list of values: any of them is enough. Seconds, where START and STOP say so. */
  | {
      readonly is: 'values';
      readonly values: readonly Value[];
      readonly from?: number;
      readonly until?: number;
    }
  /** More than that. Where none of `values` is met it cannot hold; undefined: it is tried at every event. */
  | { readonly is: 'pattern'; readonly values: readonly Value[] | undefined }
  | { readonly is: 'unseen'; readonly why: string };

/** What is left of an expression when what cannot be seen, and what is always so, is taken out. */
export type Reduced =
  | { readonly is: 'expression'; readonly expression: Expression }
  | { readonly is: 'always' }
  | { readonly is: 'unseen'; readonly why: string };

/** `dst_ref.type = 'ipv4-addr'` says what its value says again. */
const isType = ({ path }: Comparison): boolean => path.at(-1) === 'type' && /_refs?$/.test(path.at(-2) ?? '');

export function reduced(expression: Expression): Reduced {
  if (expression.kind === 'compare') {
    if (isType(expression)) return { is: 'always' };
    const target = targetOf(expression.path);
    return 'unseen' in target ? { is: 'unseen', why: target.unseen } : { is: 'expression', expression };
  }
  const isAnd = expression.kind === 'and';
  const parts = expression.of.map(reduced);
  const unseen = parts.find((part) => part.is === 'unseen');
  if (isAnd && unseen !== undefined) return unseen;
  if (!isAnd && parts.some(({ is }) => is === 'always')) return { is: 'always' };
  const of = parts.flatMap((part) => (part.is === 'expression' ? part.expression : []));
  if (of.length === 0) return unseen ?? { is: 'always' };
  return { is: 'expression', expression: of.length === 1 ? of[0] : { kind: expression.kind, of } };
}

/** @throws PatternFault */
export function planOf(text: string): Plan {
  const whole = parsePattern(text);
  const left = usable(whole);
  if (typeof left === 'string') return { is: 'unseen', why: left };
  const simple = valuesOf(left);
  if (simple !== undefined) return { is: 'values', ...simple };
  const leads = leaves(left).map(({ expression }) => leading(expression));
  const all = leads.every((values) => values !== undefined)
    ? leads.flatMap((values) => values ?? [])
    : undefined;
  return { is: 'pattern', values: all };
}

/** The pattern with expressions reduced, or why it can never hold here. An alternative that cannot be seen is left out. */
export function usable(seen: Observation): Observation | string {
  switch (seen.kind) {
    case 'seen': {
      const left = reduced(seen.expression);
      if (left.is === 'unseen') return left.why;
      if (left.is === 'always') return 'it would hold for everything';
      return { ...seen, expression: left.expression };
    }
    case 'and':
    case 'or':
    case 'then': {
      const parts = seen.of.map(usable);
      const why = parts.find((part) => typeof part === 'string');
      const of = parts.filter((part): part is Observation => typeof part !== 'string');
      if (why !== undefined && (seen.kind !== 'or' || of.length === 0)) return why as string;
      return of.length === 1 ? of[0] : { kind: seen.kind, of };
    }
    default: {
      const of = usable(seen.of);
      return typeof of === 'string' ? of : { ...seen, of };
    }
  }
}

export type Leaf = Extract<Observation, { kind: 'seen' }>;

export function leaves(seen: Observation): Leaf[] {
  if (seen.kind === 'seen') return [seen];
  return 'of' in seen ? [seen.of].flat().flatMap(leaves) : [];
}

interface Values {
  readonly values: readonly Value[];
  readonly from?: number;
  readonly until?: number;
}

function valuesOf(seen: Observation): Values | undefined {
  if (seen.kind === 'during') {
    const inner = seen.of.kind === 'during' ? undefined : valuesOf(seen.of);
    return inner && { ...inner, from: seen.from, until: seen.until };
  }
  if (seen.kind === 'or') {
    const parts = seen.of.map((part) => (part.kind === 'during' ? undefined : valuesOf(part)));
    return parts.every((part) => part !== undefined)
      ? { values: parts.flatMap(({ values }) => values) }
      : undefined;
  }
  if (seen.kind !== 'seen') return undefined;
  const values = listed(seen.expression, true);
  return values && { values };
}

/** Values any of which must be met where the expression holds; the fewest that there are. */
const leading = (expression: Expression): readonly Value[] | undefined => listed(expression, false);

/** @param isWhole the values say all that the expression says, and not only a part of it */
function listed(expression: Expression, isWhole: boolean): readonly Value[] | undefined {
  if (expression.kind === 'compare') return values(expression, isWhole);
  const parts = expression.of.map((part) => listed(part, isWhole));
  if (expression.kind === 'or') return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  if (isWhole) return undefined;
  return parts
    .filter((part) => part !== undefined)
    .reduce<readonly Value[] | undefined>(
      (best, part) => (best === undefined || rank(part) < rank(best) ? part : best),
      undefined,
    );
}

/** Addresses are in every event: what is rarer is asked first. */
const rank = (list: readonly Value[]): number =>
  list.reduce((sum, { kind }) => sum + (kind === 'address' ? 100 : 1), 0);

function values(comparison: Comparison, isWhole: boolean): readonly Value[] | undefined {
  const { operator, negated } = comparison;
  const target = targetOf(comparison.path) as Target;
  if (negated || target.kind === undefined) return undefined;
  if (isWhole && !isEverywhere(target)) return undefined;
  if (operator === 'LIKE') return mailDomain(comparison, target);
  if (operator !== '=' && operator !== 'IN' && !(operator === 'ISSUBSET' && target.compared === 'address'))
    return undefined;
  const out: Value[] = [];
  for (const { is, value } of comparison.values) {
    if (is !== 'text') return undefined;
    const isName = target.compared === 'address' && parsePrefix(value.toLowerCase()) === undefined;
    out.push({ kind: isName ? 'domain' : target.kind, value });
  }
  return out;
}

/** `LIKE '%@evil.example'` is all mail of a domain. */
function mailDomain({ values: [literal] }: Comparison, { compared }: Target): readonly Value[] | undefined {
  const found = compared === 'mail' && literal.is === 'text' ? /^%@([^%_]+)$/.exec(literal.value) : null;
  return found === null ? undefined : [{ kind: 'email-domain', value: found[1] }];
}

/** The target is looked at wherever its kind is, not on one side alone. */
function isEverywhere(target: Target): boolean {
  const kind: Kind = KIND[target.kind as IndicatorKind];
  const all = Object.values(kind.fields).flat();
  return target.compared === 'address'
    ? target.fields.includes('src_ip') && target.fields.includes('dest_ip')
    : all.every((field) => target.fields.includes(field));
}
