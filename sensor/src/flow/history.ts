// What happened on a connection, in the order of its first time: Zeek's `history`, and `conn_state` told from it.
import { ACK, FIN, PSH, RST, SYN, URG } from '../layers/tcp.ts';
import { FLAGS, HISTORY, HISTORY_WORDS, SEEN } from './row.ts';

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
const SERVER_H = SERVER + LETTERS.indexOf('H') + 1;
const FIN_NUMBER = LETTERS.indexOf('F');
const RST_NUMBER = LETTERS.indexOf('R');
const BOTH_NUMBER = LETTERS.indexOf('I');

/** Letters of a segment, by its flags (6 bits) and, 64 higher, when it carries data. */
export const LETTERS_OF = Uint16Array.from({ length: 128 }, (_, n) => lettersOf(n & 63, n >= 64));

function lettersOf(flags: number, hasData: boolean): number {
  let letters = 0;
  const kinds = (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0) + (flags & RST ? 1 : 0);
  if (kinds > 1) letters |= flags & FIN && flags & RST ? I : Q;
  else if (flags & SYN) letters |= flags & ACK ? H : S;
  else if (flags & FIN) letters |= F;
  else if (flags & RST) letters |= R;
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

/** Adds a letter that this direction has had: Zeek repeats those of trouble at its tenth, hundredth, … time. */
export const noteAgain = (words: Int32Array, at: number, direction: 0 | 1, one: number): void =>
  append(words, at, 32 - Math.clz32(one) + direction * SERVER);

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

/** @returns `ShADadFf` and the like; the empty text when nothing was noted; `^` when the server was seen first */
export function historyText(words: Int32Array, at: number): string {
  let text = '';
  // Ends: the words hold so many letters.
  for (let i = 0; i < HISTORY_WORDS * PER_WORD; i++) {
    const code = codeAt(words, at, i);
    if (code === 0) break;
    if (code === SERVER_H && i === 0) text = '^';
    const name = LETTERS[(code & 15) - 1] ?? '';
    text += code > 15 ? name.toLowerCase() : name;
  }
  return text;
}

const codeAt = (words: Int32Array, at: number, i: number): number =>
  (words[at + HISTORY + ((i / PER_WORD) | 0)] >>> ((i % PER_WORD) * BITS)) & 31;

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

// How one side stands, as conn.log's states are told from: what it said last that changed it.
const SILENT = 0;
/** Seen, but not its beginning. */
const PARTIAL = 1;
const SYN_SENT = 2;
const OPEN = 3;
const RESET = 4;
const FINISHED = 5;

/** The state of a TCP connection in Zeek's words (conn.log, base/protocols/conn). `payload` is that of both sides. */
export function tcpConnState(words: Int32Array, at: number, payload: number): ConnState {
  const client = sideState(words, at, 0);
  const server = sideState(words, at, 1);
  const isClientPartial = client <= PARTIAL;
  const isServerPartial = server <= PARTIAL;
  if (server === RESET) {
    if (client === SYN_SENT || (client === RESET && payload === 0)) return 'REJ';
    return isClientPartial ? 'RSTRH' : 'RSTR';
  }
  if (client === RESET) return isServerPartial ? 'RSTOS0' : 'RSTO';
  if (client === FINISHED) return server === FINISHED ? 'SF' : isServerPartial ? 'SH' : 'S2';
  if (server === FINISHED) return isClientPartial ? 'SHR' : 'S3';
  if (client === SYN_SENT && server === SILENT) return 'S0';
  return client === OPEN && server === OPEN ? 'S1' : 'OTH';
}

function sideState(words: Int32Array, at: number, direction: 0 | 1): number {
  const letters = (words[at + SEEN] >>> (direction * SERVER)) & 0xffff;
  const peer = (words[at + SEEN] >>> ((1 - direction) * SERVER)) & 0xffff;
  if (letters === 0) return SILENT;
  if (isFinished(words, at, direction, letters)) {
    if ((letters & (R | I)) === 0) return FINISHED;
    // A reset after both have said that they finished changes nothing.
    const isOver = isFinished(words, at, direction === 0 ? 1 : 0, peer);
    return isOver && finishedFirst(words, at, direction) ? FINISHED : RESET;
  }
  if ((letters & (R | I | Q)) !== 0) return RESET;
  if (direction === 1) return (letters & (S | H)) !== 0 ? OPEN : PARTIAL;
  // The server's answer opens both, also where the question was missed.
  if ((peer & (S | H)) !== 0) return OPEN;
  return (letters & (S | H)) !== 0 ? SYN_SENT : PARTIAL;
}

/** A SYN with FIN is of Q: the row's flags tell it from one with RST. */
const isFinished = (words: Int32Array, at: number, direction: 0 | 1, letters: number): boolean =>
  (letters & F) !== 0 || ((letters & Q) !== 0 && ((words[at + FLAGS] >>> (direction << 3)) & FIN) !== 0);

/** Whether this side's FIN stands before its reset. */
function finishedFirst(words: Int32Array, at: number, direction: 0 | 1): boolean {
  // Ends: the words hold so many letters.
  for (let i = 0; i < HISTORY_WORDS * PER_WORD; i++) {
    const letter = codeAt(words, at, i) - 1 - direction * SERVER;
    if (letter === FIN_NUMBER) return true;
    if (letter === RST_NUMBER || letter === BOTH_NUMBER) return false;
  }
  return false;
}

/** The same of a datagram flow: only who spoke can be told. */
export const datagramConnState = (toServer: number, toClient: number): ConnState =>
  toServer > 0 ? (toClient > 0 ? 'SF' : 'S0') : toClient > 0 ? 'SHR' : 'OTH';
