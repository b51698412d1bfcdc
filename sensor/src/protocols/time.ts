// Packet time as text: RFC 3339, UTC, six digits of fraction.

let second = Number.NaN;
let prefix = '';

/** @param µs since 1970; a value outside the years 1970–9999 is clamped */
export function formatTime(us: number): string {
  const clamped = us >= 0 && us < 253_402_300_800e6 ? us : 0;
  const s = Math.floor(clamped / 1e6);
  if (s !== second) {
    second = s;
    prefix = new Date(s * 1000).toISOString().substring(0, 20);
  }
  const fraction = Math.floor(clamped - s * 1e6);
  return prefix + String(1_000_000 + fraction).substring(1) + 'Z';
}
