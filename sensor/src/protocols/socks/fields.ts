// What a `socks` record says of what a proxy was asked for.
import type { Field, Value } from '../protocol.ts';

export class Place {
  host: string | undefined;
  name: string | undefined;
  port: number | undefined;
}

export class Request {
  version = 0;
  command: number | undefined;
  method: number | undefined;
  authenticated: boolean | undefined;
  user: string | undefined;
  status: number | undefined;
  readonly target = new Place();
  readonly bound = new Place();
}

const COMMANDS: Readonly<Record<number, string>> = { 1: 'connect', 2: 'bind', 3: 'udp_associate' };
const METHODS: Readonly<Record<number, string>> = { 0: 'none', 1: 'gssapi', 2: 'password', 255: 'refused' };
const STATUSES: Readonly<Record<number, string>> = {
  0: 'succeeded',
  1: 'general SOCKS server failure',
  2: 'connection not allowed by ruleset',
  3: 'network unreachable',
  4: 'host unreachable',
  5: 'connection refused',
  6: 'TTL expired',
  7: 'command not supported',
  8: 'address type not supported',
  90: 'succeeded',
  91: 'rejected or failed',
  92: 'no identd on the client',
  93: 'identd names another user',
};

type Spec = Omit<Field<Request>, 'read' | 'type'> & { type?: Field['type'] };
const field = (spec: Spec, read: (r: Request) => Value): Field<Request> => ({
  type: 'string',
  ...spec,
  read,
});

export const socksFields: readonly Field<Request>[] = [
  field(
    {
      name: 'socks.version',
      type: 'integer',
      class: 'protocol',
      aliases: ['zeek.socks.version'],
      about: '4 or 5.',
    },
    (r) => r.version,
  ),
  field({ name: 'socks.command', class: 'protocol', about: 'connect, bind or udp_associate.' }, (r) =>
    r.command === undefined ? undefined : (COMMANDS[r.command] ?? `unknown-${r.command}`),
  ),
  field({ name: 'socks.auth_method', class: 'protocol', about: 'Log-in that the server chose.' }, (r) =>
    r.method === undefined ? undefined : (METHODS[r.method] ?? `unknown-${r.method}`),
  ),
  field(
    { name: 'socks.auth_success', type: 'boolean', class: 'protocol', about: 'The log-in succeeded.' },
    (r) => r.authenticated,
  ),
  field(
    { name: 'socks.user', class: 'identifier', aliases: ['zeek.socks.user'], about: 'Who logs in.' },
    (r) => r.user,
  ),
  field(
    {
      name: 'socks.status',
      class: 'protocol',
      aliases: ['zeek.socks.status'],
      about: 'What the server answers.',
    },
    (r) => (r.status === undefined ? undefined : (STATUSES[r.status] ?? `unknown-${r.status}`)),
  ),
  field(
    {
      name: 'socks.request.host',
      type: 'address',
      class: 'flow',
      aliases: ['zeek.socks.request.host'],
      about: 'Address to be reached.',
    },
    (r) => r.target.host,
  ),
  field(
    {
      name: 'socks.request.name',
      class: 'name',
      aliases: ['zeek.socks.request.name'],
      about: 'Name to be reached.',
    },
    (r) => r.target.name,
  ),
  field(
    {
      name: 'socks.request.port',
      type: 'integer',
      class: 'flow',
      aliases: ['request_p'],
      about: 'Port to be reached.',
    },
    (r) => r.target.port,
  ),
  field(
    {
      name: 'socks.bound.host',
      type: 'address',
      class: 'flow',
      about: 'Address that the proxy uses for it.',
    },
    (r) => r.bound.host,
  ),
  field(
    { name: 'socks.bound.name', class: 'name', about: 'Name that the proxy uses for it.' },
    (r) => r.bound.name,
  ),
  field(
    {
      name: 'socks.bound.port',
      type: 'integer',
      class: 'flow',
      aliases: ['bound_p'],
      about: 'Port that the proxy uses for it.',
    },
    (r) => r.bound.port,
  ),
];
