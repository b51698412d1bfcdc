// What the words of other people's logs are called here: Sigma's taxonomy, Zeek's columns, the Elastic Common Schema.
// Aliases that a protocol declares with its fields are not repeated.

/** Made out of the field at `path`; `name` tells apart what is made of one field. */
export interface Made {
  readonly path: string;
  readonly name: string;
  readonly make: (text: string) => string;
}
/** A word stands for a field's path, or for something made out of a field. */
export type Meaning = string | Made;
export type Words = Readonly<Record<string, Meaning>>;

const made = (path: string, name: string, make: (text: string) => string): Made => ({ path, name, make });
const isIpv6 = (text: string): string => String(text.includes(':'));

const queryOf = (url: string): string => {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
};
const stemOf = (url: string): string => {
  const mark = url.indexOf('?');
  return mark < 0 ? url : url.slice(0, mark);
};
const extensionOf = (url: string): string => /\.([A-Za-z0-9]{1,16})$/.exec(stemOf(url))?.[1] ?? '';
const QUERY = made('http.url', 'query', queryOf);
const STEM = made('http.url', 'stem', stemOf);
const EXTENSION = made('http.url', 'extension', extensionOf);

export const ADDRESSES: Words = {
  SourceIp: 'src_ip',
  'id.orig_h': 'src_ip',
  'c-ip': 'src_ip',
  'source.ip': 'src_ip',
  'client.ip': 'src_ip',
  srcip: 'src_ip',
  SourcePort: 'src_port',
  'id.orig_p': 'src_port',
  'c-port': 'src_port',
  'source.port': 'src_port',
  'client.port': 'src_port',
  srcport: 'src_port',
  DestinationIp: 'dest_ip',
  dst_ip: 'dest_ip',
  'id.resp_h': 'dest_ip',
  's-ip': 'dest_ip',
  'r-ip': 'dest_ip',
  'destination.ip': 'dest_ip',
  'server.ip': 'dest_ip',
  dstip: 'dest_ip',
  DestinationPort: 'dest_port',
  dst_port: 'dest_port',
  'id.resp_p': 'dest_port',
  's-port': 'dest_port',
  'destination.port': 'dest_port',
  'server.port': 'dest_port',
  dstport: 'dest_port',
  Protocol: 'proto',
  protocol: 'proto',
  'network.transport': 'proto',
  'network.protocol': 'app_proto',
  'network.community_id': 'community_id',
  // The side that opened the flow is the one that initiated it.
  Initiated: made('src_ip', 'initiated', () => 'true'),
  SourceIsIpv6: made('src_ip', 'ipv6', isIpv6),
  DestinationIsIpv6: made('dest_ip', 'ipv6', isIpv6),
};

/** The numbers that Windows' resolver ends with. */
const WINDOWS_STATUS: Readonly<Record<string, string>> = {
  NOERROR: '0',
  FORMERR: '9001',
  SERVFAIL: '9002',
  NXDOMAIN: '9003',
  NOTIMP: '9004',
  REFUSED: '9005',
};

export const DNS: Words = {
  query: 'dns.queries.rrname',
  QueryName: 'dns.queries.rrname',
  'dns.question.name': 'dns.queries.rrname',
  record_type: 'dns.queries.rrtype',
  qtype_name: 'dns.queries.rrtype',
  'dns.question.type': 'dns.queries.rrtype',
  answer: 'dns.answers.rdata',
  answers: 'dns.answers.rdata',
  QueryResults: 'dns.answers.rdata',
  'dns.answers.data': 'dns.answers.rdata',
  rcode_name: 'dns.rcode',
  rcode: 'dns.rcode',
  'dns.response_code': 'dns.rcode',
  QueryStatus: made('dns.rcode', 'windows', (rcode) => WINDOWS_STATUS[rcode] ?? '9999'),
  trans_id: 'dns.id',
  TTLs: 'dns.answers.ttl',
};

