// What the object paths of STIX mean in our events: the fields that show it, or why no field does.
import { type IndicatorKind, KIND, type Kind } from './kinds.ts';

/** How the values of a target are compared. */
export type Compared = 'address' | 'name' | 'url' | 'text' | 'number' | 'mail' | 'hex';

export interface Target {
  /** Paths without list marks. Those of the envelope are in every event. */
  readonly fields: readonly string[];
  readonly compared: Compared;
  /** The kind that an equality with it can be looked up as. */
  readonly kind?: IndicatorKind;
}

/** Why a path is of no use here. */
export interface Unseen {
  readonly unseen: string;
}

const fieldsOf = (kind: IndicatorKind): string[] => Object.values((KIND[kind] as Kind).fields).flat();
const byKind = (kind: IndicatorKind, compared: Compared): Target => ({
  fields: fieldsOf(kind),
  compared,
  kind,
});
const text = (...fields: string[]): Target => ({ fields, compared: 'text' });
const number = (...fields: string[]): Target => ({ fields, compared: 'number' });

const ADDRESS: Target = {
  fields: ['src_ip', 'dest_ip', 'dns.answers.rdata'],
  compared: 'address',
  kind: 'address',
};
const NAME = byKind('domain', 'name');
const MAIL = byKind('email', 'mail');
const FILES = 'file hashes and contents: the sensor reads no files';

/** Exact paths, list marks left out. */
const PATHS: Readonly<Record<string, Target>> = {
  'ipv4-addr:value': ADDRESS,
  'ipv6-addr:value': ADDRESS,
  'domain-name:value': NAME,
  'domain-name:resolves_to_refs.value': {
    fields: ['dns.answers.rdata'],
    compared: 'address',
    kind: 'address',
  },
  'url:value': byKind('url', 'url'),
  'email-addr:value': MAIL,
  'email-message:from_ref.value': { ...MAIL, fields: ['smtp.mail_from', 'smtp.from'] },
  'email-message:sender_ref.value': { ...MAIL, fields: ['smtp.mail_from', 'smtp.from'] },
  'email-message:to_refs.value': { ...MAIL, fields: ['smtp.rcpt_to', 'smtp.to'] },
  'email-message:cc_refs.value': { ...MAIL, fields: ['smtp.cc'] },
  'email-message:subject': text('smtp.subject'),
  'email-message:message_id': text('smtp.msg_id'),
  'user-account:user_id': byKind('user', 'text'),
  'user-account:account_login': byKind('user', 'text'),
  'file:name': byKind('file-name', 'text'),
  'x509-certificate:serial_number': byKind('cert-serial', 'hex'),
  'x509-certificate:subject': text('tls.subject', 'tls.client.subject'),
  'x509-certificate:issuer': text('tls.issuerdn', 'tls.client.issuerdn'),
  'x509-certificate:x509_v3_extensions.subject_alternative_name': text('tls.subjectaltname'),
  'x509-certificate:subject_public_key_algorithm': text('tls.key_type'),
  'x509-certificate:signature_algorithm': text('tls.sig_alg'),
  'x509-certificate:is_self_signed': text('tls.self_signed'),
  'x509-certificate:hashes.SHA-1': byKind('cert-sha1', 'hex'),
  'x509-certificate:hashes.SHA-256': byKind('cert-sha256', 'hex'),
  'network-traffic:src_ref.value': { fields: ['src_ip'], compared: 'address', kind: 'address' },
  'network-traffic:dst_ref.value': {
    fields: ['dest_ip', ...NAME.fields],
    compared: 'address',
    kind: 'address',
  },
  'network-traffic:src_port': number('src_port'),
  'network-traffic:dst_port': number('dest_port'),
  'network-traffic:protocols': text('proto', 'app_proto', 'event_type'),
  'network-traffic:src_byte_count': number('flow.payload_bytes_toserver'),
  'network-traffic:dst_byte_count': number('flow.payload_bytes_toclient'),
  'network-traffic:src_packets': number('flow.pkts_toserver'),
  'network-traffic:dst_packets': number('flow.pkts_toclient'),
  'network-traffic:extensions.http-request-ext.request_method': text('http.http_method'),
  'network-traffic:extensions.http-request-ext.request_value': text('http.url'),
  'network-traffic:extensions.http-request-ext.request_version': text('http.protocol'),
  'network-traffic:extensions.http-request-ext.request_header.User-Agent': byKind('user-agent', 'text'),
  'network-traffic:extensions.http-request-ext.request_header.Host': { ...NAME, fields: ['http.hostname'] },
  'network-traffic:extensions.http-request-ext.request_header.Referer': text('http.http_refer'),
  'network-traffic:extensions.http-request-ext.message_body_length': number('http.request_length'),
};

/** Last words of paths that producers of their own use for fingerprints (`x-ja3:value`, `tls.ja3_hash`). */
const FINGERPRINT =
  /(?:^|[-_.:])(ja3s|ja3|ja4|hasshserver|hassh)(?:[-_]?(?:hash|md5|fingerprint|digest|server))?(?:[.:](?:value|hash|md5))?$/;

const OBJECTS: Readonly<Record<string, string>> = {
  file: FILES,
  artifact: FILES,
  directory: 'directories: seen on machines, not between them',
  process: 'processes: seen on machines, not between them',
  mutex: 'mutexes: seen on machines, not between them',
  'windows-registry-key': 'registry keys: seen on machines, not between them',
  'win-registry-key': 'registry keys: seen on machines, not between them',
  'mac-addr': 'hardware addresses: they do not go beyond their own network',
  'autonomous-system': 'autonomous systems: the sensor has no table of routes',
  software: 'software: seen on machines, not between them',
};

/** @param path as the pattern has it: object, then members, list marks as steps */
export function targetOf(path: readonly string[]): Target | Unseen {
  const [object, ...members] = path;
  const plain = `${object}:${members.filter((member) => !member.startsWith('[')).join('.')}`;
  const known = Object.hasOwn(PATHS, plain) ? PATHS[plain] : byHeader(plain);
  if (known !== undefined) return known;
  const print = FINGERPRINT.exec(plain.toLowerCase());
  if (print !== null) {
    const kind = /server/.test(print[0]) && print[1] === 'hassh' ? 'hasshserver' : print[1];
    return byKind(kind as IndicatorKind, 'hex');
  }
  if (object === 'x509-certificate' && members[0] === 'hashes')
    return { unseen: `${members[1] ?? 'other'} of certificates: the sensor makes SHA-1 and SHA-256` };
  return { unseen: OBJECTS[object] ?? `"${plain.slice(0, 80)}": nothing that the sensor looks at` };
}

/** Header fields by any spelling of their case. */
function byHeader(plain: string): Target | undefined {
  const mark = '.request_header.';
  const at = plain.indexOf(mark);
  if (at < 0) return undefined;
  const name = plain.slice(at + mark.length).toLowerCase();
  const found = Object.keys(PATHS).find(
    (path) => path.includes(mark) && path.toLowerCase().endsWith(`${mark}${name}`),
  );
  return found === undefined ? undefined : PATHS[found];
}
