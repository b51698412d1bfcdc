// Which of our events a Sigma log source speaks of, and what its words are called here.
import type { Event } from '../protocols/event.ts';
import type { Value } from '../protocols/protocol.ts';
import { readField } from '../protocols/told.ts';
import type { Vocabulary } from './fields.ts';
import type { Reader, Row, Slot } from './row.ts';
import type { Columns } from './sigma/item.ts';

/** A word stands for a field's path, or for something made out of a field. */
type Meaning = string | { readonly path: string; readonly make: (text: string) => string };
type Words = Readonly<Record<string, Meaning>>;

export interface LogSourceKey {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
}

/** What a log source comes to. */
export interface LogSource {
  /** EVE event type. */
  readonly type: string;
  readonly columns: Columns;
  /**
   * A log with one row per question and answer meets our two events: a rule that reads nothing of the answer sees
   * questions only, another one answers only, so that it fires once.
   */
  readonly pairs: boolean;
}

const queryOf = (url: string): string => {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
};
const stemOf = (url: string): string => {
  const mark = url.indexOf('?');
  return mark < 0 ? url : url.slice(0, mark);
};
const extensionOf = (url: string): string => /\.([A-Za-z0-9]{1,16})$/.exec(stemOf(url))?.[1] ?? '';
const url = (make: (text: string) => string): Meaning => ({ path: 'http.url', make });

const ADDRESSES: Words = {
  SourceIp: 'src_ip',
  'id.orig_h': 'src_ip',
  'c-ip': 'src_ip',
  'source.ip': 'src_ip',
  SourcePort: 'src_port',
  'id.orig_p': 'src_port',
  'source.port': 'src_port',
  DestinationIp: 'dest_ip',
  dst_ip: 'dest_ip',
  'id.resp_h': 'dest_ip',
  's-ip': 'dest_ip',
  'destination.ip': 'dest_ip',
  DestinationPort: 'dest_port',
  dst_port: 'dest_port',
  'id.resp_p': 'dest_port',
  's-port': 'dest_port',
  'destination.port': 'dest_port',
  Protocol: 'proto',
  protocol: 'proto',
};

const DNS: Words = {
  query: 'dns.queries.rrname',
  QueryName: 'dns.queries.rrname',
  record_type: 'dns.queries.rrtype',
  qtype_name: 'dns.queries.rrtype',
  answer: 'dns.answers.rdata',
  answers: 'dns.answers.rdata',
  QueryResults: 'dns.answers.rdata',
  rcode_name: 'dns.rcode',
  rcode: 'dns.rcode',
  trans_id: 'dns.id',
  TTLs: 'dns.answers.ttl',
};

const HTTP: Words = {
  'c-uri': 'http.url',
  'cs-uri': 'http.url',
  uri: 'http.url',
  'c-uri-query': url(queryOf),
  'cs-uri-query': url(queryOf),
  'c-uri-stem': url(stemOf),
  'cs-uri-stem': url(stemOf),
  'c-uri-extension': url(extensionOf),
  'cs-host': 'http.hostname',
  host: 'http.hostname',
  'r-dns': 'http.hostname',
  'c-useragent': 'http.http_user_agent',
  'cs-user-agent': 'http.http_user_agent',
  user_agent: 'http.http_user_agent',
  'cs-method': 'http.http_method',
  method: 'http.http_method',
  'sc-status': 'http.status',
  status_code: 'http.status',
  'cs-referer': 'http.http_refer',
  'cs-referrer': 'http.http_refer',
  referrer: 'http.http_refer',
  resp_mime_types: 'http.http_content_type',
  'cs-version': 'http.protocol',
  version: 'http.protocol',
};

const TLS: Words = {
  server_name: 'tls.sni',
  version: 'tls.version',
  cipher: 'tls.cipher',
  ja3: 'tls.ja3.hash',
  ja3s: 'tls.ja3s.hash',
  ja4: 'tls.ja4',
  subject: 'tls.subject',
  issuer: 'tls.issuerdn',
  next_protocol: 'tls.server_alpns',
  'certificate.subject': 'tls.subject',
  'certificate.issuer': 'tls.issuerdn',
  'certificate.serial': 'tls.serial',
  'certificate.not_valid_before': 'tls.notbefore',
  'certificate.not_valid_after': 'tls.notafter',
  'san.dns': 'tls.subjectaltname',
};

const FLOW: Words = {
  // The side that opened the flow is the one that initiated it.
  Initiated: { path: 'src_ip', make: () => 'true' },
  duration: 'flow.age',
  service: 'app_proto',
  conn_state: 'flow.state',
  orig_bytes: 'flow.payload_bytes_toserver',
  resp_bytes: 'flow.payload_bytes_toclient',
  orig_ip_bytes: 'flow.bytes_toserver',
  resp_ip_bytes: 'flow.bytes_toclient',
  orig_pkts: 'flow.pkts_toserver',
  resp_pkts: 'flow.pkts_toclient',
};

