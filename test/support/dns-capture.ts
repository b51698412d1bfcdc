// Captures of nothing but DNS questions, made byte by byte.

/** DNS over UDP over IPv4 over Ethernet, from 10.1.x.y to 10.1.0.53. */
function question(name: string, number: number): Buffer {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  const dns = Buffer.from([number >> 8, number, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1]);
  const frame = Buffer.alloc(42 + dns.length);
  frame.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0], 0);
  frame.set(
    [0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 10, 1, 1 + ((number >> 8) & 0x7f), number, 10, 1, 0, 53],
    14,
  );
  frame.writeUInt16BE(28 + dns.length, 16);
  frame.writeUInt16BE(20_000 + (number % 40_000), 34);
  frame.writeUInt16BE(53, 36);
  frame.writeUInt16BE(8 + dns.length, 38);
  frame.set(dns, 42);
  return frame;
}

/** Header of a classic pcap file of Ethernet frames. */
export function captureHeader(): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(1, 20);
  return header;
}

/**
 * Records of a pcap file: the `number`th question follows the one before it by a millisecond.
 * @param names asked for, one a packet
 * @param first number of the first of them
 */
export function questions(names: readonly string[], first = 0): Buffer {
  const start = Date.UTC(2026, 0, 1) * 1000;
  return Buffer.concat(
    names.flatMap((name, index) => {
      const number = first + index;
      const frame = question(name, number);
      const time = start + number * 1000;
      const record = Buffer.alloc(16);
      record.writeUInt32LE(Math.floor(time / 1e6), 0);
      record.writeUInt32LE(time % 1e6, 4);
      record.writeUInt32LE(frame.length, 8);
      record.writeUInt32LE(frame.length, 12);
      return [record, frame];
    }),
  );
}
