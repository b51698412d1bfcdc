// What stands at the top of every record, written at once: which conversation it belongs to.
import { type JsonBytes, Prepared } from '../bytes/json.ts';
import { INDEX, ORIGINAL_SHIFT } from '../flow/mark.ts';
import { CLIENT_IS_HIGH, KIND, MARK, PORTS, SERIAL, TUNNEL, VLANS, WORDS } from '../flow/row.ts';
import { TableFlowView } from '../flow/view.ts';
import { SCTP, TCP, UDP } from '../layers/packet.ts';
import { envelope } from './envelope.ts';
import type { Block, Event, Field } from './event.ts';

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
const VLAN = new Prepared('"vlan":[');
const END_OF_VLANS = new Prepared('],');
const SRC_IP = new Prepared('"src_ip":');
const SRC_PORT = new Prepared(',"src_port":');
const DEST_IP = new Prepared('"dest_ip":');
const DEST_PORT = new Prepared(',"dest_port":');
const END = new Prepared('",');
const COMMA = 0x2c;
const MAX_VLAN = 0xfff;
/** Flow numbers above it would be read as negative: one in two thousand million flows. */
const MAX_ID = 0x7fffffff;

/** `"proto":"UDP","app_proto":"dns","community_id":"` of each transport, by the index of the application protocol. */
type Middles = (Prepared | undefined)[];
const ofTcp: Middles = new Array(INDEX + 1);
const ofUdp: Middles = new Array(INDEX + 1);
const ofSctp: Middles = new Array(INDEX + 1);

function middle(flow: TableFlowView, known: Middles, index: number): Prepared {
  const { proto, app_proto } = flow;
  const app = app_proto === undefined ? '' : `"app_proto":${JSON.stringify(app_proto)},`;
  return (known[index] = new Prepared(`"proto":${JSON.stringify(proto)},${app}"community_id":"`));
}

function writeVlans(vlans: number, out: JsonBytes): void {
  out.prepared(VLAN);
  out.number(vlans & MAX_VLAN);
  if (vlans >>> 16 !== 0) {
    out.byte(COMMA);
    out.number((vlans >>> 16) & MAX_VLAN);
  }
  out.prepared(END_OF_VLANS);
}

/** A flow with ports, outside of tunnels: nearly all are. @returns false for others */
function write({ flow }: Event, out: JsonBytes, beginning: Prepared, ofClient: boolean): boolean {
  if (!(flow instanceof TableFlowView)) return false;
  const { words } = flow;
  const at = flow.slot * WORDS;
  const kind = words[at + KIND];
  const mark = words[at + MARK];
  const protocol = kind & 255;
  const known = protocol === TCP ? ofTcp : protocol === UDP ? ofUdp : protocol === SCTP ? ofSctp : undefined;
  const id = words[at + SERIAL];
  const isOdd = words[at + TUNNEL] | ((mark >> ORIGINAL_SHIFT) & INDEX);
  if (known === undefined || isOdd !== 0 || id <= 0 || id > MAX_ID) return false;
  const ports = words[at + PORTS];
  const sourceIsHigh = ofClient === ((kind & CLIENT_IS_HIGH) !== 0);
  out.count(beginning, id);
  const vlans = words[at + VLANS];
  if (vlans !== 0) writeVlans(vlans, out);
  out.prepared(SRC_IP);
  flow.writeAddress(ofClient, out);
  out.count(SRC_PORT, (sourceIsHigh ? ports : ports >>> 16) & 0xffff);
  out.prepared(DEST_IP);
  flow.writeAddress(!ofClient, out);
  out.count(DEST_PORT, (sourceIsHigh ? ports >>> 16 : ports) & 0xffff);
  const index = mark & INDEX;
  out.prepared(known[index] ?? middle(flow, known, index));
  flow.writeCommunityId(out);
  out.prepared(END);
  return true;
}

const fields: readonly Field[] = envelope.filter(({ name }) => NAMES.has(name) || name.startsWith('tunnel.'));

/** The envelope of records of one type. @param ofClient false for records that name the server as source (DNS responses) */
export function envelopeBlock(type: string, ofClient: boolean): Block {
  const beginning = new Prepared(`"event_type":${JSON.stringify(type)},"flow_id":`);
  return { root: '', fields, write: (_, event, out) => write(event, out, beginning, ofClient) };
}
