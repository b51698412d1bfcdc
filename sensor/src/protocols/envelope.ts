// Fields that every event has: which conversation it belongs to. They stand at the top of the EVE record.
import type { Event } from './event.ts';
import type { Field } from './protocol.ts';

const field = (
  spec: Omit<Field, 'read'>,
  read: (event: Event) => ReturnType<Field['read']>,
  write?: Field['write'],
): Field => ({
  ...spec,
  read: (_, event) => read(event),
  ...(write === undefined ? {} : { write }),
});

const writeAddress =
  (ofClient: boolean): Field['write'] =>
  (_, { flow }, out) => {
    if (flow.writeAddress === undefined) out.text(ofClient ? flow.src_ip : flow.dest_ip);
    else flow.writeAddress(ofClient, out);
    return true;
  };
const QUOTE = 0x22;
const ID_LENGTH = 30;

export const envelope: readonly Field[] = [
  field({ name: 'event_type', type: 'string', class: 'flow', about: 'Kind of event.' }, (e) => e.type),
  field(
    { name: 'flow_id', type: 'integer', class: 'flow', about: 'Number of the flow in this run.' },
    (e) => e.flow.id,
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
    (e) => e.flow.src_ip,
    writeAddress(true),
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
    (e) => e.flow.dest_ip,
    writeAddress(false),
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
  field({ name: 'proto', type: 'string', class: 'flow', about: 'Transport protocol.' }, (e) => e.flow.proto),
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
    (_, { flow }, out) => {
      if (flow.writeCommunityId === undefined) {
        if (flow.community_id === undefined) return false;
        out.text(flow.community_id);
        return true;
      }
      out.room(ID_LENGTH + 2);
      out.bytes[out.at] = out.bytes[out.at + ID_LENGTH + 1] = QUOTE;
      flow.writeCommunityId(out.bytes, out.at + 1);
      out.at += ID_LENGTH + 2;
      return true;
    },
  ),
];

const hasPorts = (e: Event): boolean =>
  e.flow.protocol === 6 || e.flow.protocol === 17 || e.flow.protocol === 132;
