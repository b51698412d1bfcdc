// The `flow` record: what a conversation amounted to when it ended (Suricata 8 EVE).
import { hex8 } from '../bytes/text.ts';
import { formatTime } from '../bytes/time.ts';
import type { FlowView } from './event.ts';
import { exportedFields } from './exported.ts';
import type { Field } from './protocol.ts';

type Spec = Omit<Field, 'read' | 'class'>;
const field = (
  spec: Spec,
  read: (flow: FlowView) => ReturnType<Field['read']>,
  write?: Field['write'],
): Field => ({
  ...spec,
  class: 'flow',
  read: (_, event) => read(event.flow),
  ...(write === undefined ? {} : { write }),
});

const time = (spec: Omit<Spec, 'type'>, read: (flow: FlowView) => number): Field =>
  field(
    { ...spec, type: 'time' },
    (flow) => formatTime(read(flow)),
    (_, { flow }, out) => {
      out.time(read(flow));
      return true;
    },
  );

const isTcp = (flow: FlowView): boolean => flow.protocol === 6;
/** Left out when there was none. */
const present = (count: number): number | undefined => (count > 0 ? count : undefined);
/** The record has what was counted: where that was a sample, the view has what it stands for. */
const counted = ({ exported }: FlowView, estimate: number): number =>
  exported === undefined ? estimate : Math.round(estimate / exported.sampling);
export const FLAG_NAMES = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ecn', 'cwr'] as const;

export const flowFields: readonly Field[] = [
  field(
    {
      name: 'flow.pkts_toserver',
      type: 'integer',
      aliases: ['orig_pkts'],
      about: 'Packets from the side that opened the flow.',
    },
    (f) => counted(f, f.pkts_toserver),
  ),
  field(
    {
      name: 'flow.pkts_toclient',
      type: 'integer',
      aliases: ['resp_pkts'],
      about: 'Packets from the other side.',
    },
    (f) => counted(f, f.pkts_toclient),
  ),
  field({ name: 'flow.bytes_toserver', type: 'integer', about: 'Bytes of whole frames.' }, (f) =>
    counted(f, f.bytes_toserver),
  ),
  field({ name: 'flow.bytes_toclient', type: 'integer', about: 'Bytes of whole frames.' }, (f) =>
    counted(f, f.bytes_toclient),
  ),
  field(
    {
      name: 'flow.payload_bytes_toserver',
      type: 'integer',
      aliases: ['orig_bytes'],
      about: 'Bytes above TCP or UDP; what TCP repeats counts once.',
    },
    (f) => counted(f, f.payload_toserver),
  ),
  field(
    {
      name: 'flow.payload_bytes_toclient',
      type: 'integer',
      aliases: ['resp_bytes'],
      about: 'Bytes above TCP or UDP; what TCP repeats counts once.',
    },
    (f) => counted(f, f.payload_toclient),
  ),
  field(
    { name: 'flow.min_ttl_toserver', type: 'integer', about: 'Least time to live of packets to the server.' },
    (f) => (f.exported === undefined ? f.min_ttl_toserver : present(f.min_ttl_toserver)),
  ),
  field(
    { name: 'flow.max_ttl_toserver', type: 'integer', about: 'Most time to live of packets to the server.' },
    (f) => (f.exported === undefined ? f.max_ttl_toserver : present(f.max_ttl_toserver)),
  ),
  field(
    { name: 'flow.min_ttl_toclient', type: 'integer', about: 'Least time to live of packets to the client.' },
    (f) => present(f.min_ttl_toclient),
  ),
  field(
    { name: 'flow.max_ttl_toclient', type: 'integer', about: 'Most time to live of packets to the client.' },
    (f) => present(f.max_ttl_toclient),
  ),
  time({ name: 'flow.start', about: 'Time of the first packet.' }, (f) => f.start),
  time({ name: 'flow.end', about: 'Time of the last packet.' }, (f) => f.last),
  field(
    {
      name: 'flow.age',
      type: 'integer',
      aliases: ['duration'],
      about: 'Whole seconds from first to last packet.',
    },
    (f) => Math.floor(f.last / 1e6) - Math.floor(f.start / 1e6),
  ),
  field({ name: 'flow.state', type: 'string', about: 'new, established or closed.' }, (f) => f.state),
  field(
    { name: 'flow.reason', type: 'string', about: 'Why it ended: timeout, tcp_reuse, forced or shutdown.' },
    (f) => f.reason,
  ),
  field(
    {
      name: 'flow.conn_state',
      type: 'string',
      aliases: ['conn_state'],
      about: 'How the conversation went, in one of the words of Zeek: S0, SF, REJ, RSTO …',
    },
    (f) => f.conn_state,
  ),
  field(
    {
      name: 'flow.history',
      type: 'string',
      aliases: ['history'],
      about:
        'What happened, in the order of its first time, in the letters of Zeek; small ones are the server.',
    },
    (f) => (f.history === '' ? undefined : f.history),
  ),
  field(
    {
      name: 'flow.shed',
      type: 'boolean',
      about: 'Not all of it was read, for want of time or memory: it was only counted from there on.',
    },
    (f) => (f.shed === true ? true : undefined),
  ),
  field({ name: 'tcp.tcp_flags', type: 'string', about: 'All TCP flags of both sides, OR-ed, hex.' }, (f) =>
    isTcp(f) ? hex8(f.tcp_flags_ts | f.tcp_flags_tc) : undefined,
  ),
  field({ name: 'tcp.tcp_flags_ts', type: 'string', about: 'TCP flags to the server, OR-ed, hex.' }, (f) =>
    isTcp(f) ? hex8(f.tcp_flags_ts) : undefined,
  ),
  field({ name: 'tcp.tcp_flags_tc', type: 'string', about: 'TCP flags to the client, OR-ed, hex.' }, (f) =>
    isTcp(f) ? hex8(f.tcp_flags_tc) : undefined,
  ),
  ...FLAG_NAMES.map((name, bit) =>
    field(
      { name: `tcp.${name}`, type: 'boolean', about: `A packet with ${name.toUpperCase()} was seen.` },
      (f) => (isTcp(f) && ((f.tcp_flags_ts | f.tcp_flags_tc) >> bit) & 1 ? true : undefined),
    ),
  ),
  field(
    {
      name: 'tcp.retransmissions_toserver',
      type: 'integer',
      about: 'Segments to the server whose bytes had been seen before.',
    },
    (f) => present(f.retransmitted_toserver),
  ),
  field(
    {
      name: 'tcp.retransmissions_toclient',
      type: 'integer',
      about: 'Segments to the client whose bytes had been seen before.',
    },
    (f) => present(f.retransmitted_toclient),
  ),
  field(
    {
      name: 'tcp.missing_bytes_toserver',
      type: 'integer',
      about: 'Bytes to the server that were never seen.',
    },
    (f) => present(f.missing_toserver),
  ),
  field(
    {
      name: 'tcp.missing_bytes_toclient',
      type: 'integer',
      aliases: ['missed_bytes'],
      about: 'Bytes to the client that were never seen.',
    },
    (f) => present(f.missing_toclient),
  ),
  field({ name: 'tcp.state', type: 'string', about: 'State of the TCP session.' }, (f) =>
    isTcp(f) ? f.tcp_state : undefined,
  ),
  field(
    { name: 'response_icmp_type', type: 'integer', about: 'Type of the ICMP message that answered.' },
    (f) => f.response_icmp_type,
  ),
  field({ name: 'response_icmp_code', type: 'integer', about: 'Its code.' }, (f) =>
    f.response_icmp_type === undefined ? undefined : 0,
  ),
  ...exportedFields,
];
