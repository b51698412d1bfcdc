// SNMP (RFC 1157, 3416, 3412, 3414): who asks a device what, as EVE `snmp` records; answers' values are never told.
import { ipv4Text } from '../bytes/address.ts';
import {
  Element,
  INTEGER,
  integer,
  OBJECT_IDENTIFIER,
  OCTET_STRING,
  oidText,
  SEQUENCE,
} from '../bytes/ber.ts';
import { shown } from '../bytes/line.ts';
import { u32 } from '../bytes/read.ts';
import { hex, latin1 } from '../bytes/text.ts';
import { fieldsOf } from './describe.ts';
import type { Emit, Protocol, Value, Verdict } from './protocol.ts';

const V1 = 0;
const V2C = 1;
const V3 = 3;

const TRAP_V1 = 0xa4;
const FIRST_PDU = 0xa0;
const LAST_PDU = 0xa8;
const PDU_TYPES = [
  'get_request',
  'get_next_request',
  'response',
  'set_request',
  'trap_v1',
  'get_bulk_request',
  'inform_request',
  'trap_v2',
  'report',
];
/** RFC 3416 §3. */
const ERRORS = [
  'NoError',
  'TooBig',
  'NoSuchName',
  'BadValue',
  'ReadOnly',
  'GenErr',
  'NoAccess',
  'WrongType',
  'WrongLength',
  'WrongEncoding',
  'WrongValue',
  'NoCreation',
  'InconsistentValue',
  'ResourceUnavailable',
  'CommitFailed',
  'UndoFailed',
  'AuthorizationError',
  'NotWritable',
  'InconsistentName',
];
const TRAPS = [
  'ColdStart',
  'WarmStart',
  'LinkDown',
  'LinkUp',
  'AuthenticationFailure',
  'EgpNeighborLoss',
  'EnterpriseSpecific',
];
const NETWORK_ADDRESS = 0x40;
/** Object identifiers of one message that are told. */
const MAX_VARS = 64;
const MAX_COMMUNITY = 16;
/**
 * Community strings that the makers of devices set: no secret, but a fault worth a record. Others are passwords, and
 * are never told.
 */
const DEFAULTS: ReadonlySet<string> = new Set([
  'public',
  'private',
  'community',
  'snmp',
  'snmpd',
  'admin',
  'cisco',
  'manager',
  'monitor',
  'default',
  'read',
  'write',
  'security',
  'ilmi',
  'secret',
  'test',
]);

/** Where a message's parts stand; -1 for a part that is not there. */
class Message {
  bytes: Uint8Array = new Uint8Array(0);
  version = 0;
  pduType = -1;
  isEncrypted = false;
  community = -1;
  communityEnd = 0;
  user = -1;
  userEnd = 0;
  engine = -1;
  engineEnd = 0;
  /** Flags of version 3: 1 authenticated, 2 encrypted, 4 an answer is wanted. */
  flags = 0;
  error = 0;
  trapType = -1;
  trapOid = -1;
  trapOidEnd = 0;
  trapAddress = -1;
  vars = -1;
  varsEnd = 0;
  readonly #e = new Element();

  /** True when it begins as a message does, whatever follows. */
  isBegun = false;

  /** @returns false when the bytes are no message, or a cut or damaged one; what stands before the damage is kept */
  take(b: Uint8Array, at: number, end: number): boolean {
    this.bytes = b;
    this.isBegun = false;
    this.pduType = this.community = this.user = this.engine = this.trapType = this.trapOid = -1;
    this.trapAddress = this.vars = -1;
    this.isEncrypted = false;
    this.error = 0;
    this.flags = 0;
    const e = this.#e;
    if (!e.open(b, at, end) || e.tag !== SEQUENCE) return false;
    const isWhole = e.to <= end;
    const stop = Math.min(e.to, end);
    if (!e.is(INTEGER, b, e.from, stop) || e.to - e.from !== 1) return false;
    this.version = b[e.from];
    const next = e.to;
    if (this.version !== V1 && this.version !== V2C && this.version !== V3) return false;
    if (!e.is(this.version === V3 ? SEQUENCE : OCTET_STRING, b, next, stop)) return false;
    this.isBegun = true;
    if (this.version === V3) return this.#version3(next, stop) && isWhole;
    this.community = e.from;
    this.communityEnd = e.to;
    return this.#pdu(e.to, stop) && isWhole;
  }

