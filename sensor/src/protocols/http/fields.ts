// What an `http` record says of a request with its response.
import { http2Fields } from '../http2/facts.ts';
import type { Field, Value } from '../protocol.ts';
import { isVersion } from './head.ts';
import type { Transaction } from './transaction.ts';

export type { Transaction };

type Spec = Omit<Field<Transaction>, 'read' | 'type'> & { type?: Field['type'] };
const field = (spec: Spec, read: (t: Transaction) => Value): Field<Transaction> => ({
  type: 'string',
  ...spec,
  read,
});

/** `name:port` or `[v6]:port` apart. */
const HOST = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/;

/** A name or an address, and nothing else. */
const PLAIN_HOST = /^[a-z0-9._-]+$/i;

/** Addresses, with ports perhaps; a field that holds anything else may be private. */
const ADDRESSES = /^[\d.:a-f[\], ]+$/i;

/** The Host field without what does not belong there and may be private: who logs in, and a path (RFC 3986 §3.2). */
function authority(t: Transaction): string | undefined {
  const host = t.request?.headers.host;
  if (host === undefined || PLAIN_HOST.test(host)) return host;
  return host.substring(host.lastIndexOf('@') + 1).split(/[/?#\s\p{Cc}]/u, 1)[0];
}

/** The first word of a log-in's header field (RFC 9110 §11.3); what is no word of letters may be a secret. */
const SCHEME = /^[A-Za-z][A-Za-z0-9-]{1,23}(?=[ ,]|$)/;
const scheme = (text: string | undefined): string | undefined => text && SCHEME.exec(text)?.[0];

export const httpFields: readonly Field<Transaction>[] = [
  field(
    {
      name: 'http.hostname',
      class: 'name',
      aliases: ['host', 'cs-host', 'c-dns'],
      about: 'Host that the request names.',
    },
    (t) => {
      const host = authority(t);
      return host === undefined || PLAIN_HOST.test(host) ? host : (HOST.exec(host)?.[1] ?? host);
    },
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
      if (host === undefined || PLAIN_HOST.test(host)) return undefined;
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
  field(
    {
      name: 'http.http_user_agent',
      class: 'protocol',
      aliases: ['user_agent', 'c-useragent', 'cs-user-agent'],
      about: 'Program that the client says it is.',
    },
    (t) => t.request?.headers['user-agent'],
  ),
  field({ name: 'http.xff', class: 'flow', about: 'Addresses that a proxy says it forwards for.' }, (t) => {
    const text = t.request?.headers['x-forwarded-for'];
    return text !== undefined && ADDRESSES.test(text) ? text : undefined;
  }),
  field(
    {
      name: 'http.http_content_type',
      class: 'protocol',
      aliases: ['resp_mime_types'],
      about: 'Type of the response body.',
    },
    (t) => t.response?.headers['content-type']?.split(';')[0].trim(),
  ),
  field(
    {
      name: 'http.http_refer',
      class: 'content',
      aliases: ['referrer', 'c-referer', 'cs-referrer'],
      about: 'Page that the request came from.',
    },
    (t) => t.request?.headers.referer,
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
      const status = Number(t.response?.second);
      return Number.isInteger(status) ? status : undefined;
    },
  ),
  field(
    { name: 'http.redirect', class: 'content', about: 'Where the response sends the client.' },
    (t) => t.response?.headers.location,
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
  field(
    { name: 'http.server', class: 'protocol', about: 'Program that the server says it is.' },
    (t) => t.response?.headers.server,
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
  ...http2Fields,
];
