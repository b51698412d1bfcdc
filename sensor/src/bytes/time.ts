// Packet time as text: RFC 3339, UTC, six digits of fraction.

const DAY = 86_400;
const TWO: readonly string[] = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
const THREE: readonly string[] = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'));

let day = Number.NaN;
/** `YYYY-MM-DDT` of that day. */
let date = '';
let minute = Number.NaN;
/** The date and `HH:MM:` of that minute. */
let prefix = '';

/** @param us since 1970; a value outside the years 1970–9999 becomes 1970-01-01T00:00:00 */
export function formatTime(us: number): string {
  const clamped = us >= 0 && us < 253_402_300_800e6 ? us : 0;
  const s = Math.floor(clamped / 1e6);
  const m = Math.floor(s / 60);
  if (m !== minute) {
    minute = m;
    const d = Math.floor(s / DAY);
    if (d !== day) {
      day = d;
      date = new Date(s * 1000).toISOString().substring(0, 11);
    }
    const ofDay = m - d * 1440;
    prefix = `${date}${TWO[Math.floor(ofDay / 60)]}:${TWO[ofDay % 60]}:`;
  }
  const fraction = Math.floor(clamped - s * 1e6);
  const thousands = Math.floor(fraction / 1000);
  return `${prefix}${TWO[s - m * 60]}.${THREE[thousands]}${THREE[fraction - thousands * 1000]}Z`;
}
