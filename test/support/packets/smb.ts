// Messages of SMB 2 (MS-SMB2 §2.2) and SMB 1 (MS-CIFS §2.2) in their frames, for test conversations.
import { element, octetString, sequence, tagged } from './ber.ts';
import { filetimeOctets, guidOctets, le16, le32, le64, wide } from './little.ts';
import { be24, type Octets, octets } from './octets.ts';

/** One or several chained messages in the frame of a direct TCP session. */
export function framed(...messages: readonly Uint8Array[]): Uint8Array {
  const padded = messages.map((m, i) =>
    i === messages.length - 1 ? m : octets(m, new Uint8Array((8 - (m.length % 8)) % 8)),
  );
  for (const [i, m] of padded.entries()) if (i < padded.length - 1) m.set(le32(m.length), 20);
  const whole = octets(...padded);
  return octets([0], be24(whole.length), whole);
}

export interface Head2 {
  readonly command: number;
  readonly id: number;
  readonly session?: number;
  readonly tree?: number;
  readonly status?: number;
  /** 1 response, 2 asynchronous, 4 related, 8 signed. */
  readonly flags?: number;
}

export const smb2 = (head: Head2, ...body: readonly Octets[]): Uint8Array =>
  octets(
    '\xfeSMB',
    le16(64),
    le16(1),
    le32(head.status ?? 0),
    le16(head.command),
    le16(1),
    le32(head.flags ?? 0),
    le32(0),
    le64(head.id),
    le32(0xfeff),
    le32(head.tree ?? 0),
    le64(head.session ?? 0),
    new Uint8Array(16),
    ...body,
  );

const MACHINE = guidOctets('11223344-5566-7788-99aa-bbccddeeff00');
const SERVER = guidOctets('656c6966-0073-0000-0000-000000000000');

export const negotiate = (): Uint8Array =>
  smb2(
    { command: 0, id: 0 },
    le16(36),
    le16(2),
    le16(1),
    le16(0),
    le32(0x7f),
    MACHINE,
    le64(0),
    le16(0x0302),
    le16(0x0311),
  );

/** Version 3.1.1, with AES-128-GCM. */
export function negotiated(): Uint8Array {
  const context = octets(le16(2), le16(4), le32(0), le16(1), le16(2));
  return smb2(
    { command: 0, id: 0, flags: 1 },
    le16(65),
    le16(3),
    le16(0x0311),
    le16(1),
    SERVER,
    le32(0x2f),
    le32(65_536),
    le32(8_388_608),
    le32(8_388_608),
    filetimeOctets(1_775_000_000),
    le64(0),
    le16(128),
    le16(0),
    le32(128),
    context,
  );
}

const SPNEGO = element(0x06, [0x2b, 6, 1, 5, 5, 2]);
const NTLM = element(0x06, [0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10]);
/** A log-in's first token, as SPNEGO wraps it (RFC 4178 §4.2). */
export const negTokenInit = (token: Octets): Uint8Array =>
  element(0x60, SPNEGO, tagged(0, sequence(tagged(0, sequence(NTLM)), tagged(2, octetString(token)))));
export const negTokenResp = (token: Octets): Uint8Array =>
  tagged(1, sequence(tagged(0, element(0x0a, [1])), tagged(2, octetString(token))));

export const sessionSetup = (id: number, session: number, token: Octets): Uint8Array => {
  const blob = octets(token);
  return smb2(
    { command: 1, id, session },
    le16(25),
    [0, 1],
    le32(1),
    le32(0),
    le16(88),
    le16(blob.length),
    le64(0),
    blob,
  );
};
export const sessionAnswer = (id: number, session: number, status: number, token: Octets): Uint8Array => {
  const blob = octets(token);
  return smb2(
    { command: 1, id, session, status, flags: 1 },
    le16(9),
    le16(0),
    le16(72),
    le16(blob.length),
    blob,
  );
};

export const treeConnect = (id: number, session: number, path: string): Uint8Array =>
  smb2({ command: 3, id, session, flags: 8 }, le16(9), le16(0), le16(72), le16(path.length * 2), wide(path));
/** @param type 1 files, 2 pipes, 3 printers */
export const treeConnected = (id: number, session: number, tree: number, type: number): Uint8Array =>
  smb2({ command: 3, id, session, tree, flags: 1 }, le16(16), [type, 0], le32(0x30), le32(0), le32(0x1f01ff));

export const create = (
  head: Omit<Head2, 'command'>,
  name: string,
  disposition: number,
  options = 0x40,
): Uint8Array =>
  smb2(
    { ...head, command: 5 },
    le16(57),
    [0, 0],
    le32(2),
    le64(0),
    le64(0),
    le32(0x120089),
    le32(0),
    le32(7),
    le32(disposition),
    le32(options),
    le16(120),
    le16(name.length * 2),
    le32(0),
    le32(0),
    wide(name === '' ? '\0' : name),
  );
