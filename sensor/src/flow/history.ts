// What happened on a connection, in the order of its first time: Zeek's `history`, and `conn_state` told from it.
import { ACK, FIN, PSH, RST, SYN, URG } from '../layers/tcp.ts';
import { HISTORY, HISTORY_WORDS, SEEN } from './row.ts';

/** Zeek's letters, in the order of their numbers; small ones are the server's. */
const LETTERS = 'SHADFRGTWIQ';
const letter = (name: string): number => 1 << LETTERS.indexOf(name);
export const GAP = letter('G');
export const RETRANSMISSION = letter('T');
export const ZERO_WINDOW = letter('W');
export const DATA = letter('D');
const S = letter('S');
const H = letter('H');
const A = letter('A');
const F = letter('F');
const R = letter('R');
const I = letter('I');
const Q = letter('Q');

const PER_WORD = 6;
const BITS = 5;
const SERVER = 16;

/** Letters of a segment, by its flags (6 bits) and, 64 higher, when it carries data. */
export const LETTERS_OF = Uint16Array.from({ length: 128 }, (_, n) => lettersOf(n & 63, n >= 64));

function lettersOf(flags: number, hasData: boolean): number {
  let letters = 0;
  const kinds = (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0) + (flags & RST ? 1 : 0);
  if (kinds > 1) letters |= (flags & (SYN | FIN)) === (SYN | FIN) && (flags & RST) === 0 ? I : Q;
  if (flags & SYN) letters |= flags & ACK ? H : S;
  if (flags & FIN) letters |= F;
  if (flags & RST) letters |= R;
  if (hasData) letters |= DATA;
  else if ((flags & ~(PSH | URG)) === ACK) letters |= A;
  return letters;
}

/** Adds letters that this direction has not had yet. `at` is the row's first word. */
export function note(words: Int32Array, at: number, direction: 0 | 1, letters: number): void {
  const seen = words[at + SEEN];
  let fresh = letters & ~(direction === 0 ? seen : seen >>> SERVER) & 0xffff;
  words[at + SEEN] = seen | (letters << (direction * SERVER));
  // Ends: each turn takes a bit.
  for (let number = 0; fresh !== 0; number++, fresh >>>= 1)
    if ((fresh & 1) !== 0) append(words, at, number + 1 + direction * SERVER);
}

function append(words: Int32Array, at: number, code: number): void {
  for (let word = 0; word < HISTORY_WORDS; word++) {
    const held = words[at + HISTORY + word];
    for (let shift = 0; shift < PER_WORD * BITS; shift += BITS)
      if (((held >>> shift) & 31) === 0) {
        words[at + HISTORY + word] = held | (code << shift);
        return;
      }
  }
}

/** @returns `ShADadFf` and the like; the empty text when nothing was noted */
export function historyText(words: Int32Array, at: number): string {
  let text = '';
  for (let word = 0; word < HISTORY_WORDS; word++)
    for (let shift = 0; shift < PER_WORD * BITS; shift += BITS) {
      const code = (words[at + HISTORY + word] >>> shift) & 31;
      if (code === 0) return text;
      const name = LETTERS[(code & 15) - 1] ?? '';
      text += code > 15 ? name.toLowerCase() : name;
    }
  return text;
}

export type ConnState =
  | 'S0'
  | 'S1'
  | 'SF'
  | 'REJ'
  | 'S2'
  | 'S3'
  | 'RSTO'
  | 'RSTR'
  | 'RSTOS0'
  | 'RSTRH'
  | 'SH'
  | 'SHR'
  | 'OTH';

/** The state of a TCP connection in Zeek's words (conn.log, base/protocols/conn). `payload` is that of both sides. */
export function tcpConnState(words: Int32Array, at: number, payload: number): ConnState {
  const client = words[at + SEEN] & 0xffff;
  const server = words[at + SEEN] >>> SERVER;
  const asked = (client & S) !== 0;
  const answered = (server & H) !== 0;
  /** Said something of its own, beyond what a middle of a connection shows. */
  const clientOpen = asked || (client & H) !== 0;
  const serverOpen = answered || (server & S) !== 0;
  if ((server & R) !== 0) {
    if (asked && !answered) return payload === 0 || (client & DATA) === 0 ? 'REJ' : 'RSTR';
    return clientOpen ? 'RSTR' : 'RSTRH';
  }
  if ((client & R) !== 0) return serverOpen ? 'RSTO' : asked ? 'RSTOS0' : 'RSTO';
  const clientClosed = (client & F) !== 0;
  const serverClosed = (server & F) !== 0;
  if (clientClosed && serverClosed) return 'SF';
  if (clientClosed) return serverOpen ? 'S2' : 'SH';
  if (serverClosed) return clientOpen ? 'S3' : 'SHR';
  if (asked && server === 0) return 'S0';
  return asked && answered ? 'S1' : 'OTH';
}

/** The same of a datagram flow: only who spoke can be told. */
export const datagramConnState = (toServer: number, toClient: number): ConnState =>
  toServer > 0 ? (toClient > 0 ? 'SF' : 'S0') : toClient > 0 ? 'SHR' : 'OTH';
