// One header block as the head of a message, in the shape that HTTP/1 gives it.
import { Head, type HeaderName } from '../http/head.ts';
import type { HeaderSink } from './hpack.ts';

/** What a block's field becomes in a head. Every other one is passed over unread. */
const KEPT: Readonly<Record<string, HeaderName>> = {
  ':authority': 'host',
  host: 'host',
  'user-agent': 'user-agent',
  referer: 'referer',
  'content-type': 'content-type',
  'content-length': 'content-length',
  location: 'location',
  'x-forwarded-for': 'x-forwarded-for',
  server: 'server',
};
/** Fields that say what a start line says. */
const START = new Set([':method', ':path', ':status']);
const GRPC_STATUS = 'grpc-status';
/** Shaped like the versions of HTTP/1, and as the preface spells it. */
const VERSION = 'HTTP/2.0';
/** Longest value of a field, as in HTTP/1; a target may be longer. */
const MAX_VALUE = 1024;

export class HeaderBlock implements HeaderSink {
  readonly head = new Head();
  readonly #isRequest: boolean;
  grpcStatus: string | undefined;

  constructor(isRequest: boolean) {
    this.#isRequest = isRequest;
    if (isRequest) this.head.third = VERSION;
    else this.head.first = VERSION;
  }

  /** A status before the real one (RFC 9110 §15.2). */
  get isInterim(): boolean {
    return !this.#isRequest && this.head.second.startsWith('1');
  }

  wants(name: string): boolean {
    return START.has(name) || name === GRPC_STATUS || Object.hasOwn(KEPT, name);
  }

  field(name: string, value: string): void {
    const { head } = this;
    if (name === ':method') {
      if (this.#isRequest) head.first ||= value.substring(0, MAX_VALUE);
    } else if (name === ':path') {
      if (this.#isRequest) head.second ||= value;
    } else if (name === ':status') {
      if (!this.#isRequest) head.second ||= value.substring(0, MAX_VALUE);
    } else if (name === GRPC_STATUS) this.grpcStatus ??= value;
    else if (Object.hasOwn(KEPT, name)) head.headers[KEPT[name]] ??= value.substring(0, MAX_VALUE);
  }
}
