// Sticky buffers: which of our fields each of Suricata's names means, and whose side of a conversation it is about.
/*
 * Data only. A field of the client is looked at on the way to the server, one of the server on the way to the client; one
 * of both, and every field of a record that speaks for one side alone (DNS), on the way that the record went. Another test
 * holds every path against the vocabulary.
 */

export const CLIENT = 1;
export const SERVER = 2;
export const BOTH = 3;

/** What becomes of a field's value before a rule sees it; see `forms.ts`. */
export type Form = 'uri' | 'lower';

export interface Place {
  readonly type: string;
  readonly path: string;
  readonly sides: number;
  readonly form?: Form;
  /** Only records in which another field holds such a text. */
  readonly only?: { readonly path: string; readonly text: RegExp };
}

export interface BufferSpec {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly places: readonly Place[];
  /** Letters are in lower case here: a rule that asks for capitals, or says `nocase`, is wrong. */
  readonly isLower?: true;
}

const of = (type: string, path: string, sides: number, form?: Form): Place =>
  form === undefined ? { type, path, sides } : { type, path, sides, form };
const buffer = (name: string, places: readonly Place[], aliases: readonly string[] = []): BufferSpec => ({
  name,
  aliases,
  places,
});

/** Our records name the share of every request; Suricata's rules ask when it is opened. */
const TREE_CONNECT = { path: 'smb.command', text: /TREE_CONNECT/ } as const;
const ROWS = ['answers', 'authorities', 'additionals'] as const;
const HTTP: readonly (readonly [string, string, number, readonly string[], Form?])[] = [
  ['http.method', 'http.http_method', CLIENT, ['http_method']],
  ['http.uri', 'http.url', CLIENT, ['http_uri'], 'uri'],
  ['http.uri.raw', 'http.url', CLIENT, ['http_raw_uri']],
  ['http.user_agent', 'http.http_user_agent', CLIENT, ['http_user_agent']],
  ['http.referer', 'http.http_refer', CLIENT, ['http_referer']],
  ['http.host.raw', 'http.hostname', CLIENT, ['http_raw_host']],
  ['http.protocol', 'http.protocol', BOTH, ['http_protocol']],
  ['http.stat_code', 'http.status', SERVER, ['http_stat_code']],
  ['http.server', 'http.server', SERVER, []],
  ['http.location', 'http.redirect', SERVER, []],
];
/** Parts of the head, of a request and of a response; see `http-head.ts`. */
const HEADS: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['http.header', 'header', 'header', ['http_header']],
  ['http.header.raw', 'raw', 'raw', ['http_raw_header']],
  ['http.header_names', 'names', 'names', ['http_header_names']],
  ['http.request_header', 'fields', '', []],
  ['http.response_header', '', 'fields', []],
  ['http.request_line', 'line', '', ['http_request_line']],
  ['http.response_line', '', 'line', ['http_response_line']],
  ['http.start', 'start', 'start', ['http_start']],
  ['http.cookie', 'cookie', 'set-cookie', ['http_cookie']],
  ['http.accept', 'accept', '', ['http_accept']],
  ['http.accept_enc', 'accept-encoding', '', ['http_accept_enc']],
  ['http.accept_lang', 'accept-language', '', ['http_accept_lang']],
  ['http.connection', 'connection', 'connection', ['http_connection']],
  ['http.content_len', 'content-length', 'content-length', ['http_content_len']],
  ['http.content_type', 'content-type', 'content-type', ['http_content_type']],
  ['http.stat_msg', '', 'message', ['http_stat_msg']],
];
const SIP: readonly (readonly [string, string, number])[] = [
  ['sip.method', 'sip.method', CLIENT],
  ['sip.uri', 'sip.uri', CLIENT],
  ['sip.request_line', 'sip.request_line', CLIENT],
  ['sip.protocol', 'sip.version', BOTH],
  ['sip.stat_code', 'sip.code', SERVER],
  ['sip.stat_msg', 'sip.reason', SERVER],
  ['sip.response_line', 'sip.response_line', SERVER],
  ['sip.from', 'sip.from', BOTH],
  ['sip.to', 'sip.to', BOTH],
  ['sip.user_agent', 'sip.user_agent', BOTH],
  ['sip.content_type', 'sip.content_type', BOTH],
];
const LDAP_DONE = [
  'search_result_done',
  'bind_response',
  'modify_response',
  'add_response',
  'del_response',
  'mod_dn_response',
  'compare_response',
  'extended_response',
] as const;

const both = (path: string, sides: number): readonly Place[] => [
  of('tls', `tls.${path}`, sides),
  of('quic', `quic.${path}`, sides),
];