export const fileId = (n: number): Uint8Array => octets(le64(n), le64(n + 1));
export const created = (head: Omit<Head2, 'command'>, file: number, size: number): Uint8Array =>
  smb2(
    { ...head, command: 5, flags: 1 | (head.flags ?? 0) },
    le16(89),
    [0, 0],
    le32(1),
    ...[1, 2, 3, 4].map((n) => filetimeOctets(1_775_000_000 + n)),
    le64(4096),
    le64(size),
    le32(0x20),
    le32(0),
    fileId(file),
    le32(0),
    le32(0),
  );

export const read = (head: Omit<Head2, 'command'>, file: Uint8Array, length: number): Uint8Array =>
  smb2(
    { ...head, command: 8 },
    le16(49),
    [80, 0],
    le32(length),
    le64(0),
    file,
    le32(0),
    le32(0),
    le32(0),
    le32(0),
    [0],
  );
export const readAnswer = (head: Omit<Head2, 'command'>, data: Octets): Uint8Array =>
  smb2(
    { ...head, command: 8, flags: 1 },
    le16(17),
    [80, 0],
    le32(octets(data).length),
    le32(0),
    le32(0),
    data,
  );
export const write = (head: Omit<Head2, 'command'>, file: Uint8Array, data: Octets): Uint8Array =>
  smb2(
    { ...head, command: 9 },
    le16(49),
    le16(112),
    le32(octets(data).length),
    le64(0),
    file,
    le32(0),
    le32(0),
    le32(0),
    le32(0),
    data,
  );
export const written = (head: Omit<Head2, 'command'>, length: number): Uint8Array =>
  smb2({ ...head, command: 9, flags: 1 }, le16(17), le16(0), le32(length), le32(0), le32(0));
export const close = (head: Omit<Head2, 'command'>, file: Uint8Array): Uint8Array =>
  smb2({ ...head, command: 6 }, le16(24), le16(0), le32(0), file);
export const closed = (head: Omit<Head2, 'command'>): Uint8Array =>
  smb2({ ...head, command: 6, flags: 1 }, le16(60), new Uint8Array(58));

/** Asks a pipe and waits for its answer. */
export const transceive = (head: Omit<Head2, 'command'>, file: Uint8Array, data: Octets): Uint8Array =>
  smb2(
    { ...head, command: 11 },
    le16(57),
    le16(0),
    le32(0x0011c017),
    file,
    le32(120),
    le32(octets(data).length),
    le32(0),
    le32(0),
    le32(0),
    le32(1024),
    le32(1),
    le32(0),
    data,
  );
export const transceived = (head: Omit<Head2, 'command'>, file: Uint8Array, data: Octets): Uint8Array =>
  smb2(
    { ...head, command: 11, flags: 1 },
    le16(49),
    le16(0),
    le32(0x0011c017),
    file,
    le32(112),
    le32(0),
    le32(112),
    le32(octets(data).length),
    le32(0),
    le32(0),
    data,
  );

/** Class 1 is of files; level 10 renames, 13 marks for deletion. */
export const setInfo = (
  head: Omit<Head2, 'command'>,
  file: Uint8Array,
  level: number,
  data: Octets,
): Uint8Array =>
  smb2(
    { ...head, command: 17 },
    le16(33),
    [1, level],
    le32(octets(data).length),
    le16(96),
    le16(0),
    le32(0),
    file,
    data,
  );
export const renameTo = (name: string): Uint8Array =>
  octets([0], new Uint8Array(7), le64(0), le32(name.length * 2), wide(name));

export interface Head1 {
  readonly command: number;
  readonly id: number;
  readonly user?: number;
  readonly tree?: number;
  readonly status?: number;
  readonly isReply?: boolean;
}

/** @param words parameter words @param data bytes behind them */
export function smb1(head: Head1, words: Octets, data: Octets): Uint8Array {
  const [w, d] = [octets(words), octets(data)];
  return octets(
    '\xffSMB',
    [head.command],
    le32(head.status ?? 0),
    [head.isReply === true ? 0x98 : 0x18],
    le16(0xc843),
    new Uint8Array(12),
    le16(head.tree ?? 0),
    le16(77),
    le16(head.user ?? 0),
    le16(head.id),
    [w.length / 2],
    w,
    le16(d.length),
    d,
  );
}
/** Parameters of a chain's last command. */
export const NO_ANDX = octets([0xff, 0], le16(0));
