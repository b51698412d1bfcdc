// Classic pcap (draft-ietf-opsawg-pcap): a 24-byte file header, then records of a 16-byte header and the frame.
//
//   file    magic(4) major(2) minor(2) zone(4) sigfigs(4) snaplen(4) link(4)
//   record  seconds(4) fraction(4) captured(4) wire(4) frame(captured)
//   The "modified" format (magic a1b2cd34) has 8 more bytes in each record header: index, protocol, type, padding.
//   Ixia's testers (magics 1c0001ab, 1c0001ac) put 4 more bytes, a total length, behind the file header.
//   Three programs changed the record header and left the magic: Nokia's has 20 bytes, that of Red Hat 6.1 has 24, and
//   SuSE 6.3's modified one 28. They show in that the ordinary length leads to a second record that cannot be.
import { u32, u32le, viewOf } from '../bytes/read.ts';
import { SensorError } from '../errors.ts';
import { type CaptureFormat, type CaptureReader, MAX_RECORD_BYTES } from './capture.ts';
import type { FrameBatch } from './source.ts';

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const MODIFIED_RECORD_HEADER = 24;
const IXIA_FILE_HEADER = 28;
/** Other lengths of a record header under the same magic. */
const STRAYS = [20, 24] as const;
const MODIFIED_STRAYS = [28] as const;

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const MODIFIED = 0xa1b2cd34;
const IXIA_HARDWARE = 0x1c0001ac;
const IXIA_SOFTWARE = 0x1c0001ab;

const isIxia = (n: number): boolean => n === IXIA_HARDWARE || n === IXIA_SOFTWARE;
const isMagic = (n: number): boolean =>
  n === MICROSECONDS || n === NANOSECONDS || n === MODIFIED || isIxia(n);

class PcapReader implements CaptureReader {
  readonly #name: string;
  #started = false;
  #swapped = false;
  #nanoseconds = false;
  #recordHeader = RECORD_HEADER;
  #link = 0;
  #taken = 0;

  constructor(name: string) {
    this.#name = name;
  }

  walk(bytes: Uint8Array, from: number, end: number, batch: FrameBatch): number {
    let at = from;
    if (!this.#started) {
      if (end - at < IXIA_FILE_HEADER && (end - at < FILE_HEADER || this.#isIxia(bytes, at))) return 0;
      at += this.#start(bytes, at, end);
    }
    const header = this.#recordHeader;
    const little = this.#swapped;
    const link = this.#link;
    const fractions = this.#nanoseconds ? 1000 : 1;
    const view = viewOf(bytes);
    const { capacity, start, captured: lengths, wire, time, link: links } = batch;
    let n = batch.count;
    // Ends: every turn takes at least the header, and the batch has a capacity.
    while (n < capacity && end - at >= header) {
      const captured = view.getUint32(at + 8, little);
      if (captured > MAX_RECORD_BYTES - header) {
        if (n > 0) break;
        throw new SensorError(
          'capture_corrupt',
          `${this.#name}: record at byte ${this.#taken + at - from} claims more bytes than any frame has`,
        );
      }
      if (end - at - header < captured) break;
      start[n] = at + header;
      lengths[n] = captured;
      wire[n] = view.getUint32(at + 12, little);
      time[n] = view.getUint32(at, little) * 1e6 + Math.floor(view.getUint32(at + 4, little) / fractions);
      links[n] = link;
      n++;
      at += header + captured;
    }
    batch.count = n;
    this.#taken += at - from;
    return at - from;
  }

  #isIxia(bytes: Uint8Array, at: number): boolean {
    return isIxia(u32(bytes, at)) || isIxia(u32le(bytes, at));
  }

  /** @returns bytes of the file header */
  #start(bytes: Uint8Array, at: number, end: number): number {
    this.#swapped = !isMagic(u32(bytes, at));
    const magic = this.#u32(bytes, at);
    this.#nanoseconds = magic === NANOSECONDS;
    // The upper bits hold the length of a frame check sequence; the link type is in the lower 16.
    this.#link = this.#u32(bytes, at + 20) & 0xffff;
    const length = isIxia(magic) ? IXIA_FILE_HEADER : FILE_HEADER;
    const usual = magic === MODIFIED ? MODIFIED_RECORD_HEADER : RECORD_HEADER;
    const strays = magic === MODIFIED ? MODIFIED_STRAYS : STRAYS;
    this.#recordHeader = this.#leadsOn(bytes, at + length, end, usual)
      ? usual
      : (strays.find((header) => this.#leadsOn(bytes, at + length, end, header, true)) ?? usual);
    this.#started = true;
    return length;
  }

  /** True when behind a first record with this length of header a second one could begin. @param surely it must be there */
  #leadsOn(bytes: Uint8Array, at: number, end: number, header: number, surely = false): boolean {
    if (end - at < header || !this.#isRecord(bytes, at)) return !surely;
    const next = at + header + this.#u32(bytes, at + 8);
    return end - next < header ? !surely && end <= next : this.#isRecord(bytes, next);
  }

  #isRecord(bytes: Uint8Array, at: number): boolean {
    const captured = this.#u32(bytes, at + 8);
    const fraction = this.#u32(bytes, at + 4);
    return (
      captured <= MAX_RECORD_BYTES &&
      captured <= this.#u32(bytes, at + 12) &&
      fraction < (this.#nanoseconds ? 1e9 : 1e6)
    );
  }

  #u32(bytes: Uint8Array, at: number): number {
    return this.#swapped ? u32le(bytes, at) : u32(bytes, at);
  }
}

export const pcap = {
  name: 'pcap',
  recognises: (head) => isMagic(u32(head, 0)) || isMagic(u32le(head, 0)),
  open: (name) => new PcapReader(name),
} as const satisfies CaptureFormat;
