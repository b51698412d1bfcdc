// A station and a controller of Rockwell (ODVA volumes 1 and 2): who are you, a session, attributes, tags, a reset.
import { type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const le16 = (n: number): number[] => [n & 255, n >> 8];
const le32 = (n: number): number[] => [n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24];
export const frame = (
  command: number,
  session: number,
  context: number,
  ...data: readonly Octets[]
): Uint8Array => {
  const body = octets(...data);
  return octets(
    le16(command),
    le16(body.length),
    le32(session),
    le32(0),
    le32(context),
    le32(0),
    le32(0),
    body,
  );
};
const counted = (...parts: readonly Octets[]): Uint8Array => octets(le16(octets(...parts).length), ...parts);
export const unconnected = (context: number, ...cip: readonly Octets[]): Uint8Array =>
  frame(0x6f, 99, context, le32(0), le16(0), le16(2), le16(0), le16(0), le16(0xb2), counted(...cip));
const connected = (sequence: number, ...cip: readonly Octets[]): Uint8Array =>
  frame(
    0x70,
    99,
    0,
    le32(0),
    le16(0),
    le16(2),
    le16(0xa1),
    counted(le32(7)),
    le16(0xb1),
    counted(le16(sequence), ...cip),
  );

const NAME = '1769-L33ER';
const IDENTITY = octets(
  le16(1),
  new Uint8Array(16),
  le16(1),
  le16(14),
  le16(107),
  [30, 11],
  le16(0x60),
  le32(0x12345),
  [NAME.length],
  NAME,
  [3],
);
const LIST = frame(0x63, 0, 5, le16(1), le16(0x0c), counted(IDENTITY));
const TAG = octets([0x91, 4], 'Pump');
const READ = octets([0x4c, 3], TAG, le16(1));
const WRITE = octets([0x4d, 3], TAG, le16(0xc4), le16(1), le32(5));
const PACK = octets(le16(2), le16(6), le16(6 + READ.length), READ, WRITE);

export const spoken: readonly Spoken[] = [
  {
    about: 'A session: attributes, a packet of tags, a write sent on, a reset that is refused.',
    transport: 'tcp',
    port: 44818,
    messages: [
      ['client', frame(0x65, 0, 1, le16(1), le16(0))],
      ['server', frame(0x65, 99, 1, le16(1), le16(0))],
      ['client', unconnected(2, [0x0e, 3, 0x20, 1, 0x24, 1, 0x30, 7])],
      ['server', unconnected(2, [0x8e, 0, 0, 0], 'name')],
      ['client', connected(1, [0x0a, 2, 0x20, 2, 0x24, 1], PACK)],
      [
        'server',
        connected(
          1,
          [0x8a, 0, 0x1e, 0],
          le16(2),
          le16(6),
          le16(10),
          [0xcc, 0, 0, 0],
          [0xcd, 0, 15, 1, 7, 0x21],
        ),
      ],
      ['client', unconnected(3, [0x52, 2, 0x20, 6, 0x24, 1, 7, 249], counted(WRITE), [1, 0, 1, 0])],
      ['server', unconnected(3, [0xcd, 0, 0, 0])],
      ['client', unconnected(4, [0x05, 3, 0x21, 0, 0xf5, 0, 0x24, 1], [0])],
      ['client', frame(0x66, 99, 5)],
    ],
    says: [
      {
        'enip.request.command': 'register_session',
        'enip.request.register_session.protocol_version': 1,
        'enip.response.status': 'success',
        'enip.effect': undefined,
      },
      {
        'enip.request.command': 'sendrr_data',
        'enip.request.cip.service': 'Get Attribute Single',
        'enip.request.cip.path.segment_type': ['class', 'instance', 'attribute'],
        'enip.request.cip.path.value': [1, 1, 7],
        'enip.request.cip.class_name': 'Identity',
        'enip.response.cip.status': 'Success',
        'enip.effect': 'read',
      },
      {
        'enip.request.command': 'send_unit_data',
        'enip.request.cip.service': 'Multiple Service Packet',
        'enip.request.cip.multiple.service': ['Read Tag', 'Write Tag'],
        'enip.request.cip.symbol': 'Pump',
        'enip.response.cip.status': 'Embedded service error',
        'enip.response.cip.multiple.status': ['Success', 'Privilege violation'],
        'enip.effect': 'write',
      },
      {
        'enip.request.cip.service': 'Unconnected Send',
        'enip.request.cip.class_name': 'Connection Manager',
        'enip.request.cip.multiple.service': ['Write Tag'],
        'enip.effect': 'write',
      },
      { 'enip.request.command': 'unregister_session', 'enip.response.command': undefined },
      { 'enip.request.cip.class_name': 'TCP/IP Interface', 'enip.effect': 'reset' },
    ],
  },
  {
    about: 'Somebody asks over UDP who is there.',
    transport: 'udp',
    port: 44818,
    messages: [
      ['client', frame(0x63, 0, 5)],
      ['server', LIST],
      ['client', frame(0x04, 0, 6)],
      [
        'server',
        frame(0x04, 0, 6, le16(1), le16(0x100), counted(le16(1), le16(0x120), 'Communications', [0, 0])),
      ],
    ],
    says: [
      {
        'enip.request.command': 'list_identity',
        'enip.response.identity.vendor_id': 'Rockwell Automation/Allen-Bradley',
        'enip.response.identity.device_type': 'Programmable Logic Controller',
        'enip.response.identity.revision': '30.11',
        'enip.response.identity.serial': 0x12345,
        'enip.response.identity.product_name': NAME,
        'enip.response.identity.state': 3,
      },
      {
        'enip.response.list_services.service_name': 'Communications',
        'enip.response.list_services.capabilities': 0x120,
      },
    ],
  },
  {
    about: 'A path that is longer than its message.',
    transport: 'tcp',
    port: 44818,
    messages: [['client', unconnected(9, [0x10, 200, 0x20, 1])]],
    says: [{ 'enip.request.cip.service': 'Set Attribute Single' }],
    anomalies: ['malformed_data'],
  },
];
