// One-time secrets (enrolment tokens, log-in links) and session cookies: made at random, kept only as hashes.
import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits as 43 characters of base64url. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is stored instead of the secret: a lookup by it takes the same time whatever was guessed. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** An enrolment token as the store keeps it. */
export interface Token {
  readonly hash: string;
  readonly body: string;
  readonly sensor: string;
  /** µs. */
  readonly until: number;
  /** µs; null while unused. */
  readonly used: number | null;
}

/** A log-in link as the store keeps it. */
export interface LoginLink {
  readonly hash: string;
  readonly name: string;
  readonly until: number;
  readonly used: number | null;
}

export interface Session {
  readonly hash: string;
  readonly name: string;
  readonly role: string;
  readonly until: number;
}
