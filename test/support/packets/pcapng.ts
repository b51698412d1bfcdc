// pcapng files made of frames, in every byte order, resolution and kind of packet block.
import type { Frame } from './capture.ts';
import { be16, be32, octets } from './octets.ts';

export interface PcapngForm {
  readonly order?: 'big' | 'little';
  /** if_tsresol: n for 10^-n s, 0x80 | n for 2^-n s; left out, the default of 10^-6. */
  readonly resolution?: number;
  /** if_tsoffset, seconds. */
  readonly offset?: number;
  readonly packets?: 'enhanced' | 'obsolete';
}

export function pcapng(frames: readonly Frame[], form: PcapngForm = {}): Uint8Array {
  const { order = 'little', resolution, offset, packets = 'enhanced' } = form;
  const ordered = (bytes: number[]) => (order === 'big' ? bytes : bytes.toReversed());
  const u16 = (n: number) => ordered(be16(n));
  const u32 = (n: number) => ordered(be32(n));
  const u64 = (n: bigint) =>
    ordered([...be32(Number((n >> 32n) & 0xffffffffn)), ...be32(Number(n & 0xffffffffn))]);
  const padded = (bytes: Uint8Array | number[]) => [...bytes, ...Array<number>(-bytes.length & 3).fill(0)];
  const block = (type: number, ...body: (Uint8Array | number[])[]) => {
    const bytes = octets(...body);
    return octets(u32(type), u32(bytes.length + 12), bytes, u32(bytes.length + 12));
  };
  const option = (code: number, value: number[]) => [...u16(code), ...u16(value.length), ...padded(value)];

  const options = [
    ...option(2, [...Buffer.from('tap0')]),
    ...(resolution === undefined ? [] : option(9, [resolution])),
    ...(offset === undefined ? [] : option(14, u64(BigInt(offset)))),
    ...option(0, []),
  ];
  const units =
    resolution === undefined
      ? 10n ** 6n
      : resolution & 0x80
        ? 1n << BigInt(resolution & 0x7f)
        : 10n ** BigInt(resolution);
  const parts = [
    block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), u64(0xffffffffffffffffn)),
    block(1, u16(1), u16(0), u32(0), options),
    block(0x0bad, [1, 2, 3, 4]), // a type that no reader knows
  ];
  for (const { time, bytes, wire = bytes.length } of frames) {
    const ticks = ((BigInt(time) - BigInt(offset ?? 0) * 1_000_000n) * units) / 1_000_000n;
    const stamp = [...u32(Number(ticks >> 32n)), ...u32(Number(ticks & 0xffffffffn))];
    const head = packets === 'enhanced' ? u32(0) : [...u16(0), ...u16(3)];
    parts.push(
      block(packets === 'enhanced' ? 6 : 2, head, stamp, u32(bytes.length), u32(wire), padded(bytes)),
    );
  }
  parts.push(block(5, u32(0), u32(0), u32(0), [...option(5, u64(12n)), ...option(0, [])]));
  return octets(...parts);
}
