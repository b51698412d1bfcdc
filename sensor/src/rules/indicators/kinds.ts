// The kinds of indicators: where in an event each may stand, and how far its text may go in an alert.

export interface Kind {
  /** Fields by event type. A field that the vocabulary does not have is passed over. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** How values are compared: by suffix, by prefix, with a port, by host and path, or whole. */
  readonly by: 'suffix' | 'prefix' | 'endpoint' | 'url' | 'text';
  /** What of the value an alert may say: what stands in a field that may be withheld is never written out. */
  readonly shows: 'value' | 'host' | 'domain' | 'nothing';
}

/** Log-ins of all protocols. */
const USERS = Object.fromEntries(
  'ftp imap pop3 ldap mysql pgsql mongodb redis socks tds cassandra'
    .split(' ')
    .map((type) => [type, [`${type}.user`]]),
);

/**
 * DNS names are looked up in questions only, so that a question and its answer are one finding; addresses in answers,
 * since the connection may never follow. Flows are looked up at their end.
 */
export const KIND = {
  domain: {
    fields: {
      dns: ['dns.queries.rrname'],
      tls: ['tls.sni'],
      quic: ['quic.sni'],
      http: ['http.hostname'],
      smtp: ['smtp.mail_from_domain'],
    },
    by: 'suffix',
    shows: 'value',
  },
  address: {
    fields: {
      flow: ['dest_ip', 'src_ip'],
      dns: ['dns.answers.rdata'],
      http: ['http.hostname'],
      tls: ['tls.sni'],
    },
    by: 'prefix',
    shows: 'value',
  },
  endpoint: { fields: { flow: ['dest_ip', 'src_ip'] }, by: 'endpoint', shows: 'value' },
  url: { fields: { http: ['http.url'] }, by: 'url', shows: 'host' },
  ja3: { fields: { tls: ['tls.ja3.hash'], quic: ['quic.ja3.hash'] }, by: 'text', shows: 'value' },
  ja3s: { fields: { tls: ['tls.ja3s.hash'], quic: ['quic.ja3s.hash'] }, by: 'text', shows: 'value' },
  ja4: { fields: { tls: ['tls.ja4'], quic: ['quic.ja4'] }, by: 'text', shows: 'value' },
  hassh: { fields: { ssh: ['ssh.client.hassh.hash'] }, by: 'text', shows: 'value' },
  hasshserver: { fields: { ssh: ['ssh.server.hassh.hash'] }, by: 'text', shows: 'value' },
  'cert-sha1': { fields: { tls: ['tls.fingerprint', 'tls.client.fingerprint'] }, by: 'text', shows: 'value' },
  'cert-sha256': {
    fields: { tls: ['tls.fingerprint_sha256', 'tls.client.fingerprint_sha256'] },
    by: 'text',
    shows: 'value',
  },
  'cert-serial': { fields: { tls: ['tls.serial', 'tls.client.serial'] }, by: 'text', shows: 'value' },
  email: {
    fields: { smtp: ['smtp.mail_from', 'smtp.rcpt_to', 'smtp.from', 'smtp.to', 'smtp.cc', 'smtp.reply_to'] },
    by: 'text',
    shows: 'domain',
  },
  'email-domain': {
    fields: { smtp: ['smtp.mail_from_domain', 'smtp.rcpt_to_domain'] },
    by: 'suffix',
    shows: 'value',
  },
  'user-agent': { fields: { http: ['http.http_user_agent'] }, by: 'text', shows: 'nothing' },
  user: { fields: USERS, by: 'text', shows: 'nothing' },
  'file-name': {
    fields: { smb: ['smb.filename'], ftp_data: ['ftp_data.filename'], tftp: ['tftp.file'] },
    by: 'text',
    shows: 'nothing',
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type IndicatorKind = keyof typeof KIND;
export const KINDS = Object.keys(KIND) as IndicatorKind[];

/** Its place among KINDS: what tells the same text of two kinds apart in the table. */
export const kindNumber = (kind: IndicatorKind): number => KINDS.indexOf(kind);
