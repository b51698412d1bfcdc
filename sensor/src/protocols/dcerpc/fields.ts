// What records say of a remote procedure call, under `dcerpc` or inside another protocol's record.
import { loginFields } from '../gssapi.ts';
import type { Field, Value } from '../protocol.ts';
import { type Call, FAULT, REQUEST, RESPONSE } from './call.ts';
import { interfaceOf, operationName } from './interfaces.ts';

const TYPES: readonly string[] = (
  'REQUEST PING RESPONSE FAULT WORKING NOCALL REJECT ACK CL_CANCEL FACK CANCEL_ACK BIND BINDACK BINDNAK ' +
  'ALTER_CONTEXT ALTER_CONTEXT_RESP AUTH3 SHUTDOWN CO_CANCEL ORPHANED RTS'
).split(' ');

export const typeName = (type: number): string => TYPES[type] ?? String(type);

/** MS-RPCE §2.2.1.1.7. */
const AUTH_TYPES: Readonly<Record<number, string>> = {
  0: 'none',
  9: 'SPNEGO',
  10: 'NTLM',
  14: 'Schannel',
  16: 'Kerberos',
  68: 'Netlogon',
};
/** MS-RPCE §2.2.1.1.8. */
const AUTH_LEVELS: readonly string[] = [
  'default',
  'none',
  'connect',
  'call',
  'packet',
  'integrity',
  'privacy',
];

/**
 * @param path where they stand
 * @param operation where the operation's number stands: EVE has it in another place in `smb` than in `dcerpc`
 */
export function callFields<Message>(
  path: string,
  operation: string,
  of: (message: Message) => Call | undefined,
): Field<Message>[] {
  type Spec = Omit<Field, 'read' | 'type' | 'class' | 'name'> & {
    readonly name: string;
    readonly type?: Field['type'];
    readonly class?: Field['class'];
  };
  const field = (spec: Spec, read: (call: Call) => Value): Field<Message> => ({
    type: 'string',
    class: 'protocol',
    ...spec,
    name: `${path}.${spec.name}`,
    read(message) {
      const call = of(message);
      return call === undefined ? undefined : read(call);
    },
  });
  const ofRequest = (call: Call, value: Value): Value => (call.request === REQUEST ? value : undefined);
  const ofResponse = (call: Call, value: Value): Value =>
    call.response === RESPONSE || call.response === FAULT ? value : undefined;
  return [
    field({ name: 'request', about: 'Type of the request; REQUEST_LOST when it was not seen.' }, (c) =>
      c.request < 0 ? 'REQUEST_LOST' : typeName(c.request),
    ),
    field({ name: 'response', about: 'Type of the response; UNREPLIED without one.' }, (c) =>
      c.response < 0 ? 'UNREPLIED' : typeName(c.response),
    ),
    field({ name: operation, type: 'integer', about: 'Number of the operation that is called.' }, (c) =>
      ofRequest(c, c.operation),
    ),
    field({ name: 'req.frag_cnt', type: 'integer', class: 'flow', about: 'Fragments of the request.' }, (c) =>
      ofRequest(c, c.requestFragments),
    ),
    field(
      { name: 'req.stub_data_size', type: 'integer', class: 'flow', about: 'Bytes of its arguments.' },
      (c) => ofRequest(c, c.requestBytes),
    ),
    field(
      { name: 'res.frag_cnt', type: 'integer', class: 'flow', about: 'Fragments of the response.' },
      (c) => ofResponse(c, c.responseFragments),
    ),
    field(
      { name: 'res.stub_data_size', type: 'integer', class: 'flow', about: 'Bytes of its results.' },
      (c) => ofResponse(c, c.responseBytes),
    ),
    field({ name: 'interfaces[].uuid', about: 'Interface that is bound or called.' }, (c) =>
      c.contexts.map((x) => x.uuid),
    ),
    field({ name: 'interfaces[].version', about: 'Its version.' }, (c) => c.contexts.map((x) => x.version)),
    field(
      {
        name: 'interfaces[].ack_result',
        type: 'integer',
        about: 'How the server took the bind; 0 is accepted.',
      },
      (c) => c.contexts.map((x) => x.result),
    ),
    field({ name: 'interfaces[].ack_reason', type: 'integer', about: 'Why it did not.' }, (c) =>
      c.contexts.map((x) => x.reason),
    ),
    field(
      {
        name: 'interfaces[].service',
        aliases: ['endpoint'],
        about: 'Name of the service, where it is well known.',
      },
      (c) => c.contexts.map((x) => interfaceOf(x.uuid)?.service),
    ),
    field(
      {
        name: 'interfaces[].procedure',
        aliases: ['operation'],
        about: 'Name of the operation that is called.',
      },
      (c) => c.contexts.map((x) => (c.request === REQUEST ? operationName(x.uuid, c.operation) : undefined)),
    ),
    field({ name: 'fault_status', about: 'Status of a fault, hex.' }, (c) =>
      c.status === undefined ? undefined : `0x${c.status.toString(16).padStart(8, '0')}`,
    ),
    field({ name: 'auth_type', about: 'Security provider.' }, (c) =>
      c.authType === undefined ? undefined : (AUTH_TYPES[c.authType] ?? String(c.authType)),
    ),
    field({ name: 'auth_level', about: 'How far it protects: connect, packet, integrity, privacy.' }, (c) =>
      c.authLevel === undefined ? undefined : (AUTH_LEVELS[c.authLevel] ?? String(c.authLevel)),
    ),
    field({ name: 'call_id', type: 'integer', about: 'Number of the call.' }, (c) => c.id),
    ...loginFields<Message>(path, (message) => of(message)?.login),
  ];
}
