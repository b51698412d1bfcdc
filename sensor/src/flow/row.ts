// A flow's row in the table's columns: which word holds what. Everything that outlives a packet stands here.
//
// `low` and `high` are the two ends in the order of their address and port, so that both directions find the same row;
// `client` tells which of them opened the flow. A word with "+ d" has a twin for the other direction: 0 is to the
// server, 1 to the client. Two cache lines of words, one of sums; a UDP flow touches the second line of words seldom.
//
//   words (32 × int32)
//   ┌──────────────┬───────────────┬──────────┬────────┬────────┬────────┬────────┬────────┬─────────┬────────┐
//   │ 0–3 low addr │ 4–7 high addr │ 8 ports  │ 9 kind │10 vlans│11 hash │12 chain│13 wheel│14 flags │15 mark │
//   ├──────────┬───┴─────────┬─────┴──────────┴─┬──────┴────────┴─┬──────┴────────┴──────┬─┴────────┴─────────┤
//   │16 serial │17 tunnel    │18 TTL            │19–20 next + d   │21–22 retransmitted+d │23–24 missing + d   │
//   ├──────────┴───┬─────────┴───────┬──────────┴─────────┬───────┴──────────────────────┴────────────────────┤
//   │25 seen       │26–28 history    │29 reported         │30–31 free                                         │
//   └──────────────┴─────────────────┴────────────────────┴───────────────────────────────────────────────────┘
//   sums (8 × float64)   start · last · bytes + d · payload + d · packets + d

export const WORDS = 32;
export const SUMS = 8;

export const LOW = 0;
export const HIGH = 4;
/** Port of the low end in the upper half, of the high end in the lower. */
export const PORTS = 8;
/** IP protocol | IP version << 8 | client is high << 16. */
export const KIND = 9;
/** Two ids of 12 bits, the outermost lowest; VLAN_PRESENT marks that there is one. */
export const VLANS = 10;
export const HASH = 11;
/** Next row with the same bucket, or the next free one. */
export const CHAIN = 12;
/** Next row in the same second of the timer wheel. */
export const WHEEL = 13;
/** TCP flags to the server | to the client << 8 | state << 16 | SYNCHRONISED. */
export const FLAGS = 14;
/** What the dissector knows: see protocols/dissect.ts. */
export const MARK = 15;
/** Number of the flow in this run; 0 while the row is free. */
export const SERIAL = 16;
/** Identity of the tunnel that it came through; 0 for none. */
export const TUNNEL = 17;
/** Bytes from the lowest: least and most to the server, least and most to the client. */
export const TTL = 18;
/** Sequence number behind the highest byte seen. */
export const NEXT = 19;
/** Segments whose bytes had been seen before. */
export const RETRANSMITTED = 21;
/** Bytes that were never seen. */
export const MISSING = 23;
/** Which letters the history has: 16 bits a direction. */
export const SEEN = 25;
/** Letters in their order, 5 bits each, six in a word. */
export const HISTORY = 26;
export const HISTORY_WORDS = 3;
/** Second of packet time when the flow was last reported, or began. */
export const REPORTED = 29;

export const START = 0;
export const LAST = 1;
export const BYTES = 2;
export const PAYLOAD = 4;
export const PACKETS = 6;

export const CLIENT_IS_HIGH = 1 << 16;
export const KEY_MASK = 0xffff;
export const VLAN_PRESENT = 0x1000;
/** Of FLAGS, + direction: NEXT is valid. */
export const SYNCHRONISED = 1 << 20;
