// What an exporter says of a flow beyond what every flow has: `netflow` as Elastic names it, and nfdump's words beside.
import { ipv4Text, ipv6Text } from '../bytes/address.ts';
import { ADDRESS, type FlowExport, SLOT } from '../sources/exports/record.ts';
import type { Field, FlowView, Value } from './event.ts';

type Spec = Pick<Field, 'name' | 'type' | 'about'> & Partial<Pick<Field, 'class' | 'aliases'>>;

/** Asked once for all of them: flows that were seen on the wire have none. */
const wasExported = (flow: unknown): boolean => (flow as FlowView).exported !== undefined;

const field = ({ name, ...spec }: Spec, read: (record: FlowExport) => Value): Field => ({
  class: 'flow',
  ...spec,
  name: `netflow.${name}`,
  read: (_, { flow }) => (flow.exported === undefined ? undefined : read(flow.exported)),
  when: wasExported,
});

const number = (slot: number, name: string, about: string, ...aliases: string[]): Field =>
  field({ name, type: 'integer', about, ...(aliases.length > 0 ? { aliases } : {}) }, (record) =>
    record.value(slot),
  );

const address = (place: number, name: string, about: string, ...aliases: string[]): Field =>
  field(
    { name, type: 'address', about, ...(aliases.length > 0 ? { aliases } : {}) },
    ({ families, addresses: a }) => {
      const at = 4 * place;
      if (families[place] === 6) return ipv6Text(a[at], a[at + 1], a[at + 2], a[at + 3]);
      // Zeros are how v5 says that there is none.
      return families[place] === 4 && a[at + 3] !== 0 ? ipv4Text(a[at + 3]) : undefined;
    },
  );

/** A machine's hardware address names it, wherever it goes: not only a fact of the flow. */
const mac = (slot: number, name: string, about: string): Field =>
  field({ name, type: 'string', class: 'identifier', about }, (record) => {
    const value = record.value(slot);
    if (value === undefined) return undefined;
    return value
      .toString(16)
      .padStart(12, '0')
      .replaceAll(/..(?=.)/g, '$&:');
  });

/** What the packets that were looked at stand for. */
const estimate = (name: string, about: string, read: (flow: FlowView) => number): Field => ({
  ...field({ name, type: 'integer', about }, () => undefined),
  read: (_, { flow }) => ((flow.exported?.sampling ?? 1) === 1 ? undefined : read(flow)),
});

export const exportedFields: readonly Field[] = [
  field(
    { name: 'exporter.address', type: 'address', about: 'Address of the device that told this flow.' },
    (r) => (r.exporter === '' ? undefined : r.exporter),
  ),
  field(
    { name: 'exporter.protocol', type: 'string', about: 'How it told: netflow, ipfix or sflow.' },
    (r) => r.kind,
  ),
  field(
    { name: 'exporter.version', type: 'integer', about: 'Version of that protocol; 10 is IPFIX.' },
    (r) => r.version,
  ),
  field(
    {
      name: 'exporter.source_id',
      type: 'integer',
      about: 'Source id, observation domain, engine or sub-agent.',
    },
    (r) => r.source,
  ),
  field(
    {
      name: 'sampling_interval',
      type: 'number',
      about:
        'One packet of so many was looked at, and the counts of the flow are of those. Absent when all were.',
    },
    (r) => (r.sampling === 1 ? undefined : r.sampling),
  ),
  estimate(
    'estimated_packets',
    'Packets of both sides that the sampled ones stand for.',
    (f) => f.pkts_toserver + f.pkts_toclient,
  ),
  estimate(
    'estimated_bytes',
    'Bytes of both sides that the sampled ones stand for.',
    (f) => f.bytes_toserver + f.bytes_toclient,
  ),
  number(SLOT.postPackets, 'post_packet_delta_count', 'Packets that left the device.', 'out_pkts'),
  number(SLOT.postOctets, 'post_octet_delta_count', 'Bytes that left the device.', 'out_bytes'),
  number(SLOT.ingress, 'ingress_interface', 'Interface by which it came in (SNMP index).', 'input_snmp'),
  number(SLOT.egress, 'egress_interface', 'Interface by which it went out (SNMP index).', 'output_snmp'),
  number(SLOT.direction, 'flow_direction', '0 when it was counted coming in, 1 going out.', 'fwd_direction'),
  number(
    SLOT.tos,
    'ip_class_of_service',
    'Type of service, or traffic class, of its first packet.',
    'src_tos',
  ),
  number(SLOT.sourceAs, 'bgp_source_as_number', 'Autonomous system of the source.', 'src_as'),
  number(SLOT.destinationAs, 'bgp_destination_as_number', 'Autonomous system of the destination.', 'dst_as'),
  number(
    SLOT.sourceBits,
    'source_prefix_length',
    "Bits of the route's prefix that holds the source.",
    'src_mask',
  ),
  number(
    SLOT.destinationBits,
    'destination_prefix_length',
    "Bits of the route's prefix that holds the destination.",
    'dst_mask',
  ),
  address(ADDRESS.nextHop, 'ip_next_hop_address', 'Next router on the way.', 'ip_next_hop', 'next_hop'),
  address(ADDRESS.bgpNextHop, 'bgp_next_hop_address', 'Next router of BGP on the way.', 'bgp_next_hop'),
  address(ADDRESS.postSource, 'post_nat_source_address', 'Source behind the translation.', 'src_xlt_ip'),
  number(SLOT.postSourcePort, 'post_napt_source_transport_port', 'Its port.', 'src_xlt_port'),
  address(
    ADDRESS.postDestination,
    'post_nat_destination_address',
    'Destination behind the translation.',
    'dst_xlt_ip',
  ),
  number(SLOT.postDestinationPort, 'post_napt_destination_transport_port', 'Its port.', 'dst_xlt_port'),
  mac(SLOT.sourceMac, 'source_mac_address', 'Hardware address of the sender.'),
  mac(SLOT.destinationMac, 'destination_mac_address', 'Hardware address of the receiver.'),
  number(SLOT.postVlan, 'post_vlan_id', 'VLAN on which it went out.'),
  number(
    SLOT.segment,
    'layer2_segment_id',
    'Virtual network (VXLAN, NVGRE) in the lower bits, its kind in the highest.',
  ),
  number(SLOT.ingressVrf, 'ingress_vrf_id', 'Routing instance that it came in by.', 'ingress_vrf'),
  number(SLOT.egressVrf, 'egress_vrf_id', 'Routing instance that it went out by.', 'egress_vrf'),
  number(
    SLOT.endReason,
    'flow_end_reason',
    '1 idle, 2 active for long, 3 ended, 4 forced, 5 out of resources.',
  ),
  number(
    SLOT.forwarding,
    'forwarding_status',
    'Whether it was forwarded, dropped or consumed, and why.',
    'fwd_status',
  ),
  number(
    SLOT.firewallEvent,
    'firewall_event',
    '1 created, 2 deleted, 3 denied, 4 alert, 5 updated.',
    'event_id',
  ),
];
