// Which socket of a fanout group has a packet: a program in the kernel mixes the two addresses of its outermost IP header.
/*
 * The kernel's own hash looks at ports, too. Then a packet in fragments has another socket than its flow, and the two ways
 * of a tunnel over UDP, whose source ports differ, come to two sockets: half a conversation each. By the pair of hosts all
 * that two hosts say comes to one, inside of tunnels too, as in a capture that several threads share (layers/pair.ts).
 * The price: one pair with most of the traffic is one socket's, whatever their number. What is no IP is the first one's.
 */
import { INSTRUCTION } from './layout.ts';

/** Codes of classic BPF: load a word, move to X, alu, jump, return. */
const LOAD = 0x20;
const TO_X = 0x07;
const XOR_X = 0xac;
const SHIFT = 0x74;
const MULTIPLY = 0x24;
const JUMP_EQUAL = 0x15;
const RETURN_A = 0x16;
const RETURN = 0x06;
/** Places that stand for the kernel's own knowledge (SKF_AD_PROTOCOL), and for the network header (SKF_NET_OFF). */
const PROTOCOL = 0xffff_f000;
const NETWORK = 0xfff0_0000;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
/** Where the two addresses begin, and their words. */
const ADDRESSES4 = 12;
const ADDRESSES6 = 8;
const WORDS4 = 2;
const WORDS6 = 8;

type Instruction = readonly [code: number, constant: number, ifTrue?: number, ifFalse?: number];

/** All words of both addresses, each way the same. */
const joined = (at: number, words: number): Instruction[] =>
  Array.from({ length: words }, (_, i): Instruction[] => {
    const load: Instruction = [LOAD, NETWORK + at + 4 * i];
    return i === 0 ? [load] : [[TO_X, 0], load, [XOR_X, 0]];
  }).flat();

/** Networks count their hosts in the lowest bits: those alone would send neighbours to every second socket only. */
const mixed: readonly Instruction[] = [
  [TO_X, 0],
  [SHIFT, 16],
  [XOR_X, 0],
  [MULTIPLY, 0x045d_9f3b],
  [TO_X, 0],
  [SHIFT, 15],
  [XOR_X, 0],
  [RETURN_A, 0],
];

/** The program, as the kernel takes it. */
export function fanoutByPair(): Uint8Array {
  const four = [...joined(ADDRESSES4, WORDS4), ...mixed];
  const six = [...joined(ADDRESSES6, WORDS6), ...mixed];
  const program: Instruction[] = [
    [LOAD, PROTOCOL],
    [JUMP_EQUAL, IPV4, 0, four.length],
    ...four,
    [JUMP_EQUAL, IPV6, 0, six.length],
    ...six,
    [RETURN, 0],
  ];
  const bytes = new Uint8Array(program.length * INSTRUCTION.length);
  const view = new DataView(bytes.buffer);
  for (const [i, [code, constant, ifTrue = 0, ifFalse = 0]] of program.entries()) {
    const at = i * INSTRUCTION.length;
    view.setUint16(at + INSTRUCTION.code, code, true);
    view.setUint8(at + INSTRUCTION.ifTrue, ifTrue);
    view.setUint8(at + INSTRUCTION.ifFalse, ifFalse);
    view.setUint32(at + INSTRUCTION.constant, constant, true);
  }
  return bytes;
}
