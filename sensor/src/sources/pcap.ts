// Classic pcap (draft-ietf-opsawg-pcap): a 24-byte file header, then records of a 16-byte header and the frame.
//
//   file    magic(4) major(2) minor(2) zone(4) sigfigs(4) snaplen(4) link(4)
//   record  seconds(4) fraction(4) captured(4) wire(4) frame(captured)
//   The "modified" format (magic a1b2cd34) has 8 more bytes in each record header: index, protocol, type, padding.
import { u32, u32le } from '../bytes/read.ts';
import { SensorError } from '../errors.ts';
import { type CaptureFormat, type CaptureReader, MAX_RECORD_BYTES } from './capture.ts';
import type { FrameBatch } from './source.ts';

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const MODIFIED_RECORD_HEADER = 24;

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const MODIFIED = 0xa1b2cd34;

const isMagic = (n: number): boolean => n === MICROSECONDS || n === NANOSECONDS || n === MODIFIED;

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
      if (end - at < FILE_HEADER) return 0;
      this.#start(bytes, at);
      at += FILE_HEADER;
    }
    const header = this.#recordHeader;
    const little = this.#swapped;
    let n = batch.count;
    // Ends: every turn takes at least the header, and the batch has a capacity.
    while (n < batch.capacity && end - at >= header) {
      const captured = little ? u32le(bytes, at + 8) : u32(bytes, at + 8);
      if (captured > MAX_RECORD_BYTES - header) {
        if (n > 0) break;
        throw new SensorError(
          'capture_corrupt',
          `${this.#name}: record at byte ${this.#taken + at - from} claims more bytes than any frame has`,
        );
      }
      if (end - at - header < captured) break;
      const seconds = little ? u32le(bytes, at) : u32(bytes, at);
      const fraction = little ? u32le(bytes, at + 4) : u32(bytes, at + 4);
      batch.start[n] = at + header;
      batch.captured[n] = captured;
      batch.wire[n] = little ? u32le(bytes, at + 12) : u32(bytes, at + 12);
      batch.time[n] = seconds * 1e6 + (this.#nanoseconds ? Math.floor(fraction / 1000) : fraction);
      batch.link[n] = this.#link;
      n++;
      at += header + captured;
    }
    batch.count = n;
    this.#taken += at - from;
    return at - from;
  }

  #start(bytes: Uint8Array, at: number): void {
    this.#swapped = !isMagic(u32(bytes, at));
    const magic = this.#swapped ? u32le(bytes, at) : u32(bytes, at);
    this.#nanoseconds = magic === NANOSECONDS;
    this.#recordHeader = magic === MODIFIED ? MODIFIED_RECORD_HEADER : RECORD_HEADER;
    // The upper bits hold the length of a frame check sequence; the link type is in the lower 16.
    this.#link = (this.#swapped ? u32le(bytes, at + 20) : u32(bytes, at + 20)) & 0xffff;
    this.#started = true;
  }
}

export const pcap = {
  name: 'pcap',
  recognises: (head) => isMagic(u32(head, 0)) || isMagic(u32le(head, 0)),
  open: (name) => new PcapReader(name),
} as const satisfies CaptureFormat;
