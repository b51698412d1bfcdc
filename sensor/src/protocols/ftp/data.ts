// FTP's data connections (RFC 959 §3.2): announced by a control connection, told with what that one transfers over them.
import {
  type Direction,
  type Emit,
  type Field,
  type Protocol,
  STREAM_DONE,
  type StreamParser,
} from '../protocol.ts';

/** Shared by both connections: the command often comes after the port was agreed upon. */
export class Transfer {
  command: string | undefined;
  filename: string | undefined;
  mode: 'active' | 'passive' = 'passive';
}

class FtpDataStream implements StreamParser {
  readonly #transfer: Transfer;
  #emitted = false;

  constructor(transfer: Transfer) {
    this.#transfer = transfer;
  }

  stream(_bytes: Uint8Array, _at: number, _end: number, _direction: Direction, _emit: Emit): number {
    return STREAM_DONE;
  }

  end(emit: Emit): void {
    if (this.#emitted) return;
    this.#emitted = true;
    emit.event(this.#transfer);
  }
}

export const ftpDataFields = [
  {
    name: 'ftp_data.filename',
    type: 'string',
    class: 'content',
    about: 'File that is transferred, or folder that is listed.',
    read: (t) => t.filename,
  },
  {
    name: 'ftp_data.command',
    type: 'string',
    class: 'protocol',
    about: 'Command that the transfer belongs to: RETR, STOR, LIST ….',
    read: (t) => t.command,
  },
  {
    name: 'ftp_data.mode',
    type: 'string',
    class: 'protocol',
    about: 'active: the server connects; passive: the client does.',
    read: (t) => t.mode,
  },
] as const satisfies readonly Field<Transfer>[];

export const ftpData = {
  name: 'ftp-data',
  about: 'File Transfer Protocol: a connection that carries a file or a listing.',
  tcpPorts: [],
  udpPorts: [],
  probe: () => 'no',
  open: (about?: unknown) => new FtpDataStream(about instanceof Transfer ? about : new Transfer()),
  fields: ftpDataFields,
  anomalies: {},
} as const satisfies Protocol<Transfer>;
