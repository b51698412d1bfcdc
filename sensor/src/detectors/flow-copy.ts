// Flows that outlive the moment: views are reused, so what must wait is copied or made from what was kept.
import type { Event, FlowView } from '../protocols/event.ts';

/** What is kept of a flow to be able to speak of it later. */
export type Ends = Pick<FlowView, 'src_ip' | 'dest_ip' | 'src_port' | 'dest_port' | 'protocol' | 'proto'>;

/** The flow as it is now. */
export function copyOf(flow: FlowView): FlowView {
  return {
    id: flow.id,
    src_ip: flow.src_ip,
    dest_ip: flow.dest_ip,
    src_port: flow.src_port,
    dest_port: flow.dest_port,
    icmp_type: flow.icmp_type,
    icmp_code: flow.icmp_code,
    protocol: flow.protocol,
    proto: flow.proto,
    app_proto_orig: flow.app_proto_orig,
    app_proto: flow.app_proto,
    community_id: flow.community_id,
    vlan: [...flow.vlan],
    start: flow.start,
    last: flow.last,
    pkts_toserver: flow.pkts_toserver,
    pkts_toclient: flow.pkts_toclient,
    bytes_toserver: flow.bytes_toserver,
    bytes_toclient: flow.bytes_toclient,
    payload_toserver: flow.payload_toserver,
    payload_toclient: flow.payload_toclient,
    tcp_flags_ts: flow.tcp_flags_ts,
    tcp_flags_tc: flow.tcp_flags_tc,
    min_ttl_toserver: flow.min_ttl_toserver,
    max_ttl_toserver: flow.max_ttl_toserver,
    min_ttl_toclient: flow.min_ttl_toclient,
    max_ttl_toclient: flow.max_ttl_toclient,
    retransmitted_toserver: flow.retransmitted_toserver,
    retransmitted_toclient: flow.retransmitted_toclient,
    missing_toserver: flow.missing_toserver,
    missing_toclient: flow.missing_toclient,
    history: flow.history,
    conn_state: flow.conn_state,
    state: flow.state,
    reason: flow.reason,
  };
}

/** Speaks of a flow of which only ends and times are known: without the fields of one, since its counts are not. */
export const aboutEnds = (ends: Ends, start: number, now: number): Event => ({
  type: 'flow',
  time: now,
  message: undefined,
  fields: [],
  flow: flowLike(ends, start, now),
});

const flowLike = (ends: Ends, start: number, last: number): FlowView => ({
  id: 0,
  src_ip: ends.src_ip,
  dest_ip: ends.dest_ip,
  src_port: ends.src_port,
  dest_port: ends.dest_port,
  icmp_type: undefined,
  icmp_code: undefined,
  protocol: ends.protocol,
  proto: ends.proto,
  app_proto_orig: undefined,
  app_proto: undefined,
  community_id: undefined,
  vlan: [],
  start,
  last,
  pkts_toserver: 0,
  pkts_toclient: 0,
  bytes_toserver: 0,
  bytes_toclient: 0,
  payload_toserver: 0,
  payload_toclient: 0,
  tcp_flags_ts: 0,
  tcp_flags_tc: 0,
  min_ttl_toserver: 0,
  max_ttl_toserver: 0,
  min_ttl_toclient: 0,
  max_ttl_toclient: 0,
  retransmitted_toserver: 0,
  retransmitted_toclient: 0,
  missing_toserver: 0,
  missing_toclient: 0,
  history: '',
  conn_state: 'OTH',
  state: 'new',
  reason: undefined,
});
