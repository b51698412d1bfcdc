// Which addresses belong to a house, when nobody told: those that are never routed on the internet.

/** RFC 1918, RFC 6598 (shared), RFC 3927 (link-local), loopback. */
const PRIVATE4 =
  /^(10|127|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;
/** RFC 4193 (unique local), RFC 4291 (link-local). */
const PRIVATE6 = /^(f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/;

/** @param address in the text form of RFC 5952 */
export function isPrivate(address: string): boolean {
  const first = address.charCodeAt(0);
  if (first === 0x31) return PRIVATE4.test(address);
  return first === 0x66 ? PRIVATE6.test(address) : address === '::1';
}
