// What a Suricata writes, or whoever writes into its file: damaged lines, through the reader and all that is made of them.
import { suricataFinding } from '../../../sensor/src/detectors/suricata-alert.ts';
import { EveLine } from '../../../sensor/src/foreign/line.ts';
import { MAX_TEXT } from '../../../sensor/src/foreign/names.ts';
import { MAX_ITEMS } from '../../../sensor/src/foreign/reading.ts';
import type { Value } from '../../../sensor/src/protocols/event.ts';
import { alertLine, questionLine, statsLine } from '../../support/eve-lines.ts';
import { eveObject } from '../../support/eve-object.ts';
import { alike, type Guarded } from '../guard.ts';
import { mutate } from '../mutate.ts';
import type { Registry, Target } from '../target.ts';

const ENDS = { src_ip: '2001:db8::7', dest_ip: '2001:db8::9', src_port: 53, dest_port: 40000, proto: 'UDP' };
const stamped = (record: object): string =>
  JSON.stringify({ timestamp: '2026-01-05T12:00:00.123456+0000', ...ENDS, ...record });

const SEEDS = [
  alertLine(1),
  alertLine(2, {
    direction: 'to_client',
    alert: { signature_id: 7, metadata: { mitre_tactic_id: ['TA0007'] } },
  }),
  questionLine(3, 'www.example.org'),
  statsLine(8, 100, 3),
  stamped({
    event_type: 'dns',
    dns: {
      ...{ version: 2, type: 'answer', rrname: 'a.example', grouped: { A: ['192.0.2.1'], TXT: ['x', 'y'] } },
      answers: [
        { rrname: 'a.example', rrtype: 'TXT', ttl: 1, rdata: 'x', soa: { mname: 'b' } },
        { rrname: 'a.example', rrtype: 'A', rdata: '192.0.2.1' },
      ],
    },
  }),
  stamped({
    ...{
      event_type: 'flow',
      proto: 'TCP',
      vlan: [1, 2],
      tunnel: { src_ip: '10.0.0.1', dest_ip: '10.0.0.2', depth: 1 },
    },
    flow: { pkts_toserver: 3, bytes_toserver: 1e9, start: '2026-01-05T12:00:00.000000+0000', state: 'new' },
    tcp: { tcp_flags_ts: '1b', tcp_flags_tc: '14', syn: true },
  }),
  stamped({ event_type: 'anomaly', app_proto: 'tls', anomaly: { type: 'applayer', event: 'INVALID' } }),
  stamped({
    event_type: 'tls',
    tls: { sni: '\u00e9"\\\n漢', ja3: { hash: 'x' }, client_alpns: ['h2', 1, null, [[]]] },
  }),
].map((text) => Buffer.from(text.trimEnd()));

/** One of the bytes that JSON is made of, put somewhere: damage that a reader of it must think about. */
const MARKS = Buffer.from('{}[]",:\\u0-+.eEtfn \n');

const line = new EveLine();

function bounded(value: Value): void {
  const items = typeof value === 'object' ? value : [value];
  if (items.length > MAX_ITEMS) throw new Error(`a list of ${items.length}`);
  for (const item of items)
    if (typeof item === 'string' && item.length > MAX_TEXT) throw new Error(`a text of ${item.length}`);
}

const isJson = (bytes: Uint8Array): boolean => {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

/** All that is said of a line. */
function told({ bytes, at, end }: Guarded): unknown {
  const fault = line.read(bytes, at, end);
  const { reading, flow, kind, type, fields } = line;
  if (fault !== 'depth' && (fault === undefined) !== isJson(bytes.subarray(at, end)))
    throw new Error(`${fault ?? 'taken'}, and JSON.parse says otherwise`);
  if (fault !== undefined) return fault;
  for (const value of reading.values) bounded(value);
  if (kind === 'other') return kind;
  if (kind === 'stats') return line.capture;
  if (!(flow.start <= flow.last && flow.start >= 0)) throw new Error(`from ${flow.start} to ${flow.last}`);
  const record = eveObject(fields, line);
  return [kind, type, record, line.pairs, flow.isRefused, flow.isAnswered, suricataFinding(reading)];
}

const lines: Target = {
  name: 'lines',
  make(random) {
    let bytes: Uint8Array = random.one(SEEDS);
    if (random.below(4) !== 0) bytes = mutate(bytes, random, SEEDS);
    for (let n = random.below(3); n > 0 && bytes.length > 0; n--) {
      bytes = Uint8Array.from(bytes);
      bytes[random.below(bytes.length)] = MARKS[random.below(MARKS.length)];
    }
    return {
      pieces: [bytes],
      attempt: ([piece]) => alike('a line of EVE', piece, told),
    };
  },
};

export const eve: Registry = { name: 'eve', targets: async () => [lines] };
