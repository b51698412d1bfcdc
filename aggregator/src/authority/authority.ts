// Bodies and the legal authorities under which their sensors watch: what they are and whether one is in force.
import type { PrivacyClass } from 'yagura-sensor/wire';

export const BODY_KINDS = ['ministry', 'agency', 'municipality', 'infrastructure', 'other'] as const;
export type BodyKind = (typeof BODY_KINDS)[number];

/** An organisation that is watched over. */
export interface Body {
  /** Lower case letters, digits and hyphens. */
  readonly id: string;
  readonly name: { readonly en: string; readonly ja: string };
  readonly kind: BodyKind;
}

/** On what legal basis, over which networks and from when until when a body may be watched. */
export interface Authority {
  readonly id: string;
  readonly body: string;
  /** The article of law. */
  readonly article: string;
  /** The order, agreement or decision that invokes it. */
  readonly instrument: string;
  /** CIDR, IPv4 and IPv6. */
  readonly prefixes: readonly string[];
  /** µs; the first moment inside. */
  readonly valid_from: number;
  /** µs; the first moment outside. */
  readonly valid_until: number;
  /** Privacy classes beyond flow, protocol and name that the instrument names for disclosure. */
  readonly discloses: readonly PrivacyClass[];
}

export type AuthorityStatus = 'valid' | 'lapsed' | 'not_yet' | 'none';

export const inForce = (authority: Authority, at: number): boolean =>
  authority.valid_from <= at && at < authority.valid_until;

/** Of a body's authorities, the one that speaks for it now: in force, else the last to lapse, else the next to begin. */
export function current(authorities: readonly Authority[], at: number): Authority | undefined {
  const valid = authorities.filter((a) => inForce(a, at));
  if (valid.length > 0) return valid.reduce((best, a) => (a.valid_until > best.valid_until ? a : best));
  const lapsed = authorities.filter((a) => a.valid_until <= at);
  if (lapsed.length > 0) return lapsed.reduce((best, a) => (a.valid_until > best.valid_until ? a : best));
  return authorities.length === 0
    ? undefined
    : authorities.reduce((best, a) => (a.valid_from < best.valid_from ? a : best));
}

export function statusOf(authority: Authority | undefined, at: number): AuthorityStatus {
  if (authority === undefined) return 'none';
  if (inForce(authority, at)) return 'valid';
  return authority.valid_until <= at ? 'lapsed' : 'not_yet';
}
