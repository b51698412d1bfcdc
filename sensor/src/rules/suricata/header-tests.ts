// Questions of a rule to a packet's headers, and to its addresses.
import type { Packet } from '../../layers/packet.ts';
import type { FlowView } from '../../protocols/event.ts';

/** @param side 0 to the server, 1 to the client */
export type PacketTest = (p: Packet, flow: FlowView, side: 0 | 1) => boolean;

/** A question to a reputation. */
export interface AddressTest {
  readonly which: 'src' | 'dst' | 'any' | 'both';
  readonly ask: (words: Uint32Array, version: number) => boolean;
}
