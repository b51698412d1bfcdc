// Addresses of flows as four words each: read without a text, kept in columns, and made a text again when somebody asks.
import { ipv4Text, ipv6Text } from '../../bytes/address.ts';
import { TableFlowView } from '../../flow/view.ts';
import type { FlowView } from '../../protocols/event.ts';
import { parseAddress } from '../../rules/prefix.ts';

/** @returns IP version, 0 when the text is no address @param into four words from `at` on; IPv4 stands in the last one */
export function readAddress(flow: FlowView, ofClient: boolean, into: Uint32Array, at: number): number {
  if (flow instanceof TableFlowView) {
    for (let i = 0; i < 4; i++) into[at + i] = flow.addressWord(ofClient, i);
    return flow.version;
  }
  return readText(ofClient ? flow.src_ip : flow.dest_ip, into, at);
}

/** @returns IP version, 0 when it is no address */
export function readText(text: string, into: Uint32Array, at: number): number {
  const words = parseAddress(text);
  if (words === undefined) return 0;
  for (let i = 0; i < 4; i++) into[at + i] = words[words.length === 4 ? i : i - 3] ?? 0;
  return words.length === 4 ? 6 : 4;
}

export const addressText = (words: Uint32Array, at: number, version: number): string =>
  version === 4 ? ipv4Text(words[at + 3]) : ipv6Text(words[at], words[at + 1], words[at + 2], words[at + 3]);

const destination = new Uint32Array(4);

/** Multicast and broadcast: many hear it, none must answer. */
export function isForMany(flow: FlowView): boolean {
  const version = readAddress(flow, false, destination, 0);
  if (version !== 4) return version === 6 && destination[0] >>> 24 === 0xff;
  return destination[3] >>> 28 === 14 || (destination[3] & 255) === 255;
}
