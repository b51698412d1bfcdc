// Hostile traffic as classic pcap, made fast: a frame is built once, copied again and again, and a few bytes are patched
// in place. Checksums are wrong from then on, as those of a flood may be.
import { NOON } from '../support/packets/capture.ts';
import { ethernet, fragments, ip, type TcpHeader, tcp, udp } from '../support/packets/frame.ts';
import { be16, type Octets, octets } from '../support/packets/octets.ts';
import { TUNNELS } from '../support/packets/stacks.ts';
import { gtp, toPort, vxlan } from '../support/packets/wrap.ts';

const CHUNK = 1 << 20;
/** Longest frame with its record header. */
const ROOM = 2048;
const RECORD = 16;
const ETHERNET = 14;
/** Where things stand behind Ethernet and a plain IPv4 header. */
const AT = {
  id: 18,
  source: 26,
  destination: 30,
  ports: 34,
  sequence: 38,
  tcpData: 54,
  udpData: 42,
} as const;

/** Packets a second of packet time: so many that no time-out helps. */
const PACE = 500_000;

/** Chunks of a capture file. The same memory is used again after the next chunk but one: write it out, then ask on. */
export class Tape {
  #chunks = [Buffer.alloc(CHUNK), Buffer.alloc(CHUNK)];
  bytes: Buffer = this.#chunks[0];
  #at = 0;
  #turn = 0;
  packets = 0;

  head(): Buffer {
    const head = Buffer.alloc(24);
    head.writeUInt32LE(0xa1b2c3d4, 0);
    head.writeUInt16LE(2, 4);
    head.writeUInt16LE(4, 6);
    head.writeUInt32LE(262_144, 16);
    head.writeUInt32LE(1, 20);
    return head;
  }

  get full(): boolean {
    return this.#at > CHUNK - ROOM;
  }

  /** Lays a frame down. @returns where it stands in `bytes`, to be patched */
  lay(frame: Uint8Array): number {
    const { bytes } = this;
    const at = this.#at;
    const time = NOON + (this.packets++ * 1e6) / PACE;
    bytes.writeUInt32LE(Math.floor(time / 1e6), at);
    bytes.writeUInt32LE(Math.floor(time % 1e6), at + 4);
    bytes.writeUInt32LE(frame.length, at + 8);
    bytes.writeUInt32LE(frame.length, at + 12);
    bytes.set(frame, at + RECORD);
    this.#at = at + RECORD + frame.length;
    return at + RECORD;
  }

  take(): Buffer {
    const chunk = this.bytes.subarray(0, this.#at);
    this.#turn ^= 1;
    this.bytes = this.#chunks[this.#turn];
    this.#at = 0;
    return chunk;
  }
}

/** Spreads small numbers over 32 bits, each another. */
const spread = (n: number): number => Math.imul(n ^ (n >>> 15), 0x2c1b3c6d) >>> 0;

const INSIDE = '10.1.0.7';
const OUTSIDE = '198.51.100.9';
const ends = { src: INSIDE, dest: OUTSIDE };
const overTcp = (header: Partial<TcpHeader> & { flags: string }, to: number, data: Octets = []) =>
  ethernet(ip(ends, tcp({ from: 1024, to, sequence: 1, ...header }, data)));
const overUdp = (to: number, data: Octets, from = 1024) => ethernet(ip(ends, udp({ from, to }, data)));

type Lay = (tape: Tape, n: number) => void;

/** A connection of its own for each number: another address and port of the client. */
function client(tape: Tape, at: number, n: number): void {
  tape.bytes.writeUInt32BE(0x0a000000 + (n >>> 4), at + AT.source);
  tape.bytes.writeUInt16BE(20_000 + (n & 15), at + AT.ports);
}

/** So many packets, of connections that say their pieces in turn: all the first, then all the second, and so on. */
function pieces(packets: number, port: number, texts: readonly Octets[], step?: number): Lay {
  let sequence = 1;
  const frames = texts.map((text) => {
    const data = octets(text);
    const frame = overTcp({ flags: 'PA', sequence, acknowledged: 1 }, port, data);
    sequence += step ?? data.length;
    return frame;
  });
  const syn = overTcp({ flags: 'S', sequence: 0 }, port);
  const connections = Math.ceil(packets / (frames.length + 1));
  return (tape, n) => {
    const turn = Math.floor(n / connections);
    client(tape, tape.lay(turn === 0 ? syn : frames[turn - 1]), n % connections);
  };
}

const dnsName = (text: string): number[] => [
  ...text.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]),
  0,
];
const question = (name: string): Uint8Array =>
  octets([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0], dnsName(name), [0, 1, 0, 1]);

const record = (type: number, length: number, body: Octets): Uint8Array =>
  octets([type, 3, 1], be16(length), body);