export const BUFFERS: readonly BufferSpec[] = [
  // DNS
  buffer('dns.query', [of('dns', 'dns.queries.rrname', CLIENT)], ['dns_query']),
  buffer('dns.queries.rrname', [of('dns', 'dns.queries.rrname', BOTH)], ['dns.query.name']),
  ...ROWS.map((rows) => buffer(`dns.${rows}.rrname`, [of('dns', `dns.${rows}.rrname`, SERVER)])),
  buffer('dns.response.rrname', [
    of('dns', 'dns.queries.rrname', SERVER),
    ...ROWS.flatMap((rows) => [
      of('dns', `dns.${rows}.rrname`, SERVER),
      of('dns', `dns.${rows}.rdata`, SERVER),
    ]),
  ]),
  buffer('mdns.queries.rrname', [of('mdns', 'mdns.queries.rrname', BOTH)]),
  ...ROWS.map((rows) => buffer(`mdns.${rows}.rrname`, [of('mdns', `mdns.${rows}.rrname`, BOTH)])),
  buffer('mdns.response.rrname', [
    of('mdns', 'mdns.queries.rrname', BOTH),
    ...ROWS.map((rows) => of('mdns', `mdns.${rows}.rrname`, BOTH)),
  ]),
  buffer('llmnr.queries.rrname', [of('llmnr', 'llmnr.queries.rrname', BOTH)]),
  ...ROWS.map((rows) => buffer(`llmnr.${rows}.rrname`, [of('llmnr', `llmnr.${rows}.rrname`, BOTH)])),
  // TLS and QUIC
  buffer('tls.sni', [of('tls', 'tls.sni', CLIENT)], ['tls_sni']),
  buffer('tls.cert_subject', [of('tls', 'tls.subject', SERVER)], ['tls_cert_subject']),
  buffer('tls.cert_issuer', [of('tls', 'tls.issuerdn', SERVER)], ['tls_cert_issuer']),
  buffer('tls.cert_serial', [of('tls', 'tls.serial', SERVER)], ['tls_cert_serial']),
  buffer('tls.cert_fingerprint', [of('tls', 'tls.fingerprint', SERVER)], ['tls_cert_fingerprint']),
  buffer('tls.subjectaltname', [of('tls', 'tls.subjectaltname', SERVER)]),
  buffer('tls.alpn', [of('tls', 'tls.client_alpns', CLIENT), of('tls', 'tls.server_alpns', SERVER)]),
  buffer('ja3.hash', both('ja3.hash', CLIENT), ['ja3_hash']),
  buffer('ja3.string', both('ja3.string', CLIENT), ['ja3_string']),
  buffer('ja3s.hash', both('ja3s.hash', SERVER), ['ja3s_hash']),
  buffer('ja3s.string', both('ja3s.string', SERVER), ['ja3s_string']),
  buffer('ja4.hash', both('ja4', CLIENT), ['ja4_hash']),
  buffer('quic.sni', [of('quic', 'quic.sni', CLIENT)]),
  buffer('quic.ua', [of('quic', 'quic.ua', CLIENT)]),
  buffer('quic.version', [of('quic', 'quic.version', BOTH)]),
  buffer('quic.cyu.hash', [of('quic', 'quic.cyu.hash', CLIENT)]),
  buffer('quic.cyu.string', [of('quic', 'quic.cyu.string', CLIENT)]),
  // HTTP
  {
    name: 'http.host',
    aliases: ['http_host'],
    isLower: true,
    places: [of('http', 'http.hostname', CLIENT, 'lower')],
  },
  ...HTTP.map(([name, path, sides, aliases, form]) => buffer(name, [of('http', path, sides, form)], aliases)),
  ...HEADS.map(([name, request, response, aliases]) =>
    buffer(
      name,
      [
        ...(request === '' ? [] : [of('http', `@request.${request}`, CLIENT)]),
        ...(response === '' ? [] : [of('http', `@response.${response}`, SERVER)]),
      ],
      aliases,
    ),
  ),
  // SSH
  ...(['client', 'server'] as const).flatMap((side) => [
    buffer(side === 'client' ? 'ssh.hassh' : 'ssh.hassh.server', [
      of('ssh', `ssh.${side}.hassh.hash`, side === 'client' ? CLIENT : SERVER),
    ]),
    buffer(side === 'client' ? 'ssh.hassh.string' : 'ssh.hassh.server.string', [
      of('ssh', `ssh.${side}.hassh.string`, side === 'client' ? CLIENT : SERVER),
    ]),
  ]),
  ...(['proto', 'software'] as const).map((what) =>
    buffer(
      `ssh.${what}`,
      [of('ssh', `ssh.client.${what}_version`, CLIENT), of('ssh', `ssh.server.${what}_version`, SERVER)],
      [`ssh_${what}`],
    ),
  ),
  // Files and log-ins of Windows
  buffer(
    'smb.named_pipe',
    [{ ...of('smb', 'smb.named_pipe', BOTH), only: TREE_CONNECT }],
    ['smb_named_pipe'],
  ),
  buffer('smb.share', [{ ...of('smb', 'smb.share', BOTH), only: TREE_CONNECT }], ['smb_share']),
  buffer('smb.ntlmssp_user', [of('smb', 'smb.ntlmssp.user', CLIENT)]),
  buffer('smb.ntlmssp_domain', [of('smb', 'smb.ntlmssp.domain', CLIENT)]),
  buffer('krb5.cname', [of('krb5', 'krb5.cname', BOTH)], ['krb5_cname']),
  buffer('krb5.sname', [of('krb5', 'krb5.sname', BOTH)], ['krb5_sname']),
  buffer('ldap.request.dn', [
    of('ldap', 'ldap.request.bind_request.name', CLIENT),
    of('ldap', 'ldap.request.search_request.base_object', CLIENT),
    of('ldap', 'ldap.request.modify_request.object', CLIENT),
    of('ldap', 'ldap.request.add_request.entry', CLIENT),
    of('ldap', 'ldap.request.del_request.dn', CLIENT),
    of('ldap', 'ldap.request.mod_dn_request.entry', CLIENT),
    of('ldap', 'ldap.request.compare_request.entry', CLIENT),
  ]),
  buffer('ldap.request.attribute_type', [
    of('ldap', 'ldap.request.search_request.attributes', CLIENT),
    of('ldap', 'ldap.request.modify_request.changes.modification.attribute_type', CLIENT),
    of('ldap', 'ldap.request.add_request.attributes.name', CLIENT),
    of('ldap', 'ldap.request.compare_request.attribute_value_assertion.description', CLIENT),
  ]),
  buffer('ldap.responses.dn', [
    of('ldap', 'ldap.responses.search_result_entry.base_object', SERVER),
    ...LDAP_DONE.map((name) => of('ldap', `ldap.responses.${name}.matched_dn`, SERVER)),
  ]),
  buffer(
    'ldap.responses.message',
    LDAP_DONE.map((name) => of('ldap', `ldap.responses.${name}.message`, SERVER)),
  ),
  // Mail and files
  buffer('smtp.helo', [of('smtp', 'smtp.helo', CLIENT)]),
  buffer('smtp.mail_from', [of('smtp', 'smtp.mail_from', CLIENT)]),
  buffer('smtp.rcpt_to', [of('smtp', 'smtp.rcpt_to', CLIENT)]),
  ...(['from', 'to', 'cc', 'subject', 'date'] as const).map((name) =>
    buffer(`email.${name}`, [of('smtp', `smtp.${name}`, CLIENT)]),
  ),
  buffer('email.message_id', [of('smtp', 'smtp.msg_id', CLIENT)]),
  buffer('email.x_mailer', [of('smtp', 'smtp.user_agent', CLIENT)]),
  buffer('ftp.command', [of('ftp', 'ftp.command', CLIENT)]),
  buffer('ftp.command_data', [of('ftp', 'ftp.command_data', CLIENT)]),
  buffer('ftp.reply', [of('ftp', 'ftp.reply', SERVER)]),
  buffer('ftp.completion_code', [of('ftp', 'ftp.completion_code', SERVER)]),
  // Machines
  buffer('mqtt.connect.clientid', [of('mqtt', 'mqtt.connect.client_id', CLIENT)]),
  buffer('mqtt.connect.username', [of('mqtt', 'mqtt.connect.username', CLIENT)]),
  buffer('mqtt.connect.protocol_string', [of('mqtt', 'mqtt.connect.protocol_string', CLIENT)]),
  buffer('mqtt.connect.willtopic', [of('mqtt', 'mqtt.connect.will.topic', CLIENT)]),
  buffer('mqtt.publish.topic', [of('mqtt', 'mqtt.publish.topic', BOTH)]),
  buffer('mqtt.subscribe.topic', [of('mqtt', 'mqtt.subscribe.topics.topic', CLIENT)]),
  buffer('mqtt.unsubscribe.topic', [of('mqtt', 'mqtt.unsubscribe.topics', CLIENT)]),
  buffer('enip.product_name', [of('enip', 'enip.response.identity.product_name', SERVER)]),
  buffer('enip.service_name', [of('enip', 'enip.response.list_services.service_name', SERVER)]),
  buffer('snmp.community', [of('snmp', 'snmp.community', BOTH)]),
  buffer('snmp.usm', [of('snmp', 'snmp.usm', BOTH)]),
  buffer('snmp.trap_oid', [of('snmp', 'snmp.trap_oid', BOTH)]),
  buffer('snmp.trap_address', [of('snmp', 'snmp.trap_address', BOTH)]),
  // Talk
  buffer('sip.content_length', [of('sip', 'sip.content_length', BOTH)]),
  ...SIP.map(([name, path, sides]) => buffer(name, [of('sip', path, sides)])),
  buffer('rfb.name', [of('rfb', 'rfb.framebuffer.name', SERVER)]),
  buffer('ike.init_spi', [of('ike', 'ike.init_spi', CLIENT)]),
  buffer('ike.resp_spi', [of('ike', 'ike.resp_spi', SERVER)]),
  buffer('ike.vendor', [of('ike', 'ike.ikev1.vendor_ids', BOTH), of('ike', 'ike.ikev2.vendor_ids', BOTH)]),
  buffer('ntp.reference_id', [of('ntp', 'ntp.reference_id', BOTH)]),
];
