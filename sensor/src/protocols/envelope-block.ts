// What stands at the top of every record, written at once: which conversation it belongs to.
import { type JsonBytes, Prepared } from '../bytes/json.ts';
import { envelope } from './envelope.ts';
import type { Block, Event, Field, FlowView } from './event.ts';

const NAMES = new Set([
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
]);
const SRC_IP = new Prepared(',"src_ip":');
const SRC_PORT = new Prepared(',"src_port":');
const DEST_IP = new Prepared(',"dest_ip":');
const DEST_PORT = new Prepared(',"dest_port":');
const ICMP_TYPE = new Prepared(',"icmp_type":');
const ICMP_CODE = new Prepared(',"icmp_code":');
const END = new Prepared('",');
const ID_LENGTH = 30;
const TCP = 6;
const UDP = 17;
const SCTP = 132;
const UDP_LITE = 136;

/** `"event_type":"dns","flow_id":` of each type. */
const beginnings = new Map<string, Prepared>();
/** `,"proto":"UDP","app_proto":"dns","community_id":"` of each protocol number and application protocol. */
const middles: (Map<string | undefined, Prepared> | undefined)[] = new Array(256).fill(undefined);

function beginning(type: string): Prepared {
  let text = beginnings.get(type);
  if (text === undefined)
    beginnings.set(type, (text = new Prepared(`"event_type":${JSON.stringify(type)},"flow_id":`)));
  return text;
}

function middle({ protocol, proto, app_proto }: FlowView): Prepared {
  const byName = (middles[protocol] ??= new Map());
  let text = byName.get(app_proto);
  if (text === undefined) {
    const app = app_proto === undefined ? '' : `"app_proto":${JSON.stringify(app_proto)},`;
    text = new Prepared(`,"proto":${JSON.stringify(proto)},${app}"community_id":"`);
    byName.set(app_proto, text);
  }
  return text;
}

function write(event: Event, out: JsonBytes, ofClient: boolean): boolean {
  const { flow } = event;
  // A flow that is made up, a packet without one, UDP-Lite with its ports, tags, tunnels, upgrades: none of them is usual.
  if (
    flow.writeAddress === undefined ||
    flow.writeCommunityId === undefined ||
    flow.id === 0 ||
    flow.protocol === UDP_LITE ||
    flow.vlan.length > 0 ||
    flow.tunnel !== undefined ||
    flow.app_proto_orig !== undefined
  )
    return false;
  const { protocol } = flow;
  const hasPorts = protocol === TCP || protocol === UDP || protocol === SCTP;
  out.prepared(beginning(event.type));
  out.number(flow.id);
  out.prepared(SRC_IP);
  flow.writeAddress(ofClient, out);
  if (hasPorts) {
    out.prepared(SRC_PORT);
    out.number(ofClient ? flow.src_port : flow.dest_port);
  }
  out.prepared(DEST_IP);
  flow.writeAddress(!ofClient, out);
  if (hasPorts) {
    out.prepared(DEST_PORT);
    out.number(ofClient ? flow.dest_port : flow.src_port);
  } else {
    const { icmp_type, icmp_code } = flow;
    if (icmp_type !== undefined) {
      out.prepared(ICMP_TYPE);
      out.number(icmp_type);
    }
    if (icmp_code !== undefined) {
      out.prepared(ICMP_CODE);
      out.number(icmp_code);
    }
  }
  out.prepared(middle(flow));
  out.room(ID_LENGTH);
  flow.writeCommunityId(out.bytes, out.at);
  out.at += ID_LENGTH;
  out.prepared(END);
  return true;
}

const fields: readonly Field[] = envelope.filter(({ name }) => NAMES.has(name) || name.startsWith('tunnel.'));

export const envelopeBlock: Block = { root: '', fields, write: (_, event, out) => write(event, out, true) };
/** For records that name the server as source (DNS responses). */
export const reversedEnvelopeBlock: Block = {
  root: '',
  fields,
  write: (_, event, out) => write(event, out, false),
};