export const HTTP: Words = {
  'c-uri': 'http.url',
  'cs-uri': 'http.url',
  uri: 'http.url',
  'url.original': 'http.url',
  'c-uri-query': QUERY,
  'cs-uri-query': QUERY,
  'url.query': QUERY,
  'c-uri-stem': STEM,
  'cs-uri-stem': STEM,
  'url.path': STEM,
  'c-uri-extension': EXTENSION,
  'url.extension': EXTENSION,
  'cs-host': 'http.hostname',
  host: 'http.hostname',
  'r-dns': 'http.hostname',
  'url.domain': 'http.hostname',
  DestinationHostname: 'http.hostname',
  'c-useragent': 'http.http_user_agent',
  'cs-user-agent': 'http.http_user_agent',
  user_agent: 'http.http_user_agent',
  'user_agent.original': 'http.http_user_agent',
  'cs-method': 'http.http_method',
  method: 'http.http_method',
  'http.request.method': 'http.http_method',
  'sc-status': 'http.status',
  status_code: 'http.status',
  'http.response.status_code': 'http.status',
  'cs-referer': 'http.http_refer',
  'cs-referrer': 'http.http_refer',
  'c-referer': 'http.http_refer',
  referrer: 'http.http_refer',
  'http.request.referrer': 'http.http_refer',
  resp_mime_types: 'http.http_content_type',
  'cs-version': 'http.protocol',
  version: 'http.protocol',
};

export const TLS: Words = {
  server_name: 'tls.sni',
  'tls.client.server_name': 'tls.sni',
  DestinationHostname: 'tls.sni',
  version: 'tls.version',
  cipher: 'tls.cipher',
  ja3: 'tls.ja3.hash',
  'tls.client.ja3': 'tls.ja3.hash',
  ja3s: 'tls.ja3s.hash',
  'tls.server.ja3s': 'tls.ja3s.hash',
  ja4: 'tls.ja4',
  subject: 'tls.subject',
  'tls.server.subject': 'tls.subject',
  issuer: 'tls.issuerdn',
  'tls.server.issuer': 'tls.issuerdn',
  next_protocol: 'tls.server_alpns',
  'certificate.subject': 'tls.subject',
  'certificate.issuer': 'tls.issuerdn',
  'certificate.serial': 'tls.serial',
  'certificate.not_valid_before': 'tls.notbefore',
  'certificate.not_valid_after': 'tls.notafter',
  'san.dns': 'tls.subjectaltname',
};

export const QUIC: Words = {
  DestinationHostname: 'quic.sni',
  'tls.client.server_name': 'quic.sni',
  user_agent: 'quic.ua',
};

export const FLOW: Words = {
  duration: 'flow.age',
  service: 'app_proto',
  app: 'app_proto',
  conn_state: 'flow.conn_state',
  orig_bytes: 'flow.payload_bytes_toserver',
  resp_bytes: 'flow.payload_bytes_toclient',
  orig_ip_bytes: 'flow.bytes_toserver',
  resp_ip_bytes: 'flow.bytes_toclient',
  orig_pkts: 'flow.pkts_toserver',
  resp_pkts: 'flow.pkts_toclient',
  'source.bytes': 'flow.bytes_toserver',
  'destination.bytes': 'flow.bytes_toclient',
  'source.packets': 'flow.pkts_toserver',
  'destination.packets': 'flow.pkts_toclient',
  sentbyte: 'flow.bytes_toserver',
  rcvdbyte: 'flow.bytes_toclient',
  'event.start': 'flow.start',
  'event.end': 'flow.end',
};

export const SMB: Words = {
  share_name: 'smb.share',
  InterfaceUuid: 'smb.dcerpc.interfaces.uuid',
  OpNum: 'smb.dcerpc.opnum',
};

export const DCERPC: Words = {
  InterfaceUuid: 'dcerpc.interfaces.uuid',
  OpNum: 'dcerpc.req.opnum',
};

export const KRB5: Words = {
  request_type: 'krb5.request_type',
  service: 'krb5.sname',
  cipher: 'krb5.encryption',
};

/** A call that the RPC firewall let through and wrote down: any call that the wire shows. */
export const RPC_FIREWALL: Words = {
  EventLog: made('src_ip', 'rpcfw', () => 'RPCFW'),
  EventID: made('src_ip', 'rpcfw-event', () => '3'),
  SourceAddress: 'src_ip',
  SourcePort: 'src_port',
};

/** Those of an event type, whatever log source it stands for. */
export const WORDS: Readonly<Record<string, Words>> = {
  dns: DNS,
  http: HTTP,
  tls: TLS,
  quic: QUIC,
  flow: FLOW,
  smb: SMB,
  dcerpc: DCERPC,
  krb5: KRB5,
};
