// NTLM messages (MS-NLMP) inside other protocols: who logs in where, as whom. What proves it (challenges, responses) is passed over.
import { u16le, u32le } from '../bytes/read.ts';
import { startsWith, word } from '../bytes/text.ts';
import { oem, utf16le } from '../bytes/windows.ts';
import type { Field, Value } from './protocol.ts';

const SIGNATURE = word('NTLMSSP\0');
const NEGOTIATE = 1;
const CHALLENGE = 2;
const AUTHENTICATE = 3;

const UNICODE = 0x0000_0001;
const VERSION = 0x0200_0000;

/** Fields of a challenge's target information (MS-NLMP §2.2.2.1). */
const NB_COMPUTER = 1;
const NB_DOMAIN = 2;
const DNS_COMPUTER = 3;
const DNS_DOMAIN = 4;
const DNS_TREE = 5;
const MAX_PAIRS = 16;
const MAX_NAME = 256;
/** An NTLM response of version 1 has exactly this length, the other versions more. */
const V1_RESPONSE = 24;

/** What the messages of one log-in say. */
export interface Ntlm {
  domain?: string;
  user?: string;
  host?: string;
  /** Operating system of who sent the last message: `10.0 build 19041 rev 15`. */
  version?: string;
  /** NTLMv1, NTLMv2 or anonymous. */
  authentication?: string;
  serverComputer?: string;
  serverDomain?: string;
  serverDnsComputer?: string;
  serverDnsDomain?: string;
  serverTree?: string;
}

export const isNtlm = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= 12 && startsWith(b, at, end, SIGNATURE);

/** Reads one message into what is known of the log-in. @returns the message's type; 0 when it is no NTLM message */
export function readNtlm(b: Uint8Array, at: number, end: number, into: Ntlm): number {
  if (!isNtlm(b, at, end)) return 0;
  const type = u32le(b, at + 8);
  if (type === NEGOTIATE && end - at >= 16) negotiate(b, at, end, into);
  else if (type === CHALLENGE && end - at >= 32) challenge(b, at, end, into);
  else if (type === AUTHENTICATE && end - at >= 52) authenticate(b, at, end, into);
  else return 0;
  return type;
}

/** The text that a (length, room, offset) triple at `field` points to. */
function text(b: Uint8Array, at: number, end: number, field: number, unicode: boolean): string {
  const length = u16le(b, field);
  const from = at + u32le(b, field + 4);
  if (length === 0 || from + length > end) return '';
  return unicode ? utf16le(b, from, from + length, MAX_NAME) : oem(b, from, from + length, MAX_NAME);
}

const version = (b: Uint8Array, at: number): string =>
  `${b[at]}.${b[at + 1]} build ${u16le(b, at + 2)} rev ${b[at + 7]}`;

function negotiate(b: Uint8Array, at: number, end: number, into: Ntlm): void {
  if ((u32le(b, at + 12) & VERSION) !== 0 && end - at >= 40) into.version = version(b, at + 32);
  if (end - at < 32) return;
  // Both are given in the OEM code page here, and seldom at all.
  const domain = text(b, at, end, at + 16, false);
  const host = text(b, at, end, at + 24, false);
  if (domain !== '') into.domain = domain;
  if (host !== '') into.host = host;
}

function challenge(b: Uint8Array, at: number, end: number, into: Ntlm): void {
  if (end - at < 48) return;
  if ((u32le(b, at + 20) & VERSION) !== 0 && end - at >= 56) into.version = version(b, at + 48);
  const length = u16le(b, at + 40);
  let next = at + u32le(b, at + 44);
  const stop = Math.min(end, next + length);
  for (let n = 0; n < MAX_PAIRS && next + 4 <= stop; n++) {
    const id = u16le(b, next);
    const from = next + 4;
    next = from + u16le(b, next + 2);
    if (id === 0 || next > stop) return;
    if (id === NB_COMPUTER) into.serverComputer = utf16le(b, from, next, MAX_NAME);
    else if (id === NB_DOMAIN) into.serverDomain = utf16le(b, from, next, MAX_NAME);
    else if (id === DNS_COMPUTER) into.serverDnsComputer = utf16le(b, from, next, MAX_NAME);
    else if (id === DNS_DOMAIN) into.serverDnsDomain = utf16le(b, from, next, MAX_NAME);
    else if (id === DNS_TREE) into.serverTree = utf16le(b, from, next, MAX_NAME);
  }
}

function authenticate(b: Uint8Array, at: number, end: number, into: Ntlm): void {
  const flags = end - at >= 64 ? u32le(b, at + 60) : 0;
  const unicode = (flags & UNICODE) !== 0;
  into.domain = text(b, at, end, at + 28, unicode);
  into.user = text(b, at, end, at + 36, unicode);
  into.host = text(b, at, end, at + 44, unicode);
  const response = u16le(b, at + 20);
  into.authentication =
    into.user === '' && response === 0 ? 'anonymous' : response > V1_RESPONSE ? 'NTLMv2' : 'NTLMv1';
  if ((flags & VERSION) !== 0 && end - at >= 72) into.version = version(b, at + 64);
}

type Columns = readonly (readonly [string, Field['class'], string, string, (n: Ntlm) => Value])[];

/** Where no domain is joined, a NetBIOS domain is the machine's own name: an identifier, whoever says it. */
const COLUMNS: Columns = [
  ['domain', 'identifier', 'domainname', 'Domain of who logs in, by NTLM.', (n) => n.domain],
  ['user', 'identifier', 'username', 'Who logs in, by NTLM.', (n) => n.user],
  ['host', 'identifier', 'hostname', 'Machine that the client says it is.', (n) => n.host],
  [
    'version',
    'protocol',
    '',
    "Operating system's version, as the last NTLM message tells it.",
    (n) => n.version,
  ],
  ['authentication', 'protocol', '', 'NTLMv1, NTLMv2 or anonymous.', (n) => n.authentication],
  [
    'server_nb_computer_name',
    'name',
    'server_nb_computer_name',
    "The server's NetBIOS name, from its challenge.",
    (n) => n.serverComputer,
  ],
  ['server_nb_domain_name', 'identifier', '', "The server's NetBIOS domain.", (n) => n.serverDomain],
  [
    'server_dns_computer_name',
    'name',
    'server_dns_computer_name',
    "The server's DNS name, from its challenge.",
    (n) => n.serverDnsComputer,
  ],
  ['server_dns_domain_name', 'name', '', "The server's DNS domain.", (n) => n.serverDnsDomain],
  ['server_tree_name', 'name', 'server_tree_name', "DNS name of the server's forest.", (n) => n.serverTree],
];

/**
 * Fields `<path>.domain`, `<path>.user` … of a record whose message has a log-in. Zeek's columns of `ntlm` are aliases of
 * the record's own log-in, not of one that it carries further inside.
 */
export const ntlmFields = <Message>(
  path: string,
  of: (message: Message) => Ntlm | undefined,
): Field<Message>[] =>
  COLUMNS.map(([name, privacy, alias, about, read]) => ({
    name: `${path}.${name}`,
    type: 'string',
    class: privacy,
    aliases: alias === '' || path.split('.').length > 2 ? [] : [`ntlm.${alias}`],
    about,
    read(message) {
      const ntlm = of(message);
      return ntlm === undefined ? undefined : read(ntlm);
    },
  }));
