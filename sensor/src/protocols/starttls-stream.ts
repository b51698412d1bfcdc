// Lines of a protocol that goes over to TLS when a client asks and its server agrees: POP3, IMAP, FTP.
import type { Direction, Emit } from '../flow/parser.ts';
import { LineStream } from './line-stream.ts';

const TLS_HANDSHAKE = 0x16;

export abstract class StarttlsStream extends LineStream {
  protected serverSeen = false;
  /** The client asked for TLS: what it says next depends on the answer. */
  protected asked = false;

  override stream(bytes: Uint8Array, at: number, end: number, direction: Direction, emit: Emit): number {
    if (direction === 1) this.serverSeen = true;
    else if (this.asked) {
      // Half of a conversation: that the server agreed shows in what the client does.
      if (!this.serverSeen && bytes[at] === TLS_HANDSHAKE) emit.upgrade();
      return 0;
    }
    return super.stream(bytes, at, end, direction, emit);
  }

  override gap(direction: Direction, count: number): boolean {
    if (direction === 1) this.asked = false;
    return super.gap(direction, count);
  }
}