/** The beginning of a hello that says it is 8,000 bytes long. */
const hello = octets([1, 0, 0x1f, 0x40, 3, 3], new Uint8Array(32).fill(7), [0, 0, 2, 0x13, 1, 1, 0]);
const negotiate = octets(
  [0xfe, 0x53, 0x4d, 0x42, 64, 0, 1, 0],
  new Uint8Array(56),
  [36, 0, 2, 0, 1, 0, 0, 0],
  new Uint8Array(28),
  [2, 2, 0x10, 2],
);
const initial = octets(
  [0xc3, 0, 0, 0, 1, 8, 1, 2, 3, 4, 5, 6, 7, 8, 4, 9, 9, 9, 9, 0, 0x44, 0xa0],
  new Uint8Array(1184).fill(0x5a),
);

const deep = (): Uint8Array => {
  let frame = ethernet(ip(ends, udp({ from: 1024, to: 53 }, question('deep.example'))));
  for (let i = 0; i < 12; i++) frame = ethernet(ip(ends, toPort(4789, vxlan(i, frame))));
  return frame;
};

export interface Hostility {
  readonly about: string;
  /** Packets of an ordinary run, in thousands; a large one has many times as many. */
  readonly thousands: number;
  readonly largeThousands: number;
  /** What must have been counted, by its path in `stats`. */
  readonly counts: readonly string[];
  /** Also with rules and detectors. */
  readonly detects?: true;
  start(total: number): Lay;
}

