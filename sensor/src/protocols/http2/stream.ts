// One stream of HTTP/2, and what is said of the connection as a whole, in the shape of a record.
import type { Transaction } from '../http/fields.ts';
import { Http2Facts } from './facts.ts';

export interface Stream extends Transaction {
  requestLength: number;
  responseLength: number;
  readonly http2: Http2Facts;
  /** Directions that said their last: bit 0 the client's, bit 1 the server's. */
  ended: number;
}

export const newStream = (id: number): Stream => ({
  request: undefined,
  response: undefined,
  requestLength: 0,
  responseLength: 0,
  http2: new Http2Facts(id),
  ended: 0,
});

/** What is said of the connection as a whole: no request, no response. */
export class Connection implements Transaction {
  request: undefined;
  response: undefined;
  requestLength: undefined;
  responseLength: undefined;
  readonly http2: Http2Facts;

  constructor(http2: Http2Facts) {
    this.http2 = http2;
  }
}
