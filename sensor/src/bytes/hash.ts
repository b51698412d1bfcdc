// Digests of short texts, as fingerprints need them.
import { hash } from 'node:crypto';

export const md5Hex = (text: string | Uint8Array): string => hash('md5', text, 'hex');
export const sha1Of = (bytes: Uint8Array): Uint8Array => hash('sha1', bytes, 'buffer');
export const sha256Of = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');
export const sha256Hex = (text: string): string => hash('sha256', text, 'hex');
