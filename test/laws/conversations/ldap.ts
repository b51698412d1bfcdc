// A directory asked over TCP and over datagrams: log-ins by password and by NTLM, a search, a change, and the way to TLS (RFC 4511).
import { boolean, element, enumerated, int, octetString, sequence } from '../../support/packets/ber.ts';
import { type Octets, octets } from '../../support/packets/octets.ts';
import { ntlmAuthenticate, ntlmChallenge, ntlmNegotiate } from '../../support/packets/rpc.ts';
import { negTokenInit, negTokenResp } from '../../support/packets/smb.ts';
import type { Spoken } from './conversation.ts';

export const message = (id: number, operation: Uint8Array): Uint8Array => sequence(int(id), operation);
export const result = (tag: number, code: number, text = '', ...more: readonly Octets[]): Uint8Array =>
  element(tag, enumerated(code), octetString(''), octetString(text), ...more);
export const simpleBind = (id: number, who: string): Uint8Array =>
  message(id, element(0x60, int(3), octetString(who), element(0x80, 'not told')));
const saslBind = (id: number, token: Octets): Uint8Array =>
  message(
    id,
    element(0x60, int(3), octetString(''), element(0xa3, octetString('GSS-SPNEGO'), octetString(token))),
  );

const FILTER = element(
  0xa0,
  element(0xa3, octetString('objectClass'), octetString('user')),
  element(0xa2, element(0xa4, octetString('cn'), sequence(element(0x80, 'ta'), element(0x82, 'o')))),
);
export const search = (
  id: number,
  base: string,
  scope: number,
  filter: Uint8Array,
  ...attributes: string[]
): Uint8Array =>
  message(
    id,
    element(
      0x63,
      octetString(base),
      enumerated(scope),
      enumerated(0),
      int(100),
      int(30),
      boolean(false),
      filter,
      sequence(...attributes.map((name) => octetString(name))),
    ),
  );
export const entry = (id: number, name: string, bytes: number): Uint8Array =>
  message(
    id,
    element(
      0x64,
      octetString(name),
      sequence(sequence(octetString('thumbnailPhoto'), element(0x31, octetString(new Uint8Array(bytes))))),
    ),
  );

export const spoken: readonly Spoken[] = [
  {
    about: 'A program logs in with a password, searches, changes an entry, renames one and leaves.',
    transport: 'tcp',
    port: 389,
    messages: [
      ['client', simpleBind(1, 'cn=app,dc=example')],
      ['server', message(1, result(0x61, 0))],
      ['client', search(2, 'dc=example', 2, FILTER, 'cn', 'mail')],
      [
        'server',
        octets(
          entry(2, 'cn=taro,dc=example', 20),
          entry(2, 'cn=hanako,dc=example', 20_000),
          message(2, result(0x65, 0)),
        ),
      ],
      [
        'client',
        octets(
          message(
            3,
            element(
              0x66,
              octetString('cn=taro,dc=example'),
              sequence(
                sequence(
                  enumerated(2),
                  sequence(octetString('userPassword'), element(0x31, octetString('not told'))),
                ),
              ),
            ),
          ),
          message(4, element(0x6c, octetString('cn=taro,dc=example'), octetString('cn=jiro'), boolean(true))),
          message(5, element(0x4a, 'cn=old,dc=example')),
        ),
      ],
      [
        'server',
        octets(message(3, result(0x67, 50, 'no')), message(4, result(0x6d, 0)), message(5, result(0x6b, 32))),
      ],
      ['client', message(6, element(0x42))],
    ],
    says: [
      {
        'ldap.request.message_id': 1,
        'ldap.request.operation': 'bind_request',
        'ldap.request.bind_request.version': 3,
        'ldap.request.bind_request.name': 'cn=app,dc=example',
        'ldap.request.bind_request.authentication': 'simple',
        'ldap.responses.bind_response.result_code': ['success'],
      },
      {
        'ldap.request.search_request.base_object': 'dc=example',
        'ldap.request.search_request.scope': 2,
        'ldap.request.search_request.size_limit': 100,
        'ldap.request.search_request.types_only': false,
        'ldap.request.search_request.filter.type': 'and',
        'ldap.request.search_request.filter.value': '(&(objectClass=user)(!(cn=ta*o)))',
        'ldap.request.search_request.attributes': ['cn', 'mail'],
        'ldap.responses.operation': ['search_result_entry', 'search_result_entry', 'search_result_done'],
        'ldap.result_count': 2,
        'ldap.result': 'success',
      },
      {
        'ldap.request.modify_request.object': 'cn=taro,dc=example',
        'ldap.request.modify_request.changes.operation': ['replace'],
        'ldap.request.modify_request.changes.modification.attribute_type': ['userPassword'],
        'ldap.responses.modify_response.result_code': ['insufficient_access_rights'],
        'ldap.responses.modify_response.message': ['no'],
      },
      {
        'ldap.request.mod_dn_request.new_rdn': 'cn=jiro',
        'ldap.request.mod_dn_request.delete_old_rdn': true,
      },
      { 'ldap.request.del_request.dn': 'cn=old,dc=example', 'ldap.result': 'no_such_object' },
      { 'ldap.request.operation': 'unbind_request', 'ldap.responses': undefined },
    ],
  },
  {
    about: 'A machine logs in by NTLM; what follows is sealed.',
    transport: 'tcp',
    port: 389,
    messages: [
      ['client', saslBind(7, negTokenInit(ntlmNegotiate()))],
      [
        'server',
        message(7, result(0x61, 14, '', element(0x87, negTokenResp(ntlmChallenge('DC1', 'EXAMPLE'))))),
      ],
      ['client', saslBind(8, negTokenResp(ntlmAuthenticate('EXAMPLE', 'PC11$', 'PC11')))],
      ['server', message(8, result(0x61, 0))],
      ['client', octets([0, 0, 0, 20], new Uint8Array(20).fill(0xaa))],
    ],
    says: [
      {
        'ldap.request.bind_request.sasl.mechanism': 'GSS-SPNEGO',
        'ldap.result': 'sasl_bind_in_progress',
        'ldap.ntlmssp.server_dns_computer_name': 'dc1.example.test',
      },
      { 'ldap.result': 'success', 'ldap.ntlmssp.user': 'PC11$', 'ldap.ntlmssp.authentication': 'NTLMv2' },
    ],
  },
  {
    about: 'A program goes over to TLS.',
    transport: 'tcp',
    port: 389,
    messages: [
      ['client', message(1, element(0x77, element(0x80, '1.3.6.1.4.1.1466.20037')))],
      ['server', message(1, result(0x78, 0))],
    ],
    says: [
      {
        'ldap.request.extended_request.name': '1.3.6.1.4.1.1466.20037',
        'ldap.responses.extended_response.result_code': ['success'],
      },
    ],
  },
  {
    about: 'A machine looks for a domain controller by a datagram.',
    transport: 'udp',
    port: 389,
    messages: [
      ['client', search(1, '', 0, element(0x87, 'objectclass'), 'NetLogon')],
      ['server', octets(entry(1, '', 30), message(1, result(0x65, 0)))],
    ],
    says: [
      {
        'ldap.request.search_request.filter.type': 'present',
        'ldap.request.search_request.filter.value': 'objectclass',
        'ldap.request.search_request.attributes': ['NetLogon'],
        'ldap.result_count': 1,
      },
    ],
  },
];
