// Frames with their times, and classic pcap files made of them, in every byte order and resolution there is.
import { be16, be32, octets } from './octets.ts';

export interface Frame {
  /** µs since 1970. */
  readonly time: number;
  readonly bytes: Uint8Array;
  /** Bytes on the wire, when more than were captured. */
  readonly wire?: number;
}

/** Noon of a quiet day, µs. */
export const NOON = Date.UTC(2026, 0, 5, 12) * 1000;

export const MAGIC = {
  microseconds: 0xa1b2c3d4,
  nanoseconds: 0xa1b23c4d,
  modified: 0xa1b2cd34,
  ixiaHardware: 0x1c0001ac,
  ixiaSoftware: 0x1c0001ab,
} as const;
/** Bytes that programs put into each record header without a magic of their own. */
export const STRAYS = { nokia: 4, redHat: 8 } as const;

export interface PcapForm {
  readonly magic?: keyof typeof MAGIC;
  readonly order?: 'big' | 'little';
  /** Link type, with the bits of a frame check sequence when there are any. */
  readonly link?: number;
  /** Frames are cut to so many bytes. */
  readonly snaplen?: number;
  readonly stray?: keyof typeof STRAYS;
}

export function pcap(frames: readonly Frame[], form: PcapForm = {}): Uint8Array {
  const { magic = 'microseconds', order = 'little', link = 1, snaplen = 262_144 } = form;
  const ordered = (bytes: number[]) => (order === 'big' ? bytes : bytes.toReversed());
  const u16 = (n: number) => ordered(be16(n));
  const u32 = (n: number) => ordered(be32(n));
  const parts: (Uint8Array | number[])[] = [
    u32(MAGIC[magic]),
    u16(2),
    u16(4),
    u32(0),
    u32(0),
    u32(snaplen),
    u32(link),
    ...(magic.startsWith('ixia') ? [u32(0)] : []),
  ];
  for (const { time, bytes, wire = bytes.length } of frames) {
    const seconds = Math.floor(time / 1e6);
    const fraction = time - seconds * 1e6;
    const captured = Math.min(bytes.length, snaplen);
    parts.push(
      u32(seconds),
      u32(Math.round(magic === 'nanoseconds' ? fraction * 1000 : fraction)),
      u32(captured),
      u32(wire),
      ...(magic === 'modified' ? [u32(7), u16(0), [0, 0]] : []),
      new Uint8Array(form.stray === undefined ? 0 : STRAYS[form.stray]),
      bytes.subarray(0, captured),
    );
  }
  return octets(...parts);
}

/** Puts frames of several conversations into the order of their times. */
export const inOrder = (...lists: readonly (readonly Frame[])[]): Frame[] =>
  lists.flat().sort((a, b) => a.time - b.time);
