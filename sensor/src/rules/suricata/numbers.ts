// Keywords that compare a number of a transaction: which of our fields each means, and what its names stand for.
import { rcodeName, typeName } from '../../protocols/dns/names.ts';
import { encryptionName, TYPES } from '../../protocols/krb5/names.ts';
import { operationName, resultName } from '../../protocols/ldap/names.ts';
import { BOTH, CLIENT, type Place, SERVER } from './buffers.ts';

export interface NumberSpec {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly places: readonly Place[];
  /** Names, in lower case, that a rule or our record may have for a number. */
  readonly words?: ReadonlyMap<string, number>;
}

const of = (type: string, path: string, sides: number): Place => ({ type, path, sides });
const number = (name: string, places: readonly Place[], words?: ReadonlyMap<string, number>): NumberSpec =>
  words === undefined ? { name, places } : { name, places, words };

/** The names of the numbers below a bound; what has none is called by its digits. */
function named(name: (n: number) => string, bound: number): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  for (let n = 0; n < bound; n++) words.set(name(n).toLowerCase(), n);
  return words;
}
const listed = (...names: readonly string[]): ReadonlyMap<string, number> =>
  new Map(names.map((name, n) => [name, n] as const));

const RCODES = new Map([...named(rcodeName, 32), ['badvers', 16]]);
const KRB5 = new Map([
  ...Object.entries(TYPES).map(([n, name]) => [name.toLowerCase(), Number(n)] as const),
  ...Object.entries(TYPES).map(([n, name]) => [name.toLowerCase().replace('krb_', ''), Number(n)] as const),
]);
const PDUS = listed(
  'get_request',
  'get_next_request',
  'response',
  'set_request',
  'trap_v1',
  'get_bulk_request',
  'inform_request',
  'trap_v2',
  'report',
);
const MQTT_QOS = ['connect', 'connack', 'publish', 'puback', 'pubrec', 'pubrel', 'subscribe', 'unsubscribe'];
const LDAP_DONE = ['search_result_done', 'bind_response', 'modify_response', 'add_response', 'del_response'];

export const NUMBERS: readonly NumberSpec[] = [
  number('dns.opcode', [of('dns', 'dns.opcode', BOTH)]),
  number('dns.rcode', [of('dns', 'dns.rcode', SERVER)], RCODES),
  number(
    'dns.rrtype',
    [of('dns', 'dns.queries.rrtype', BOTH), of('dns', 'dns.answers.rrtype', SERVER)],
    named(typeName, 260),
  ),
  number('snmp.version', [of('snmp', 'snmp.version', BOTH)]),
  number('snmp.pdu_type', [of('snmp', 'snmp.pdu_type', BOTH)], PDUS),
  number('krb5_msg_type', [of('krb5', 'krb5.msg_type', BOTH)], KRB5),
  number('krb5.ticket_encryption', [of('krb5', 'krb5.ticket_encryption', SERVER)], named(encryptionName, 70)),
  number('ftp.dynamic_port', [of('ftp', 'ftp.dynamic_port', BOTH)]),
  number('ike.exchtype', [of('ike', 'ike.exchange_type', BOTH)]),
  number('ike.key_exchange_payload_length', [of('ike', 'ike.key_exchange_length', BOTH)]),
  number('ike.nonce_payload_length', [of('ike', 'ike.nonce_length', BOTH)]),
  number('rfb.sectype', [of('rfb', 'rfb.authentication.security_type', BOTH)]),
  number('dhcp.leasetime', [of('dhcp', 'dhcp.lease_time', BOTH)]),
  number('dhcp.renewal_time', [of('dhcp', 'dhcp.renewal_time', BOTH)]),
  number('dhcp.rebinding_time', [of('dhcp', 'dhcp.rebinding_time', BOTH)]),
  number('mqtt.protocol_version', [of('mqtt', 'mqtt.connect.protocol_version', CLIENT)]),
  number(
    'mqtt.qos',
    MQTT_QOS.map((name) => of('mqtt', `mqtt.${name}.qos`, BOTH)),
  ),
  number('mqtt.reason_code', [
    of('mqtt', 'mqtt.connack.return_code', BOTH),
    of('mqtt', 'mqtt.puback.reason_code', BOTH),
    of('mqtt', 'mqtt.pubrec.reason_code', BOTH),
    of('mqtt', 'mqtt.suback.qos_granted', BOTH),
    of('mqtt', 'mqtt.unsuback.reason_codes', BOTH),
    of('mqtt', 'mqtt.disconnect.reason_code', BOTH),
  ]),
  number('tls.cert_chain_len', [of('tls', 'tls.chain_length', SERVER)]),
  number('ldap.request.operation', [of('ldap', 'ldap.request.operation', CLIENT)], named(operationName, 26)),
  number(
    'ldap.responses.operation',
    [of('ldap', 'ldap.responses.operation', SERVER)],
    named(operationName, 26),
  ),
  number(
    'ldap.responses.result_code',
    LDAP_DONE.map((name) => of('ldap', `ldap.responses.${name}.result_code`, SERVER)),
    named(resultName, 128),
  ),
  number('ldap.responses.count', [of('ldap', 'ldap.result_count', SERVER)]),
  number('ntp.version', [of('ntp', 'ntp.version', BOTH)]),
  number('ntp.mode', [of('ntp', 'ntp.mode', BOTH)]),
  number('ntp.stratum', [of('ntp', 'ntp.stratum', BOTH)]),
  number('dnp3_func', [of('dnp3', 'dnp3.application.function_code', BOTH)]),
  number('enip.protocol_version', [
    of('enip', 'enip.request.register_session.protocol_version', CLIENT),
    of('enip', 'enip.response.register_session.protocol_version', SERVER),
    of('enip', 'enip.response.list_services.protocol_version', SERVER),
    of('enip', 'enip.response.identity.protocol_version', SERVER),
  ]),
  number('enip.capabilities', [of('enip', 'enip.response.list_services.capabilities', SERVER)]),
  number('enip.product_code', [of('enip', 'enip.response.identity.product_code', SERVER)]),
  number('enip.serial', [of('enip', 'enip.response.identity.serial', SERVER)]),
  number('enip.state', [of('enip', 'enip.response.identity.state', SERVER)]),
  number('enip.identity_status', [of('enip', 'enip.response.identity.status', SERVER)]),
  number('http2.priority', [
    of('http', 'http.http2.request.priority', CLIENT),
    of('http', 'http.http2.response.priority', SERVER),
  ]),
];