export const hostilities: readonly Hostility[] = [
  {
    about: 'SYNs of random sources',
    thousands: 60,
    largeThousands: 4000,
    counts: ['flow.end.forced'],
    detects: true,
    start() {
      const frame = overTcp({ flags: 'S' }, 443);
      return (tape, n) => {
        const at = tape.lay(frame);
        tape.bytes.writeUInt32BE(spread(n), at + AT.source);
        tape.bytes.writeUInt16BE(spread(n) >>> 16, at + AT.ports);
      };
    },
  },
  {
    about: 'questions from and to random ports',
    thousands: 60,
    largeThousands: 2000,
    counts: ['flow.end.forced'],
    detects: true,
    start() {
      const frame = overUdp(53, question('flood.example'));
      return (tape, n) => {
        const at = tape.lay(frame);
        tape.bytes.writeUInt32BE(spread(n), at + AT.ports);
        tape.bytes.writeUInt16BE(n & 0xffff, at + AT.udpData);
      };
    },
  },
  {
    about: 'fragments of packets that never become whole',
    thousands: 50,
    largeThousands: 2000,
    counts: ['defrag.shed'],
    start() {
      const whole = fragments(ends, udp({ from: 1, to: 2 }, new Uint8Array(6000)), 1200);
      const [first, second, third] = whole.map((packet) => ethernet(packet));
      const late = Uint8Array.from(second);
      // Behind 60,000 bytes of nothing.
      late[20] = 0x20 | (7500 >> 8);
      late[21] = 7500 & 255;
      const frames = [first, second, third, late];
      return (tape, n) => {
        const at = tape.lay(frames[n & 3]);
        tape.bytes.writeUInt16BE((n >>> 3) & 0xffff, at + AT.id);
        // The second time around they overlap.
        if ((n & 4) !== 0) tape.bytes[at + 21] ^= 1;
      };
    },
  },
  {
    about: 'heads of HTTP that never end',
    thousands: 100,
    largeThousands: 1200,
    counts: ['tcp.shed'],
    detects: true,
    start: (packets) =>
      pieces(packets, 80, ['GET / HTTP/1.1\r\n', ...Array<string>(3).fill(`X-Y: ${'z'.repeat(700)}`)]),
  },
  {
    about: 'records of TLS that never end',
    thousands: 100,
    largeThousands: 1200,
    counts: ['tcp.shed'],
    detects: true,
    start: (packets) =>
      pieces(packets, 443, [record(22, 16_000, hello), ...Array(3).fill(new Uint8Array(900))]),
  },
  {
    about: 'segments behind holes',
    thousands: 100,
    largeThousands: 1200,
    counts: ['tcp.given_up', 'tcp.out_of_order'],
    start: (packets) => pieces(packets, 80, Array(4).fill(`GET / HTTP/1.1\r\n${'y'.repeat(600)}`), 700),
  },
  {
    about: 'one connection of endless nonsense',
    thousands: 50,
    largeThousands: 2000,
    counts: [],
    start() {
      const frame = overTcp({ flags: 'A' }, 80, new Uint8Array(1000));
      return (tape, n) => {
        const at = tape.lay(frame);
        tape.bytes.writeUInt32BE((1 + n * 1000) >>> 0, at + AT.sequence);
        for (let i = 0; i < 1000; i += 4) tape.bytes.writeUInt32BE(spread(n * 251 + i), at + AT.tcpData + i);
      };
    },
  },
  {
    about: 'tunnels in tunnels, of ever new networks',
    thousands: 50,
    largeThousands: 1500,
    counts: ['flow.end.forced'],
    start() {
      const frames = [
        deep(),
        ...TUNNELS.map(([, tunnel]) => ethernet(ip(ends, tunnel))),
        ethernet(ip(ends, toPort(4789, vxlan(7, overUdp(53, question('in.example')))))),
        ethernet(ip(ends, toPort(2152, gtp(77, ip(ends, udp({ from: 9, to: 9 }, 'x')))))),
      ];
      const vlan = ethernet(ip(ends, udp({ from: 5000, to: 5001 }, 'tagged')), [1, 2]);
      return (tape, n) => {
        if (n % 3 === 0) {
          const at = tape.lay(vlan);
          tape.bytes.writeUInt16BE(n & 0xfff, at + ETHERNET);
          tape.bytes.writeUInt16BE((n >>> 12) & 0xfff, at + ETHERNET + 4);
          return;
        }
        const frame = frames[n % frames.length];
        const at = tape.lay(frame);
        tape.bytes.writeUInt32BE(spread(n), at + AT.source);
        // The network's number of VXLAN, the tunnel's of GTP, a word of whatever else.
        if (frame.length > AT.udpData + 8) tape.bytes.writeUInt32BE((n << 8) >>> 0, at + AT.udpData + 4);
      };
    },
  },
  {
    about: 'handshakes of SMB, TLS and QUIC that never go on',
    thousands: 60,
    largeThousands: 1200,
    counts: ['flow.end.forced'],
    detects: true,
    start(packets) {
      const smb = pieces(Math.ceil(packets / 3), 445, [octets([0, 0, 0, negotiate.length], negotiate)]);
      const tls = pieces(Math.ceil(packets / 3), 443, [record(22, hello.length, hello)]);
      const quic = overUdp(443, initial);
      return (tape, n) => {
        if (n % 3 === 0) smb(tape, n / 3);
        else if (n % 3 === 1) tls(tape, (n - 1) / 3);
        else {
          const at = tape.lay(quic);
          client(tape, at, n);
          tape.bytes.writeUInt32BE(n, at + AT.udpData + 6);
        }
      };
    },
  },
  {
    about: 'ports announced by FTP',
    thousands: 50,
    largeThousands: 1000,
    counts: [],
    start() {
      const greeting = overTcp({ flags: 'PA' }, 21, 'USER anonymous\r\nPASS none\r\n');
      const text = 'PORT 010,001,000,007,100,001\r\n';
      const frame = overTcp({ flags: 'PA' }, 21, text);
      const digits = (value: number): string => String(value).padStart(3, '0');
      let sequence = 1;
      return (tape, n) => {
        const first = n === 0;
        const at = tape.lay(first ? greeting : frame);
        tape.bytes.writeUInt32BE(sequence, at + AT.sequence);
        sequence = (sequence + (first ? greeting.length - AT.tcpData : text.length)) >>> 0;
        if (!first)
          tape.bytes.write(`${digits((n >>> 8) & 255)},${digits(n & 255)}`, at + AT.tcpData + 21, 'latin1');
      };
    },
  },
  {
    about: 'questions for random names',
    thousands: 60,
    largeThousands: 1500,
    counts: [],
    detects: true,
    start() {
      const frame = overUdp(53, question('0123456789abcdef0123456789abcdef.0123456789.example'));
      const label = AT.udpData + 13;
      return (tape, n) => {
        const at = tape.lay(frame);
        const word = spread(n).toString(16).padStart(8, '0');
        client(tape, at, n % 50_000);
        tape.bytes.write(word.repeat(4), at + label, 'latin1');
        tape.bytes.write(`${word}${n % 10}x`, at + label + 33, 'latin1');
      };
    },
  },
];

/** Names that are asked for and answered after the storm. */
export const LAST_NAME = 'after-the-storm.example';

function calm(tape: Tape): void {
  const asked = question(LAST_NAME);
  const answer = octets(
    [0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1],
    asked.subarray(8),
    [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1],
  );
  tape.lay(ethernet(ip({ src: '10.250.0.1', dest: '10.250.0.2' }, udp({ from: 33_333, to: 53 }, asked))));
  tape.lay(ethernet(ip({ src: '10.250.0.2', dest: '10.250.0.1' }, udp({ from: 53, to: 33_333 }, answer))));
}

/** The capture, in chunks that are valid until the next but one. */
export function* storm(hostility: Hostility, packets: number): Generator<Buffer> {
  const tape = new Tape();
  yield tape.head();
  const lay = hostility.start(packets);
  for (let n = 0; n < packets; n++) {
    lay(tape, n);
    if (tape.full) yield tape.take();
  }
  calm(tape);
  yield tape.take();
}
