// For tests: rules against events that say what the test says, without a capture.
import type { Event, FlowView } from '../../sensor/src/protocols/event.ts';
import { slotOf, toldFields } from '../../sensor/src/protocols/told.ts';
import { words } from '../../sensor/src/rules/index.ts';
import { Row } from '../../sensor/src/rules/row.ts';
import { loadSignatures, type SuricataText } from '../../sensor/src/rules/suricata/load.ts';
import type { SignatureSet } from '../../sensor/src/rules/suricata/set.ts';
import type { Scalar } from '../../sensor/src/wire/field.ts';

type Values = Readonly<Record<string, Scalar | readonly Scalar[]>>;

export const FLOW = {
  id: 1,
  src_ip: '10.0.0.1',
  dest_ip: '203.0.113.9',
  src_port: 50_000,
  dest_port: 443,
  protocol: 6,
  proto: 'TCP',
  app_proto: undefined,
  state: 'established',
  pkts_toserver: 4,
  pkts_toclient: 3,
  tcp_flags_ts: 0x1a,
  vlan: [],
  start: 0,
  last: 0,
} as unknown as FlowView;

export interface Loaded {
  readonly set: SignatureSet;
  readonly problems: readonly string[];
  /** The row of the event's type speaks of it from here on. */
  at(event: Event): void;
}

/** @param texts one text of rules, or files by name */
export function loaded(texts: string | readonly SuricataText[]): Loaded {
  const rows = new Map<string, Row>();
  const problems: string[] = [];
  const row = (type: string): Row => {
    let found = rows.get(type);
    if (found === undefined) rows.set(type, (found = new Row()));
    return found;
  };
  const given = typeof texts === 'string' ? [{ file: 'test.rules', text: texts }] : texts;
  const set = loadSignatures(given, words, row, (work) => {
    try {
      work();
    } catch (error) {
      problems.push((error as Error).message);
    }
  });
  return { set, problems, at: (event) => rows.get(event.type)?.at(event) };
}

/** An event as another sensor tells it: fields by their names with list marks. */
export function told(type: string, values: Values, flow: Partial<FlowView> = {}, time = 1e15): Event {
  const list: (Scalar | readonly Scalar[])[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (slotOf(name) < 0) throw new Error(`no field is called ${name}`);
    list[slotOf(name)] = value;
  }
  return {
    type,
    time,
    flow: { ...FLOW, app_proto: type, ...flow },
    message: { values: list },
    fields: toldFields[type],
    isTold: true,
  };
}

export const usual = {
  /** Whether options behind a sticky buffer hold for its text. */
  holds(options: string, text: string): boolean {
    const { set, problems, at } = loaded(
      `alert http any any -> any any (http.user_agent; ${options} sid:1;)`,
    );
    if (problems.length > 0 || set.refused.length > 0)
      throw new Error([...problems, ...set.refused.map(({ why }) => why)].join());
    const event = told('http', { 'http.http_user_agent': text });
    at(event);
    let found = false;
    set.dispatch.get('http')?.match(
      0,
      () => true,
      () => {
        found = true;
      },
    );
    return found;
  },
};
