// Every word of Suricata's rules that names a buffer or asks for something we have not, and why it is refused.
import { BUFFERS, type Place } from './buffers.ts';

/** A buffer by its name. */
export interface Found {
  readonly name: string;
  /** Undefined: it is known, and we have it not. */
  readonly places: readonly Place[] | undefined;
  readonly isLower: boolean;
  /** Why we have it not. */
  readonly why: string;
}

const known = new Map<string, Found>();
for (const { name, aliases = [], places, isLower = false } of BUFFERS)
  for (const word of [name, ...aliases]) known.set(word, { name, places, isLower, why: '' });

const PAYLOAD = 'it reads payload, which is never kept';
const HEADERS = 'it reads frames of HTTP/2, of which only facts are kept';
const FILES = 'files that are transferred are not read';
const CERTIFICATE = 'it reads the bytes of the certificate, of which only facts are kept';
const NOT_READ = 'no record of ours holds it';
const NO_PROTOCOL = 'this protocol is not read';

/** Sticky buffers of Suricata 8 that we have not. */
const MISSING: Readonly<Record<string, string>> = {
  [PAYLOAD]:
    'file_data file.data http.request_body http.response_body http_client_body http_server_body dce_stub_data ' +
    'dcerpc.stub_data base64_data mqtt.publish.message mqtt.connect.willmessage mqtt.connect.password websocket.payload ' +
    'pgsql.query tcp.hdr udp.hdr ipv4.hdr ipv6.hdr icmpv4.hdr icmpv6.hdr krb5.ticket email.body_md5 email.url ' +
    'email.received smb.ntlmssp_password snmp.value http2.data frame ssl_state_data mysql.command mysql.rows arp.hdr ether.hdr',
  [HEADERS]:
    'http2.header http2.header_name http2.frametype http2.errorcode http2.window http2.size_update http2.settings',
  [FILES]: 'file.name file.magic filemagic mime.type',
  [CERTIFICATE]: 'tls.certs tls.random tls.random_time tls.random_bytes tls.cert_chain tls.handshake',
  [NOT_READ]:
    'sip.via sip.content_length_raw sdp.session_name sdp.session_info sdp.origin sdp.uri sdp.email sdp.phone_number ' +
    'sdp.connection_data sdp.bandwidth sdp.time sdp.repeat_time sdp.timezone sdp.encryption_key sdp.attribute sdp.media ' +
    'sdp.media.media sdp.media.session_info sdp.media.connection_data sdp.media.encryption_key dnp3_data ' +
    'ike.chosen_sa_attribute ike.transform http.host.port enip.cip_attribute imap.request imap.response pop3.request ' +
    'email.x_originating telnet.data ldap.responses.attribute_type mqtt.connack.properties',
  [NO_PROTOCOL]: 'nfs.version nfs_procedure nfs_version nfs.filename rpc doh2 nfs.procedure',
};
for (const [why, words] of Object.entries(MISSING))
  for (const word of words.split(' '))
    if (!known.has(word))
      known.set(word, { name: word, places: undefined, isLower: false, why: `"${word}": ${why}` });

/** @returns what is known of a buffer of this name; one that nobody knows has no places */
export const bufferOf = (name: string): Found =>
  known.get(name) ?? { name, places: undefined, isLower: false, why: `"${name}": ${NOT_READ}` };
export const isBuffer = (name: string): boolean => known.has(name);
export const bufferWords = (): Iterable<string> => known.keys();

const CHECKSUM = 'checksums are not verified: network cards fill them in behind a tap';
const ENGINE = 'it runs a program, or steers an engine that we are not';

/** Options that are right in Suricata and refused here: by why. */
const REFUSED: Readonly<Record<string, string>> = {
  [PAYLOAD]:
    'byte_test byte_jump byte_extract byte_math base64_decode asn1 rpc entropy filesize filemd5 filesha1 filesha256 ' +
    'filestore filename fileext file.name ftpbounce detect_base64 modbus_payload flowvar pktvar icmpv4.payload ' +
    'ssl_state',
  [CHECKSUM]: 'tcpv4-csum tcpv6-csum udpv4-csum udpv6-csum icmpv4-csum icmpv6-csum ipv4-csum igmp-csum',
  [ENGINE]: 'lua luajit config ndpi-protocol ndpi-risk nfq_set_mark geoip l3_proto decode-frame xdp',
  [NO_PROTOCOL]: 'nfs_procedure nfs_version igmp.type igmp.hdr igmp.csum doh',
  [NOT_READ]:
    'dnp3_obj dnp3_ind cip_service enip_command enip.command enip.status enip.vendor_id enip.revision enip.device_type ' +
    'enip.cip_status enip.cip_class enip.cip_instance enip.cip_attribute enip.cip_extendedstatus cip.service ' +
    'websocket.opcode websocket.mask websocket.flags rfb.secresult ike.chosen_sa_attribute krb5_err_code ' +
    'tls_random_time sip.via smtp.command ssh.version http2.errorcode http2.frametype http2.settings http2.window ' +
    'http2.size_update http2.header template2 mqtt.will mysql.command app-layer-state ftpdata_command filename_ext',
};
const refused = new Map<string, string>();
for (const [why, words] of Object.entries(REFUSED))
  for (const word of words.split(' ')) refused.set(word, `"${word}": ${why}`);

/** Why an option is refused; undefined when it is not one of those. */
export const refusal = (name: string): string | undefined => refused.get(name);
export const refusedWords = (): Iterable<string> => refused.keys();