interface Known {
  readonly key: LogSourceKey;
  readonly type: string;
  readonly words: Words;
}

/** The first that agrees in all its words. Other words of the rule's log source (a product) do not matter. */
const KNOWN: readonly Known[] = [
  { key: { product: 'zeek', service: 'dns' }, type: 'dns', words: DNS },
  { key: { product: 'zeek', service: 'http' }, type: 'http', words: HTTP },
  { key: { product: 'zeek', service: 'ssl' }, type: 'tls', words: TLS },
  { key: { product: 'zeek', service: 'x509' }, type: 'tls', words: TLS },
  { key: { product: 'zeek', service: 'conn' }, type: 'flow', words: FLOW },
  { key: { category: 'dns' }, type: 'dns', words: DNS },
  { key: { category: 'dns_query' }, type: 'dns', words: DNS },
  { key: { category: 'network', service: 'dns' }, type: 'dns', words: DNS },
  { key: { category: 'proxy' }, type: 'http', words: HTTP },
  { key: { category: 'webserver' }, type: 'http', words: HTTP },
  { key: { category: 'firewall' }, type: 'flow', words: FLOW },
  { key: { category: 'network_connection' }, type: 'flow', words: FLOW },
];

/** Our own product: the service is the event type, the words are the fields' paths. */
const OWN = 'yagura';

/** Names of the log sources that a wire shows, for errors. */
export const logSourceNames = (vocabulary: Vocabulary): string[] => [
  ...[...vocabulary.types.keys()].map((type) => `${OWN}/${type}`),
  ...KNOWN.map(({ key }) => [key.product ?? key.category, key.service].filter(Boolean).join('/')),
];

/** Finds the log source's event type and words; undefined when no wire shows such a log. */
export function logSource(
  key: LogSourceKey,
  vocabulary: Vocabulary,
  row: (type: string) => Row,
): LogSource | undefined {
  if (key.product === OWN)
    return key.service !== undefined && vocabulary.types.has(key.service)
      ? {
          type: key.service,
          columns: columnsOf(key.service, {}, key, vocabulary, row(key.service)),
          pairs: false,
        }
      : undefined;
  const known = KNOWN.find(({ key: k }) =>
    (['category', 'product', 'service'] as const).every(
      (part) => k[part] === undefined || k[part] === key[part],
    ),
  );
  if (!known || !vocabulary.types.has(known.type)) return undefined;
  const columns = columnsOf(known.type, known.words, key, vocabulary, row(known.type));
  return { type: known.type, columns, pairs: known.type === 'dns' };
}

/** Makes a new value out of the text, or of each text of a list. */
const made = (read: Reader, make: (text: string) => string): Reader => {
  const each = (value: Value): Value =>
    value === undefined
      ? undefined
      : typeof value === 'object'
        ? value.map((v) => (v === undefined ? v : make(String(v))))
        : make(String(value));
  return (event: Event) => each(read(event));
};

function columnsOf(type: string, words: Words, key: LogSourceKey, vocabulary: Vocabulary, row: Row): Columns {
  const fields = vocabulary.types.get(type)!;
  const meanings = new Map<string, Meaning>();
  for (const [path, field] of fields) {
    meanings.set(path, path);
    for (const alias of field.aliases ?? []) {
      meanings.set(alias, path);
      const zeek = `zeek.${key.service}.`;
      if (key.product === 'zeek' && alias.startsWith(zeek)) meanings.set(alias.slice(zeek.length), path);
    }
  }
  for (const [word, meaning] of [...Object.entries(ADDRESSES), ...Object.entries(words)])
    if (fields.has(typeof meaning === 'string' ? meaning : meaning.path)) meanings.set(word, meaning);
  const slotOf = (path: string): Slot => {
    const field = fields.get(path)!;
    return row.slot(path, (event) => readField(field, event));
  };
  let every: readonly Slot[] | undefined;
  return {
    column(word) {
      const meaning = meanings.get(word);
      if (meaning === undefined) return undefined;
      if (typeof meaning === 'string') return slotOf(meaning);
      const field = fields.get(meaning.path)!;
      const read = made((event) => readField(field, event), meaning.make);
      return row.slot(meaning.path, read, `${meaning.path}#${meaning.make.name}`);
    },
    words: () => meanings.keys(),
    every: () => (every ??= [...fields.keys()].map(slotOf)),
  };
}
