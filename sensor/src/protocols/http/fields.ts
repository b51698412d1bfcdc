// What an `http` record says of a request with its response.
import { http2Fields } from '../http2/facts.ts';
import type { Field, Value } from '../protocol.ts';
import { type HeaderName, isVersion } from './head.ts';
import { loginFieldsOfHttp } from './login.ts';
import type { Transaction } from './transaction.ts';

export type { Transaction };

type Spec = Omit<Field<Transaction>, 'read' | 'type'> & { type?: Field['type'] };
const field = (spec: Spec, read: (t: Transaction) => Value): Field<Transaction> => ({
  type: 'string',
  ...spec,
  read,
});

/** A header field of one side as it is, up to a mark of its own when one is named. */
const header = (
  spec: Spec,
  side: 'request' | 'response',
  name: HeaderName,
  until?: string,
): Field<Transaction> =>
  field(spec, (t) => {
    const value = t[side]?.headers[name];
    return until === undefined ? value : value?.split(until, 1)[0].replace(BLANKS, '');
  });
const BLANKS = /[ \t]+$/;

/** `name:port` or `[v6]:port` apart. */
const HOST = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/;

/** A name or an address, and nothing else. */
const PLAIN = /^[a-z0-9._-]+$/i;

/** Addresses, with ports perhaps; a field that holds anything else may be private. */
const ADDRESSES = /^[\d.:a-f[\], ]+$/i;

/** The Host field without what does not belong there and may be private: who logs in, and a path (RFC 3986 §3.2). */
function authority(t: Transaction): string | undefined {
  const host = t.request?.headers.host;
  if (host === undefined || PLAIN.test(host)) return host;
  return host.substring(host.lastIndexOf('@') + 1).split(/[/?#\s\p{Cc}]/u, 1)[0];
}

/** Schemes that exist (IANA, and what else is widely spoken): any other first word may be a secret. */
const SCHEMES = new Map(
  (
    'Basic Bearer Digest NTLM Negotiate Kerberos DPoP HOBA Mutual OAuth vapid SCRAM-SHA-1 SCRAM-SHA-256 ' +
    'AWS4-HMAC-SHA256 PrivateToken GNAP Token'
  )
    .split(' ')
    .map((name) => [name.toLowerCase(), name]),
);

/** The first word of a log-in's header field (RFC 9110 §11.3). */
const scheme = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : (SCHEMES.get(text.split(/[ ,]/, 1)[0].toLowerCase()) ?? 'other');

function hostname(t: Transaction): string | undefined {
  const host = authority(t);
  return host === undefined || PLAIN.test(host) ? host : (HOST.exec(host)?.[1] ?? host);
}

/** Of the messages themselves. */
export const messageFields: readonly Field<Transaction>[] = [
  field(
    {
      name: 'http.hostname',
      class: 'name',
      aliases: ['host', 'cs-host', 'c-dns'],
      about: 'Host that the request names.',
    },
    hostname,
  ),
  field(
    {
      name: 'http.http_port',
      type: 'integer',
      class: 'flow',
      about: 'Port in the Host field, when there is one.',
    },
    (t) => {
      const host = authority(t);
      if (host === undefined) return undefined;
      const port = HOST.exec(host)?.[2];
      return port === undefined ? undefined : Number(port);
    },
  ),
  field(
    {
      name: 'http.url',
      class: 'content',
      aliases: ['uri', 'c-uri', 'cs-uri'],
      about: 'Request target, with its query.',
    },
    (t) => t.request?.second,
  ),
  header(
    {
      name: 'http.http_user_agent',
      class: 'protocol',
      aliases: ['user_agent', 'c-useragent', 'cs-user-agent'],
      about: 'Program that the client says it is.',
    },
    'request',
    'user-agent',
  ),
  field({ name: 'http.xff', class: 'flow', about: 'Addresses that a proxy says it forwards for.' }, (t) => {
    const text = t.request?.headers['x-forwarded-for'];
    return text !== undefined && ADDRESSES.test(text) ? text : undefined;
  }),
  header(
    {
      name: 'http.http_content_type',
      class: 'protocol',
      aliases: ['resp_mime_types'],
      about: 'Type of the response body.',
    },
    'response',
    'content-type',
    ';',
  ),
  header(
    {
      name: 'http.http_refer',
      class: 'content',
      aliases: ['referrer', 'c-referer', 'cs-referrer'],
      about: 'Page that the request came from.',
    },
    'request',
    'referer',
  ),
  field(
    {
      name: 'http.http_method',
      class: 'protocol',
      aliases: ['method', 'c-method', 'cs-method'],
      about: 'Method of the request.',
    },
    (t) => t.request?.first,
  ),
  field(
    {
      name: 'http.protocol',
      class: 'protocol',
      aliases: ['cs-version'],
      about: 'Version of the protocol.',
    },
    (t) => {
      const asked = t.request?.third;
      if (asked !== undefined && isVersion(asked)) return asked;
      const answered = t.response?.first;
      return answered !== undefined && isVersion(answered) ? answered : undefined;
    },
  ),
  field(
    {
      name: 'http.status',
      type: 'integer',
      class: 'protocol',
      aliases: ['status_code', 'sc-status'],
      about: 'Status of the response.',
    },
    (t) => {
      const status = t.response?.status ?? 0;
      return status > 0 ? status : undefined;
    },
  ),
  header(
    { name: 'http.redirect', class: 'content', about: 'Where the response sends the client.' },
    'response',
    'location',
  ),
  field(
    {
      name: 'http.length',
      type: 'integer',
      class: 'flow',
      aliases: ['response_body_len', 'sc-bytes'],
      about: 'Bytes of the response body.',
    },
    (t) => t.responseLength,
  ),
  field(
    {
      name: 'http.request_length',
      type: 'integer',
      class: 'flow',
      aliases: ['request_body_len', 'cs-bytes'],
      about: 'Bytes of the request body.',
    },
    (t) => t.requestLength,
  ),
  header(
    { name: 'http.server', class: 'protocol', about: 'Program that the server says it is.' },
    'response',
    'server',
  ),
  field(
    {
      name: 'http.authorization_scheme',
      class: 'protocol',
      about: 'How the client logs in (Basic, Bearer, NTLM …); never with what.',
    },
    (t) => scheme(t.request?.headers.authorization ?? t.request?.headers['proxy-authorization']),
  ),
  field(
    {
      name: 'http.authenticate_scheme',
      class: 'protocol',
      about: 'How the server wants the client to log in, its first choice.',
    },
    (t) => scheme(t.response?.headers['www-authenticate'] ?? t.response?.headers['proxy-authenticate']),
  ),
];

export const httpFields: readonly Field<Transaction>[] = [
  ...messageFields,
  ...loginFieldsOfHttp,
  ...http2Fields,
];
