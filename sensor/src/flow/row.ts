// A flow's row in the table's columns: which word holds what. Everything that outlives a packet stands here.
//
// `low` and `high` are the two ends in the order of their address and port, so that both directions find the same row;
// `client` tells which of them opened the flow. A word with "+ d" has a twin for the other direction: 0 is to the
// server, 1 to the client. The first cache line holds whatever an ordinary IPv4 packet needs, the second the rest.
//
//   words (32 × int32)
//   ┌───────┬────────┬───────┬──────┬───────┬────────┬──────┬───────┬───────┬──────┬──────┬────────────┬──────┬───────┬────────┐
//   │ 0 low │ 1 high │2 ports│3 kind│4 vlans│5 tunnel│6 hash│7 chain│8 flags│9 mark│10 TTL│11–12 next+d│13seen│14wheel│15serial│
//   ├───────┴────────┴─┬─────┴──────┴───────┼────────┴──────┴───────┴──┬────┴──────┴─────┬┴────────────┼──────┴───────┼────────┤
//   │16–18 low, upper  │19–21 high, upper   │22–23 retransmitted + d   │24–25 missing + d │26–28 history│ 29 reported  │30–31   │
//   └──────────────────┴────────────────────┴──────────────────────────┴─────────────────┴─────────────┴──────────────┴────────┘
//   sums (8 × float64)   start · last · bytes + d · payload + d · packets + d

export const WORDS = 32;
export const SUMS = 8;

/** The last 32 bits of each address: all of an IPv4 address. */
export const LOW = 0;
export const HIGH = 1;
/** Port of the low end in the upper half, of the high end in the lower. */
export const PORTS = 2;
/** IP protocol | IP version << 8 | client is high << 16. */
export const KIND = 3;
/** Two ids of 12 bits, the outermost lowest; VLAN_PRESENT marks that there is one. */
export const VLANS = 4;
/** Identity of the tunnel that it came through; 0 for none. */
export const TUNNEL = 5;
export const HASH = 6;
/** Next row with the same bucket, or the next free one. */
export const CHAIN = 7;
/** TCP flags to the server | to the client << 8 | state << 16 | SYNCHRONISED | how far it ended (ending.ts). */
export const FLAGS = 8;
/** What the dissector knows: see mark.ts. */
export const MARK = 9;
/** Bytes from the lowest: least and most to the server, least and most to the client. */
export const TTL = 10;
/** Sequence number behind the highest byte seen. */
export const NEXT = 11;
/** Which letters the history has: 16 bits a direction. */
export const SEEN = 13;
/** Next row in the same second of the timer wheel. */
export const WHEEL = 14;
/** Number of the flow in this run; 0 while the row is free. */
export const SERIAL = 15;
/** The first 96 bits of each IPv6 address. */
export const LOW_UPPER = 16;
export const HIGH_UPPER = 19;
/** Segments whose bytes had been seen before. */
export const RETRANSMITTED = 22;
/** Bytes that were never seen. */
export const MISSING = 24;
/** Letters in their order, 5 bits each, six in a word. */
export const HISTORY = 26;
export const HISTORY_WORDS = 3;
/** Second of packet time when the flow was last reported, or began. */
export const REPORTED = 29;

export const START = 0;
export const LAST = 1;
export const BYTES = 2;
/** Without what TCP repeats. */
export const PAYLOAD = 4;
export const PACKETS = 6;

export const CLIENT_IS_HIGH = 1 << 16;
export const KEY_MASK = 0xffff;
export const VLAN_PRESENT = 0x1000;
/** Of FLAGS, + direction: NEXT is valid. */
export const SYNCHRONISED = 1 << 20;
