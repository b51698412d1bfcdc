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

/** Which classes leave as a keyed hash instead: equal values can be joined, and not read. */
const HASHED: Readonly<Record<Profile, readonly PrivacyClass[]>> = {
  strict: [],
  standard: ['identifier'],
  'lawful-order': [],
};

/** A keyed hash in the place of a value: the key's own mark (8 digits), then HMAC-SHA-256 cut to 128 bits. */
export const HASH_PATTERN = '^hmac:[0-9a-f]{8}:[0-9a-f]{32}$';
const IS_HASH = new RegExp(HASH_PATTERN);
export const isHash = (value: unknown): boolean => typeof value === 'string' && IS_HASH.test(value);

export const isProfile = (text: string): text is Profile => Object.hasOwn(PROFILES, text);

/** How a field of a class leaves under a profile. */
export type Treatment = 'clear' | 'hashed' | 'withheld';

export const treatment = (profile: Profile, fieldClass: PrivacyClass): Treatment =>
  leaves(profile, fieldClass) ? 'clear' : HASHED[profile].includes(fieldClass) ? 'hashed' : 'withheld';

/** True when a field of this class may leave the sensor in clear under this profile. */
export const leaves = (profile: Profile, fieldClass: PrivacyClass): boolean =>
  (PROFILES[profile] as readonly PrivacyClass[]).includes(fieldClass);

/** Facts that a detector counted itself, beside the fields of the event: class `flow`, so numbers or few words. */
export const FACT_PATTERN = '^yagura\\.[a-z0-9_]{1,64}$';
/** Longest text of such a fact. */
export const MAX_FACT_TEXT = 128;

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
  /** See `isFreeText`, for a field whose name does not say it. */
  readonly isFree?: true;
}

/** How fields are called in which a peer names its program, or says something, as it likes. */
const FREE_NAME =
  /[._](user_agent|server|banner|software(_version)?|server_version|http_content_type|http_method|content_type|vendor_class\w*|application_name|client_attributes\[\]\.value|connect_info|response_line|reason|terminal|product\w*|greeting|description)$/;

/**
 * True for a `protocol` field that holds whatever the peer wrote. Where identifiers do not leave in clear it is cut
 * short, and what looks like a person's address or a secret in it is left out.
 */
export const isFreeText = (field: FieldSpec): boolean =>
  field.isFree === true ||
  (field.class === 'protocol' && field.type === 'string' && FREE_NAME.test(field.name));