  /** Global data, security parameters in a string of their own, and the scoped PDU or its ciphertext. */
  #version3(at: number, end: number): boolean {
    const e = this.#e;
    const b = this.bytes;
    if (!e.is(SEQUENCE, b, at, end)) return false;
    const afterGlobal = e.to;
    // Message number, largest size, flags, security model.
    if (!e.is(INTEGER, b, e.from, afterGlobal) || !e.is(INTEGER, b, e.to, afterGlobal)) return false;
    if (!e.is(OCTET_STRING, b, e.to, afterGlobal) || e.to - e.from !== 1) return false;
    this.flags = b[e.from];
    if (!e.is(OCTET_STRING, b, afterGlobal, end)) return false;
    const afterSecurity = e.to;
    if (e.is(SEQUENCE, b, e.from, afterSecurity)) this.#security(e.from, e.to);
    if (!e.read(b, afterSecurity, end)) return false;
    if (e.tag === OCTET_STRING) {
      this.isEncrypted = true;
      return true;
    }
    // Context engine, context name, PDU.
    const stop = e.to;
    if (e.tag !== SEQUENCE || !e.is(OCTET_STRING, b, e.from, stop) || !e.is(OCTET_STRING, b, e.to, stop))
      return false;
    return this.#pdu(e.to, stop);
  }

  /** Engine, boots, time, user (RFC 3414 §2.4); the codes behind them are nobody's business. */
  #security(at: number, end: number): void {
    const e = this.#e;
    const b = this.bytes;
    if (!e.is(OCTET_STRING, b, at, end)) return;
    this.engine = e.from;
    this.engineEnd = e.to;
    if (!e.is(INTEGER, b, e.to, end) || !e.is(INTEGER, b, e.to, end) || !e.is(OCTET_STRING, b, e.to, end))
      return;
    this.user = e.from;
    this.userEnd = e.to;
  }

  #pdu(at: number, end: number): boolean {
    const e = this.#e;
    const b = this.bytes;
    if (!e.read(b, at, end) || e.tag < FIRST_PDU || e.tag > LAST_PDU) return false;
    this.pduType = e.tag;
    const stop = e.to;
    if (this.pduType === TRAP_V1) {
      if (!e.is(OBJECT_IDENTIFIER, b, e.from, stop)) return false;
      this.trapOid = e.from;
      this.trapOidEnd = e.to;
      if (!e.read(b, e.to, stop)) return false;
      if (e.tag === NETWORK_ADDRESS && e.to - e.from === 4) this.trapAddress = e.from;
      if (!e.is(INTEGER, b, e.to, stop)) return false;
      this.trapType = integer(b, e.from, e.to) ?? -1;
      // Specific code and time.
      if (!e.read(b, e.to, stop) || !e.read(b, e.to, stop)) return false;
    } else {
      if (!e.is(INTEGER, b, e.from, stop) || !e.is(INTEGER, b, e.to, stop)) return false;
      // In a bulk request the same places say how much is wanted.
      if (this.pduType !== 0xa5) this.error = integer(b, e.from, e.to) ?? 0;
      if (!e.is(INTEGER, b, e.to, stop)) return false;
    }
    if (!e.is(SEQUENCE, b, e.to, stop)) return false;
    this.vars = e.from;
    this.varsEnd = e.to;
    return true;
  }

  /** Object identifiers that are asked for or answered. */
  oids(): string[] | undefined {
    if (this.vars < 0) return undefined;
    const list: string[] = [];
    const e = this.#e;
    let at = this.vars;
    // Ends: MAX_VARS, and each is at least two bytes.
    while (list.length < MAX_VARS && e.is(SEQUENCE, this.bytes, at, this.varsEnd)) {
      at = e.to;
      const oid = e.is(OBJECT_IDENTIFIER, this.bytes, e.from, e.to)
        ? oidText(this.bytes, e.from, e.to)
        : undefined;
      if (oid !== undefined) list.push(oid);
    }
    return list.length > 0 ? list : undefined;
  }
}

