// What stands at the top of every record, written at once: which conversation it belongs to.
import { type JsonBytes, jsonKeys } from '../bytes/json.ts';
import { envelope } from './envelope.ts';
import type { Block, Event, Field } from './event.ts';

const KEY = jsonKeys(
  'event_type',
  'flow_id',
  'vlan',
  'src_ip',
  'src_port',
  'dest_ip',
  'dest_port',
  'icmp_type',
  'icmp_code',
  'proto',
  'app_proto',
  'app_proto_orig',
  'community_id',
);
const QUOTE = 0x22;
const COMMA = 0x2c;
const ID_LENGTH = 30;
const TCP = 6;
const UDP = 17;
const SCTP = 132;
const UDP_LITE = 136;

function write(event: Event, out: JsonBytes, ofClient: boolean): boolean {
  const { flow } = event;
  // A packet without a flow, perhaps without addresses; UDP-Lite has ports too; few networks have tunnels.
  if (flow.id === 0 || flow.protocol === UDP_LITE || flow.tunnel !== undefined) return false;
  out.word(KEY.event_type, event.type);
  out.count(KEY.flow_id, flow.id);
  const { vlan } = flow;
  if (vlan.length > 0) {
    out.prepared(KEY.vlan);
    out.ascii(`[${vlan.join(',')}],`);
  }
  const { protocol } = flow;
  const hasPorts = protocol === TCP || protocol === UDP || protocol === SCTP;
  out.prepared(KEY.src_ip);
  if (flow.writeAddress === undefined) out.text(ofClient ? flow.src_ip : flow.dest_ip);
  else flow.writeAddress(ofClient, out);
  out.byte(COMMA);
  if (hasPorts) out.count(KEY.src_port, ofClient ? flow.src_port : flow.dest_port);
  out.prepared(KEY.dest_ip);
  if (flow.writeAddress === undefined) out.text(ofClient ? flow.dest_ip : flow.src_ip);
  else flow.writeAddress(!ofClient, out);
  out.byte(COMMA);
  if (hasPorts) out.count(KEY.dest_port, ofClient ? flow.dest_port : flow.src_port);
  else {
    if (flow.icmp_type !== undefined) out.count(KEY.icmp_type, flow.icmp_type);
    if (flow.icmp_code !== undefined) out.count(KEY.icmp_code, flow.icmp_code);
  }
  out.word(KEY.proto, flow.proto);
  const { app_proto, app_proto_orig } = flow;
  if (app_proto !== undefined) out.word(KEY.app_proto, app_proto);
  if (app_proto_orig !== undefined) out.word(KEY.app_proto_orig, app_proto_orig);
  if (flow.writeCommunityId === undefined) {
    if (flow.community_id !== undefined) out.word(KEY.community_id, flow.community_id);
    return true;
  }
  out.prepared(KEY.community_id);
  out.room(ID_LENGTH + 3);
  const { bytes, at } = out;
  bytes[at] = bytes[at + ID_LENGTH + 1] = QUOTE;
  bytes[at + ID_LENGTH + 2] = COMMA;
  flow.writeCommunityId(bytes, at + 1);
  out.at = at + ID_LENGTH + 3;
  return true;
}

const fields: readonly Field[] = envelope.filter(({ name }) => name in KEY || name.startsWith('tunnel.'));

export const envelopeBlock: Block = { root: '', fields, write: (_, event, out) => write(event, out, true) };
/** For records that name the server as source (DNS responses). */
export const reversedEnvelopeBlock: Block = {
  root: '',
  fields,
  write: (_, event, out) => write(event, out, false),
};
