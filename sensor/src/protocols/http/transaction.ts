// A request with its response. The objects are used again: a busy tap sees tens of thousands a second.
import type { Http2Facts } from '../http2/facts.ts';
import type { MessageHead } from './head.ts';
import { WireHead } from './wire-head.ts';

/** What an `http` record is read from. */
export interface Transaction {
  request: MessageHead | undefined;
  response: MessageHead | undefined;
  /** Body bytes that were transferred; undefined in a record that is about no message. */
  requestLength: number | undefined;
  responseLength: number | undefined;
  /** The flow was picked up in its middle: its first packet came from the server. */
  turned?: boolean;
  /** Of HTTP/2: stream, settings, errors. */
  http2?: Http2Facts;
}

/** Over the bytes of HTTP/1. */
export class WireTransaction implements Transaction {
  readonly requestHead = new WireHead();
  readonly responseHead = new WireHead();
  hasRequest = false;
  hasResponse = false;
  requestLength = 0;
  responseLength = 0;
  turned = false;
  /** An interim response came (1xx): the last one, unless the real one follows. */
  isInterim = false;
  /** The request behind it, while both wait for their responses. */
  next: WireTransaction | undefined;

  get request(): WireHead | undefined {
    return this.hasRequest ? this.requestHead : undefined;
  }
  get response(): WireHead | undefined {
    return this.hasResponse ? this.responseHead : undefined;
  }
}

/** Transactions at rest. */
const MAX_RESTING = 256;
const resting: WireTransaction[] = [];

export const takeTransaction = (): WireTransaction => resting.pop() ?? new WireTransaction();

export function giveBack(t: WireTransaction): void {
  if (resting.length === MAX_RESTING) return;
  t.hasRequest = t.hasResponse = t.turned = t.isInterim = false;
  t.requestLength = t.responseLength = 0;
  t.next = undefined;
  t.requestHead.release();
  t.responseHead.release();
  resting.push(t);
}
