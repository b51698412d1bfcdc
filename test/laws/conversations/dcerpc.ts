// Services of a machine asked over RPC: a service is made and started, the endpoint mapper gives a port, a datagram calls.
import { guidOctets, le16, le32 } from '../../support/packets/little.ts';
import { be16, octets } from '../../support/packets/octets.ts';
import {
  bind,
  bindAck,
  fault,
  fragment,
  ntlmAuthenticate,
  ntlmChallenge,
  ntlmNegotiate,
  request,
  response,
  SVCCTL,
} from '../../support/packets/rpc.ts';
import type { Spoken } from './conversation.ts';

const EPMAPPER = 'e1af8308-5d1f-11c9-91a4-08002b14a0fa';
const NETLOGON = '12345678-1234-abcd-ef00-01234567cffb';

const floor = (left: readonly number[], right: readonly number[]): Uint8Array =>
  octets(le16(left.length), left, le16(right.length), right);
const tower = octets(
  le16(5),
  floor([13, ...guidOctets(NETLOGON), ...le16(1)], le16(0)),
  floor([13, ...guidOctets(EPMAPPER), ...le16(2)], le16(0)),
  floor([11], le16(0)),
  floor([7], be16(49_664)),
  floor([9], [10, 1, 0, 5]),
);
const connectionless = (type: number, flags: number, stub: Uint8Array): Uint8Array =>
  octets(
    [4, type, flags, 0, 0x10, 0, 0, 0],
    new Uint8Array(16),
    guidOctets('5a7b91f8-ff00-11d0-a9b2-00c04fb6e6fc'),
    guidOctets('11111111-2222-3333-4444-555555555555'),
    le32(0),
    le32(1),
    le32(7),
    le16(0),
    le16(0xffff),
    le16(0xffff),
    le16(stub.length),
    le16(0),
    [0, 0],
    stub,
  );

export const spoken: readonly Spoken[] = [
  {
    about: 'A service is opened and started; the log-in is NTLM, and one call is refused.',
    transport: 'tcp',
    port: 49_670,
    messages: [
      ['client', bind(1, SVCCTL, 2, ntlmNegotiate())],
      ['server', bindAck(1, ntlmChallenge('FILES', 'EXAMPLE'))],
      ['client', fragment(16, 1, [0, 0, 0, 0], ntlmAuthenticate('EXAMPLE', 'taro', 'PC11'))],
      ['client', request(2, 15, new Uint8Array(40))],
      ['server', response(2, new Uint8Array(24))],
      ['client', octets(request(3, 19, new Uint8Array(5000)), request(4, 2, new Uint8Array(20)))],
      ['server', octets(response(3, new Uint8Array(4)), fault(4, 5))],
    ],
    says: [
      {
        'dcerpc.request': 'BIND',
        'dcerpc.response': 'BINDACK',
        'dcerpc.interfaces.uuid': [SVCCTL],
        'dcerpc.interfaces.version': ['2.0'],
        'dcerpc.interfaces.service': ['svcctl'],
        'dcerpc.interfaces.ack_result': [0],
        'dcerpc.auth_type': 'NTLM',
        'dcerpc.auth_level': 'privacy',
        'dcerpc.ntlmssp.server_nb_computer_name': 'FILES',
        'dcerpc.ntlmssp.version': '10.0 build 19041 rev 15',
      },
      {
        'dcerpc.request': 'AUTH3',
        'dcerpc.response': 'UNREPLIED',
        'dcerpc.ntlmssp.user': 'taro',
        'dcerpc.ntlmssp.domain': 'EXAMPLE',
        'dcerpc.ntlmssp.host': 'PC11',
        'dcerpc.ntlmssp.authentication': 'NTLMv2',
      },
      {
        'dcerpc.request': 'REQUEST',
        'dcerpc.response': 'RESPONSE',
        'dcerpc.req.opnum': 15,
        'dcerpc.req.stub_data_size': 40,
        'dcerpc.res.stub_data_size': 24,
        'dcerpc.interfaces.procedure': ['OpenSCManagerW'],
        'dcerpc.call_id': 2,
        'dcerpc.rpc_version': '5.0',
      },
      {
        'dcerpc.req.opnum': 19,
        'dcerpc.req.stub_data_size': 5000,
        'dcerpc.interfaces.procedure': ['StartServiceW'],
      },
      {
        'dcerpc.response': 'FAULT',
        'dcerpc.fault_status': '0x00000005',
        'dcerpc.interfaces.procedure': ['DeleteService'],
      },
    ],
  },
  {
    about: 'A call larger than what is waited for is passed over and still paired.',
    transport: 'tcp',
    port: 135,
    messages: [
      ['client', bind(1, EPMAPPER, 3)],
      ['server', bindAck(1)],
      ['client', request(2, 3, tower)],
      ['server', response(2, octets(new Uint8Array(28), tower))],
      ['client', request(3, 2, new Uint8Array(20_000))],
    ],
    says: [
      { 'dcerpc.request': 'BIND', 'dcerpc.interfaces.service': ['epmapper'] },
      { 'dcerpc.req.opnum': 3, 'dcerpc.interfaces.procedure': ['ept_map'] },
      { 'dcerpc.req.opnum': 2, 'dcerpc.response': 'UNREPLIED', 'dcerpc.req.stub_data_size': 20_000 },
    ],
  },
  {
    about: 'A message service is called by datagrams.',
    transport: 'udp',
    port: 1026,
    messages: [
      ['client', connectionless(0, 0, new Uint8Array(30))],
      ['server', connectionless(2, 0, new Uint8Array(4))],
    ],
    says: [
      {
        'dcerpc.request': 'REQUEST',
        'dcerpc.response': 'RESPONSE',
        'dcerpc.req.opnum': 0,
        'dcerpc.activityuuid': '11111111-2222-3333-4444-555555555555',
        'dcerpc.seqnum': 7,
        'dcerpc.rpc_version': '4.0',
        'dcerpc.interfaces.service': ['msgsvcsend'],
        'dcerpc.interfaces.procedure': ['NetrSendMessage'],
      },
    ],
  },
];
