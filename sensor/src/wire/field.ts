// The closed schema's vocabulary: what a field is, how private it is, and which profile lets it leave the sensor.

/**
 * How private a field is. Every field of every event has exactly one class.
 * `flow` addresses, ports, counts, times · `protocol` versions, ciphers, codes, fingerprints ·
 * `name` DNS names, SNI, HTTP host, certificate subjects · `identifier` user names, mail addresses, machine names ·
 * `content` URL path and query, file names, mail subjects, TXT data.
 */
export const PRIVACY_CLASSES = ['flow', 'protocol', 'name', 'identifier', 'content'] as const;
export type PrivacyClass = (typeof PRIVACY_CLASSES)[number];

/** Which classes leave the sensor in clear. `strict` is the default; `lawful-order` needs an authority that names it. */
export const PROFILES = {
  strict: ['flow', 'protocol', 'name'],
  standard: ['flow', 'protocol', 'name'],
  'lawful-order': ['flow', 'protocol', 'name', 'identifier', 'content'],
} as const satisfies Record<string, readonly PrivacyClass[]>;
export type Profile = keyof typeof PROFILES;

export const isProfile = (text: string): text is Profile => Object.hasOwn(PROFILES, text);

/** True when a field of this class may leave the sensor in clear under this profile. */
export const leaves = (profile: Profile, fieldClass: PrivacyClass): boolean =>
  (PROFILES[profile] as readonly PrivacyClass[]).includes(fieldClass);

export type Scalar = string | number | boolean;

/** What one field is. `name` is the EVE path; `[]` marks a list on the way (`dns.answers[].rdata`). */
export interface FieldSpec {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'address' | 'time';
  readonly class: PrivacyClass;
  /** Other names that rules may use: Zeek log columns (`zeek.dns.query`) and Sigma taxonomy words. */
  readonly aliases?: readonly string[];
  /** One sentence. */
  readonly about: string;
}
