// Fields that every event has: which conversation it belongs to. They stand at the top of the EVE record.
import type { Event } from './event.ts';
import type { Field } from './protocol.ts';

const field = (spec: Omit<Field, 'read'>, read: (event: Event) => ReturnType<Field['read']>): Field => ({
  ...spec,
  read: (_, event) => read(event),
});

export const envelope: readonly Field[] = [
  field({ name: 'event_type', type: 'string', class: 'flow', about: 'Kind of event.' }, (e) => e.type),
  field(
    { name: 'flow_id', type: 'integer', class: 'flow', about: 'Number of the flow in this run.' },
    (e) => e.flow.id || undefined,
  ),
  field({ name: 'vlan', type: 'integer', class: 'flow', about: 'VLAN ids, outermost first.' }, (e) => {
    const ids = e.flow.vlan;
    return ids.length > 0 ? ids : undefined;
  }),
  field(
    {
      name: 'src_ip',
      type: 'address',
      class: 'flow',
      aliases: ['id.orig_h', 'SourceIp'],
      about: 'Address of the side that opened the flow.',
    },
    (e) => e.flow.src_ip || undefined,
  ),
  field(
    {
      name: 'src_port',
      type: 'integer',
      class: 'flow',
      aliases: ['id.orig_p', 'SourcePort'],
      about: 'Its port (TCP, UDP, SCTP).',
    },
    (e) => (hasPorts(e) ? e.flow.src_port : undefined),
  ),
  field(
    {
      name: 'dest_ip',
      type: 'address',
      class: 'flow',
      aliases: ['id.resp_h', 'DestinationIp', 'dst_ip'],
      about: 'Address of the other side.',
    },
    (e) => e.flow.dest_ip || undefined,
  ),
  field(
    {
      name: 'dest_port',
      type: 'integer',
      class: 'flow',
      aliases: ['id.resp_p', 'DestinationPort', 'dst_port'],
      about: 'Its port (TCP, UDP, SCTP).',
    },
    (e) => (hasPorts(e) ? e.flow.dest_port : undefined),
  ),
  field(
    { name: 'icmp_type', type: 'integer', class: 'flow', about: 'Type of the first ICMP message.' },
    (e) => e.flow.icmp_type,
  ),
  field({ name: 'icmp_code', type: 'integer', class: 'flow', about: 'Its code.' }, (e) => e.flow.icmp_code),
  field(
    { name: 'proto', type: 'string', class: 'flow', about: 'Transport protocol.' },
    (e) => e.flow.proto || undefined,
  ),
  field(
    {
      name: 'app_proto',
      type: 'string',
      class: 'flow',
      aliases: ['service'],
      about: 'Application protocol, told from the content.',
    },
    (e) => e.flow.app_proto,
  ),
  field(
    {
      name: 'app_proto_orig',
      type: 'string',
      class: 'flow',
      about: 'What the flow spoke before it went over to app_proto (STARTTLS, CONNECT).',
    },
    (e) => e.flow.app_proto_orig,
  ),
  field(
    { name: 'community_id', type: 'string', class: 'flow', about: 'Community ID, version 1, seed 0.' },
    (e) => e.flow.community_id,
  ),
  field(
    {
      name: 'tunnel.src_ip',
      type: 'address',
      class: 'flow',
      about: 'End of the outermost tunnel that sent the first packet.',
    },
    (e) => e.flow.tunnel?.src_ip,
  ),
  field(
    {
      name: 'tunnel.src_port',
      type: 'integer',
      class: 'flow',
      about: 'Its port, for tunnels that have ports.',
    },
    (e) => e.flow.tunnel?.src_port || undefined,
  ),
  field(
    { name: 'tunnel.dest_ip', type: 'address', class: 'flow', about: 'Its other end.' },
    (e) => e.flow.tunnel?.dest_ip,
  ),
  field(
    { name: 'tunnel.dest_port', type: 'integer', class: 'flow', about: 'Port of the other end.' },
    (e) => e.flow.tunnel?.dest_port || undefined,
  ),
  field(
    {
      name: 'tunnel.proto',
      type: 'string',
      class: 'flow',
      about: 'Protocol of the outermost tunnel: GRE, UDP, IPv6.',
    },
    (e) => e.flow.tunnel?.proto,
  ),
  field(
    { name: 'tunnel.depth', type: 'integer', class: 'flow', about: 'Tunnels inside each other.' },
    (e) => e.flow.tunnel?.depth,
  ),
  field(
    {
      name: 'tunnel.type',
      type: 'string',
      class: 'flow',
      aliases: ['tunnel_type'],
      about: 'Kind of the innermost tunnel: ip, gre, etherip, vxlan, geneve, gtp, teredo, capwap, l2tp.',
    },
    (e) => e.flow.tunnel?.type,
  ),
  field(
    {
      name: 'tunnel.vni',
      type: 'integer',
      class: 'flow',
      about: 'Virtual network of the innermost tunnel (VXLAN, GENEVE), segment of NVGRE, or key of GRE.',
    },
    (e) => e.flow.tunnel?.network,
  ),
];

const hasPorts = ({ flow: { protocol } }: Event): boolean =>
  protocol === 6 || protocol === 17 || protocol === 132 || protocol === 136;
