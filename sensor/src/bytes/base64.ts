// Base64 into bytes, for tokens that text protocols carry.

/** The bytes; empty where the text is no Base64. `max` characters are looked at. */
export function base64(text: string, max = 16_384): Uint8Array {
  return text.length > max ? new Uint8Array(0) : Buffer.from(text, 'base64');
}
