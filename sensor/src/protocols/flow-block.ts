// A flow's record, written at once.
import { jsonKeys, Prepared } from '../bytes/json.ts';
import { hex8 } from '../bytes/text.ts';
import type { Block } from './event.ts';
import { FLAG_NAMES, flowFields } from './flow.ts';

const KEY = jsonKeys(
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
  'start',
  'end',
  'age',
  'state',
  'reason',
  'conn_state',
  'history',
  'retransmissions_toserver',
  'retransmissions_toclient',
  'missing_bytes_toserver',
  'missing_bytes_toclient',
);
const COMMA = 0x2c;
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

export const flowBlock: Block = {
  root: 'flow',
  fields: flowFields.filter(({ name }) => name.startsWith('flow.')),
  write(_, { flow: f }, out) {
    out.count(KEY.pkts_toserver, f.pkts_toserver);
    out.count(KEY.pkts_toclient, f.pkts_toclient);
    out.count(KEY.bytes_toserver, f.bytes_toserver);
    out.count(KEY.bytes_toclient, f.bytes_toclient);
    out.count(KEY.payload_bytes_toserver, f.payload_toserver);
    out.count(KEY.payload_bytes_toclient, f.payload_toclient);
    out.count(KEY.min_ttl_toserver, f.min_ttl_toserver);
    out.count(KEY.max_ttl_toserver, f.max_ttl_toserver);
    if (f.min_ttl_toclient > 0) out.count(KEY.min_ttl_toclient, f.min_ttl_toclient);
    if (f.max_ttl_toclient > 0) out.count(KEY.max_ttl_toclient, f.max_ttl_toclient);
    out.prepared(KEY.start);
    out.time(f.start);
    out.byte(COMMA);
    out.prepared(KEY.end);
    out.time(f.last);
    out.byte(COMMA);
    out.count(KEY.age, Math.floor(f.last / 1e6) - Math.floor(f.start / 1e6));
    out.word(KEY.state, f.state);
    if (f.reason !== undefined) out.word(KEY.reason, f.reason);
    out.word(KEY.conn_state, f.conn_state);
    const { history } = f;
    if (history !== '') out.word(KEY.history, history);
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
