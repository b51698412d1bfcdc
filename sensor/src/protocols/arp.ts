// The `arp` record: who asks for which address, and who answers (Suricata 8 EVE).
import * as arp from '../layers/arp.ts';
import type { Packet } from '../layers/packet.ts';
import type { PrivacyClass } from '../wire/field.ts';
import type { Field } from './protocol.ts';

const field = (
  name: string,
  kind: PrivacyClass,
  about: string,
  read: (bytes: Uint8Array, at: number) => string | undefined,
  type: 'string' | 'address' = 'string',
): Field => ({
  name: `arp.${name}`,
  type,
  class: kind,
  about,
  // The decoder left where the message starts in `transport`.
  read: (message) => read((message as Packet).bytes, (message as Packet).transport),
});

export const arpFields: readonly Field[] = [
  field('hw_type', 'protocol', 'Kind of network: ethernet.', () => 'ethernet'),
  field('proto_type', 'protocol', 'Kind of address that is asked for: ipv4.', () => 'ipv4'),
  field('opcode', 'protocol', 'request, reply and the rarer ones.', arp.operation),
  field('src_mac', 'identifier', 'Hardware address of the sender.', arp.sourceMac),
  field('src_ip', 'flow', 'Address of the sender.', arp.sourceIp, 'address'),
  field(
    'dest_mac',
    'identifier',
    'Hardware address of the target, zeros while it is asked for.',
    arp.destinationMac,
  ),
  field('dest_ip', 'flow', 'Address of the target.', arp.destinationIp, 'address'),
];
