// Digests of short texts, as fingerprints need them.
import { hash } from 'node:crypto';

export const md5Hex = (text: string | Uint8Array): string => hash('md5', text, 'hex');
export const sha1Hex = (bytes: Uint8Array): string => hash('sha1', bytes, 'hex');
export const sha256Hex = (text: string): string => hash('sha256', text, 'hex');
