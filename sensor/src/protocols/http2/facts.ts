// What an `http` record says besides when it was spoken as HTTP/2 (Suricata's `http.http2`).
import type { Field, Value } from '../protocol.ts';

/** What one side said of the connection or of the stream. */
export interface SideFacts {
  /** Identifier and value, in their order. */
  settings: (readonly [id: number, value: number])[] | undefined;
  errorCode: number | undefined;
  priority: number | undefined;
}

export class Http2Facts {
  readonly stream: number;
  readonly request: SideFacts = { settings: undefined, errorCode: undefined, priority: undefined };
  readonly response: SideFacts = { settings: undefined, errorCode: undefined, priority: undefined };
  /** Status of a remote procedure call, as the trailer has it. */
  grpcStatus: string | undefined;

  constructor(stream: number) {
    this.stream = stream;
  }
}

/** RFC 9113 §6.5.2, from 1 on, as Suricata writes them. */
const SETTINGS = [
  'HEADERTABLESIZE',
  'ENABLEPUSH',
  'MAXCONCURRENTSTREAMS',
  'INITIALWINDOWSIZE',
  'MAXFRAMESIZE',
  'MAXHEADERLISTSIZE',
] as const;

/** RFC 9113 §7, from 0 on. */
const ERRORS = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
] as const;

interface Spoken {
  http2?: Http2Facts | undefined;
}
type Spec = Omit<Field<Spoken>, 'read'>;
const isHttp2 = ({ http2 }: Spoken): boolean => http2 !== undefined;
const field = (spec: Spec, read: (facts: Http2Facts) => Value): Field<Spoken> => ({
  ...spec,
  when: isHttp2,
  read: ({ http2 }) => (http2 === undefined ? undefined : read(http2)),
});

function ofSide(side: 'request' | 'response', who: string): Field<Spoken>[] {
  const path = `http.http2.${side}`;
  return [
    field(
      {
        name: `${path}.settings[].settings_id`,
        type: 'string',
        class: 'protocol',
        about: `Setting that the ${who} tells.`,
      },
      (h) => h[side].settings?.map(([id]) => `SETTINGS${SETTINGS[id - 1] ?? id}`),
    ),
    field(
      {
        name: `${path}.settings[].settings_value`,
        type: 'integer',
        class: 'protocol',
        about: 'Its value.',
      },
      (h) => h[side].settings?.map(([, value]) => value),
    ),
    field(
      {
        name: `${path}.error_code`,
        type: 'string',
        class: 'protocol',
        about: `Why the ${who} ended the stream or the connection.`,
      },
      ({ [side]: { errorCode } }) =>
        errorCode === undefined ? undefined : (ERRORS[errorCode] ?? String(errorCode)),
    ),
    field(
      {
        name: `${path}.priority`,
        type: 'integer',
        class: 'protocol',
        about: `Weight that the ${who} gives the stream.`,
      },
      (h) => h[side].priority,
    ),
  ];
}

export const http2Fields: readonly Field<Spoken>[] = [
  field(
    { name: 'http.version', type: 'string', class: 'protocol', about: '2, when it is HTTP/2.' },
    () => '2',
  ),
  field(
    {
      name: 'http.http2.stream_id',
      type: 'integer',
      class: 'protocol',
      about: 'Number of the stream; 0 is the connection.',
    },
    (h) => h.stream,
  ),
  ...ofSide('request', 'client'),
  ...ofSide('response', 'server'),
  field(
    {
      name: 'http.http2.grpc_status',
      type: 'integer',
      class: 'protocol',
      about: 'Result of a remote procedure call (gRPC); 0 is success.',
    },
    (h) => (h.grpcStatus !== undefined && /^\d{1,5}$/.test(h.grpcStatus) ? Number(h.grpcStatus) : undefined),
  ),
];
