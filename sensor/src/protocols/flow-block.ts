// A flow's record, written at once.
import { jsonKeys, Prepared } from '../bytes/json.ts';
import { hex8 } from '../bytes/text.ts';
import { BYTES, LAST, PACKETS, PAYLOAD, START, SUMS, TTL, WORDS } from '../flow/row.ts';
import { TableFlowView } from '../flow/view.ts';
import type { Block } from './event.ts';
import { FLAG_NAMES, flowFields } from './flow.ts';

const KEY = {
  ...jsonKeys(
    'pkts_toserver',
    'pkts_toclient',
    'bytes_toserver',
    'bytes_toclient',
    'payload_bytes_toserver',
    'payload_bytes_toclient',
    'min_ttl_toserver',
    'max_ttl_toserver',
    'min_ttl_toclient',
    'max_ttl_toclient',
    'state',
    'history',
    'retransmissions_toserver',
    'retransmissions_toclient',
    'missing_bytes_toserver',
    'missing_bytes_toclient',
  ),
  start: new Prepared('"start":'),
  // Behind a time.
  end: new Prepared(',"end":'),
  age: new Prepared(',"age":'),
};
const IS_SHED = new Prepared('"shed":true,');
const TCP = 6;

/** `"syn":true,…` of every combination of flags. */
const FLAGS = Array.from(
  { length: 256 },
  (_, flags) =>
    new Prepared(
      FLAG_NAMES.filter((_name, bit) => (flags >> bit) & 1)
        .map((name) => `"${name}":true,`)
        .join(''),
    ),
);
/** The three members that tell flags in hex, by their value. */
const HEX_FLAGS = ['tcp_flags', 'tcp_flags_ts', 'tcp_flags_tc'].map((name) =>
  Array.from({ length: 256 }, (_, flags) => new Prepared(`"${name}":"${hex8(flags)}",`)),
);

/** `"state":"closed","reason":"timeout","conn_state":"SF",` of all that were met: there are no more than 3 × 5 × 13. */
const outcomes = new Map<string, Map<string | undefined, Map<string, Prepared>>>();

function outcome({ state, reason, conn_state }: TableFlowView): Prepared {
  let ofState = outcomes.get(state);
  if (ofState === undefined) outcomes.set(state, (ofState = new Map()));
  let ofReason = ofState.get(reason);
  if (ofReason === undefined) ofState.set(reason, (ofReason = new Map()));
  let text = ofReason.get(conn_state);
  if (text === undefined) {
    const ended = reason === undefined ? '' : `"reason":"${reason}",`;
    ofReason.set(
      conn_state,
      (text = new Prepared(`"state":"${state}",${ended}"conn_state":"${conn_state}",`)),
    );
  }
  return text;
}

const MAX_AGE = 0x7fffffff;

export const flowBlock: Block = {
  root: 'flow',
  fields: flowFields.filter(({ name }) => name.startsWith('flow.')),
  write(_, { flow: f }, out) {
    if (!(f instanceof TableFlowView)) return false;
    const { sums } = f;
    const at = f.slot * SUMS;
    const ttl = f.words[f.slot * WORDS + TTL];
    const start = sums[at + START];
    const last = sums[at + LAST];
    out.count(KEY.pkts_toserver, sums[at + PACKETS]);
    out.count(KEY.pkts_toclient, sums[at + PACKETS + 1]);
    out.count(KEY.bytes_toserver, sums[at + BYTES]);
    out.count(KEY.bytes_toclient, sums[at + BYTES + 1]);
    out.count(KEY.payload_bytes_toserver, sums[at + PAYLOAD]);
    out.count(KEY.payload_bytes_toclient, sums[at + PAYLOAD + 1]);
    out.count(KEY.min_ttl_toserver, ttl & 255);
    out.count(KEY.max_ttl_toserver, (ttl >>> 8) & 255);
    if ((ttl & 0xff0000) !== 0) out.count(KEY.min_ttl_toclient, (ttl >>> 16) & 255);
    if (ttl >>> 24 !== 0) out.count(KEY.max_ttl_toclient, ttl >>> 24);
    out.prepared(KEY.start);
    out.time(start);
    out.prepared(KEY.end);
    out.time(last);
    out.count(KEY.age, Math.min(Math.floor(last / 1e6) - Math.floor(start / 1e6), MAX_AGE));
    out.prepared(outcome(f));
    const { history } = f;
    if (history !== '') out.word(KEY.history, history);
    if (f.shed) out.prepared(IS_SHED);
    return true;
  },
};

/** What only TCP has. */
export const tcpBlock: Block = {
  root: 'tcp',
  fields: flowFields.filter(({ name }) => name.startsWith('tcp.')),
  write(_, { flow: f }, out) {
    if (f.protocol !== TCP) return true;
    const { tcp_flags_ts, tcp_flags_tc } = f;
    const flags = tcp_flags_ts | tcp_flags_tc;
    out.prepared(HEX_FLAGS[0][flags]);
    out.prepared(HEX_FLAGS[1][tcp_flags_ts]);
    out.prepared(HEX_FLAGS[2][tcp_flags_tc]);
    out.prepared(FLAGS[flags]);
    if (f.retransmitted_toserver > 0) out.count(KEY.retransmissions_toserver, f.retransmitted_toserver);
    if (f.retransmitted_toclient > 0) out.count(KEY.retransmissions_toclient, f.retransmitted_toclient);
    if (f.missing_toserver > 0) out.count(KEY.missing_bytes_toserver, f.missing_toserver);
    if (f.missing_toclient > 0) out.count(KEY.missing_bytes_toclient, f.missing_toclient);
    out.word(KEY.state, f.tcp_state);
    return true;
  },
};
