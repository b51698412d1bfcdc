// DCE/RPC (C706, MS-RPCE) over TCP and, connectionless, over UDP: binds and calls, each with its response, as EVE `dcerpc` records.
import { u16, u16le, u32, u32le } from '../../bytes/read.ts';
import { guid } from '../../bytes/windows.ts';
import {
  type DatagramParser,
  type Direction,
  type Emit,
  type Field,
  type Protocol,
  STREAM_LOST,
  type StreamParser,
  type Verdict,
} from '../protocol.ts';
import { Association, BIND, Call, FAULT, HEADER, isHeader, REQUEST, RESPONSE } from './call.ts';
import { callFields } from './fields.ts';

interface Message {
  readonly call: Call;
  /** Of the connectionless form. */
  readonly activity?: string;
  readonly sequence?: number;
}

class RpcStream implements StreamParser {
  readonly #association = new Association(true);

  stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    const taken = this.#association.take(bytes, at, end, direction, {
      call: (call) => emit.event({ call } satisfies Message),
      endpoint: (port) => emit.expect(1, port, 'dcerpc'),
    });
    if (taken >= 0) return taken;
    emit.anomaly('malformed_data');
    return STREAM_LOST;
  }

  gap(direction: Direction, count: number): boolean {
    return this.#association.lose(direction, count);
  }

  end(emit: Emit): void {
    this.#association.end({
      call: (call) => emit.event({ call } satisfies Message),
      endpoint() {},
    });
  }
}

/** Header of a connectionless PDU (C706 §12.5.2.1). */
const CL_HEADER = 80;
const CL_REQUEST = 0;
const CL_RESPONSE = 2;
const CL_FAULT = 3;
const CL_REJECT = 6;
const CL_LAST_TYPE = 10;
const CL_MAX_WAITING = 32;
const CL_FRAGMENT = 0x04;
const CL_LAST_FRAGMENT = 0x02;

const isConnectionless = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= CL_HEADER &&
  b[at] === 4 &&
  b[at + 1] <= CL_LAST_TYPE &&
  (b[at + 3] & 0xfc) === 0 &&
  (b[at + 4] & 0xef) === 0 &&
  b[at + 5] <= 3 &&
  number16(b, at, 74) <= end - at - CL_HEADER;

const number16 = (b: Uint8Array, at: number, offset: number): number =>
  (b[at + 4] & 0x10) !== 0 ? u16le(b, at + offset) : u16(b, at + offset);
const number32 = (b: Uint8Array, at: number, offset: number): number =>
  (b[at + 4] & 0x10) !== 0 ? u32le(b, at + offset) : u32(b, at + offset);

class RpcDatagrams implements DatagramParser {
  readonly #waiting: (Message & { readonly activity: string; readonly sequence: number })[] = [];

  datagram(b: Uint8Array, at: number, end: number, _: Direction, emit: Emit): number {
    if (!isConnectionless(b, at, end)) return 0;
    const type = b[at + 1];
    const isRequest = type === CL_REQUEST;
    if (!isRequest && type !== CL_RESPONSE && type !== CL_FAULT && type !== CL_REJECT) return 0;
    const activity = guid(b, at + 40);
    const sequence = number32(b, at, 64);
    const length = number16(b, at, 74);
    let i = this.#waiting.findIndex((m) => m.activity === activity && m.sequence === sequence);
    if (i < 0) {
      if (this.#waiting.length === CL_MAX_WAITING) emit.event(this.#waiting.shift());
      const call = new Call();
      call.id = sequence;
      const version = `${number32(b, at, 60) & 0xffff}.${number32(b, at, 60) >>> 16}`;
      call.contexts = [{ id: 0, uuid: guid(b, at + 24), version }];
      i = this.#waiting.push({ call, activity, sequence }) - 1;
    }
    const { call } = this.#waiting[i];
    if (isRequest) {
      call.request = REQUEST;
      call.operation = number16(b, at, 68);
      call.requestFragments++;
      call.requestBytes += length;
      return 0;
    }
    call.response = type === CL_RESPONSE ? RESPONSE : type === CL_FAULT ? FAULT : CL_REJECT;
    call.responseFragments++;
    call.responseBytes += length;
    if ((b[at + 2] & CL_FRAGMENT) === 0 || (b[at + 2] & CL_LAST_FRAGMENT) !== 0)
      emit.event(this.#waiting.splice(i, 1)[0]);
    return 0;
  }

  end(emit: Emit): void {
    for (const message of this.#waiting) emit.event(message);
    this.#waiting.length = 0;
  }
}

const fields: readonly Field<Message>[] = [
  ...callFields<Message>('dcerpc', 'req.opnum', (m) => m.call),
  {
    name: 'dcerpc.activityuuid',
    type: 'string',
    class: 'protocol',
    about: 'Activity of a connectionless call.',
    read: (m) => m.activity,
  },
  {
    name: 'dcerpc.seqnum',
    type: 'integer',
    class: 'protocol',
    about: 'Number of a connectionless call in its activity.',
    read: (m) => m.sequence,
  },
  {
    name: 'dcerpc.rpc_version',
    type: 'string',
    class: 'protocol',
    about: 'Version: 5 over connections, 4 over datagrams.',
    read: (m) => (m.activity === undefined ? `5.${m.call.minor}` : '4.0'),
  },
];

export const dcerpc = {
  name: 'dcerpc',
  about: 'DCE/RPC: which service of which machine is asked to do what.',
  tcpPorts: [135],
  udpPorts: [135],
  probe(bytes, at, end, direction, transport): Verdict {
    if (transport === 'udp')
      return isConnectionless(bytes, at, end) && bytes[at + 1] === CL_REQUEST && direction === 0
        ? 'yes'
        : 'no';
    if (end - at < HEADER)
      return at === end || (bytes[at] === 5 && (end - at < 2 || bytes[at + 1] <= 1)) ? 'more' : 'no';
    if (!isHeader(bytes, at)) return 'no';
    // Nothing comes before a bind; calls alone are those of a flow whose beginning was missed.
    const type = bytes[at + 2];
    const fragment = bytes[at + 3] & 0x03;
    if (type >= BIND) return fragment === 3 ? 'yes' : 'no';
    return (type === REQUEST || type === RESPONSE || type === FAULT) &&
      (bytes[at + 4] & 0x10) !== 0 &&
      bytes[at + 6] === 0
      ? 'yes'
      : 'no';
  },
  open: () => new RpcStream(),
  openDatagrams: () => new RpcDatagrams(),
  fields,
  anomalies: { malformed_data: 'Bytes where a fragment should begin are none.' },
} as const satisfies Protocol<Message>;
