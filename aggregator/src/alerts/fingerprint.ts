// Which group an alert belongs to: a hash of what makes it "the same thing again".
import { hash } from 'node:crypto';
import type { Alert } from 'yagura-sensor/wire';

/** The fields that make the fingerprint, each with its length in front so that no two lists of fields read alike. */
export const fingerprintKey = (body: string, alert: Alert): string =>
  [body, alert.rule.id, alert.src_ip, alert.dest_ip].map((part) => `${part.length}:${part}`).join('');

/** 32 hex digits: first 16 bytes of the key's SHA-256. */
export const fingerprint = (key: string): string => hash('sha256', key).slice(0, 32);