const message = new Message();
const ofV3 =
  (read: (m: Message) => Value) =>
  (m: Message): Value =>
    m.version === V3 ? read(m) : undefined;

const of = fieldsOf<Message>('snmp');

export const snmp = {
  name: 'snmp',
  about: 'Simple Network Management Protocol, versions 1 to 3.',
  tcpPorts: [],
  udpPorts: [161, 162],
  probe(bytes, at, end): Verdict {
    if (end - at < 8 || bytes[at] !== SEQUENCE) return 'no';
    // On its own port a damaged message is worth a word.
    return message.take(bytes, at, end) ? 'yes' : message.isBegun ? 'more' : 'no';
  },
  datagram(bytes, at, end, _, emit: Emit) {
    if (!message.take(bytes, at, end)) emit.anomaly('malformed_data');
    if (message.isBegun) emit.event(message);
  },
  fields: [
    of('version', 'integer', 'protocol', '1, 2 (with a community) or 3.', (m) =>
      m.version === V3 ? 3 : m.version + 1,
    ),
    of('pdu_type', 'string', 'protocol', 'get_request, response, trap_v2 and so on, or encrypted.', (m) =>
      m.isEncrypted ? 'encrypted' : m.pduType < 0 ? undefined : PDU_TYPES[m.pduType - FIRST_PDU],
    ),
    of('error', 'string', 'protocol', 'Why the device refused.', (m) =>
      m.error === 0 ? undefined : (ERRORS[m.error] ?? String(m.error)),
    ),
    of('trap_type', 'string', 'protocol', 'What a device reports in version 1.', (m) =>
      m.trapType < 0 ? undefined : (TRAPS[m.trapType] ?? String(m.trapType)),
    ),
    of('trap_oid', 'string', 'protocol', 'Kind of device that reports.', (m) =>
      m.trapOid < 0 ? undefined : oidText(m.bytes, m.trapOid, m.trapOidEnd),
    ),
    of('trap_address', 'address', 'flow', 'Device that reports.', (m) =>
      m.trapAddress < 0 ? undefined : ipv4Text(u32(m.bytes, m.trapAddress)),
    ),
    of('vars', 'string', 'protocol', 'Object identifiers, without their values.', (m) => m.oids()),
    of(
      'community',
      'string',
      'protocol',
      'The community, when it is one that devices come with; others are passwords and not told.',
      (m) => {
        if (m.community < 0 || m.communityEnd - m.community > MAX_COMMUNITY) return undefined;
        const word = latin1(m.bytes, m.community, m.communityEnd);
        return DEFAULTS.has(word.toLowerCase()) ? word : undefined;
      },
    ),
    of('usm', 'string', 'identifier', 'User of version 3.', (m) =>
      m.user < 0 ? undefined : shown(m.bytes, m.user, m.userEnd),
    ),
    of('engine_id', 'string', 'identifier', 'Engine of version 3, hex: often a hardware address.', (m) =>
      m.engine < 0 || m.engineEnd === m.engine
        ? undefined
        : hex(m.bytes, m.engine, Math.min(m.engineEnd, m.engine + 32)),
    ),
    of(
      'security_level',
      'string',
      'protocol',
      'noAuthNoPriv, authNoPriv or authPriv.',
      ofV3((m) => (['noAuthNoPriv', 'authNoPriv', 'privNoAuth', 'authPriv'] as const)[m.flags & 3]),
    ),
    of(
      'reportable',
      'boolean',
      'protocol',
      'A report is wanted of what goes wrong.',
      ofV3((m) => (m.flags & 4) !== 0),
    ),
  ],
  anomalies: { malformed_data: 'A message that is cut, damaged, or none of this protocol.' },
} as const satisfies Protocol<Message>;
