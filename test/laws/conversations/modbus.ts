// Modbus as a controller and its master speak it (MODBUS Application Protocol V1.1b3 §6, Messaging on TCP/IP §3.1).
import { be16, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

export const mbap = (transaction: number, unit: number, ...pdu: readonly Octets[]): Uint8Array => {
  const body = octets([unit], ...pdu);
  return octets(be16(transaction), be16(0), be16(body.length), body);
};

export const spoken: readonly Spoken[] = [
  {
    about: 'A panel reads registers, switches a coil on and is refused a write.',
    transport: 'tcp',
    port: 502,
    messages: [
      ['client', mbap(1, 17, [3], be16(0x6b), be16(3))],
      ['server', mbap(1, 17, [3, 6], be16(0x22b), be16(0), be16(0x64))],
      ['client', mbap(2, 17, [5], be16(0xac), be16(0xff00))],
      ['server', mbap(2, 17, [5], be16(0xac), be16(0xff00))],
      ['client', mbap(3, 17, [16], be16(1), be16(2), [4], be16(10), be16(258))],
      ['server', mbap(3, 17, [0x90, 2])],
    ],
    says: [
      {
        'modbus.id': 0,
        'modbus.func': 'READ_HOLDING_REGISTERS',
        'modbus.unit': 17,
        'modbus.effect': 'read',
        'modbus.answered': true,
        'modbus.request.transaction_id': 1,
        'modbus.request.function_code': 'RdHoldRegs',
        'modbus.request.access_type': 'READ | HOLDING',
        'modbus.request.category': 'PUBLIC_ASSIGNED',
        'modbus.request.error_flags': 'NONE',
        'modbus.request.read.address': 0x6b,
        'modbus.request.read.quantity': 3,
        'modbus.response.function_raw': 3,
        'modbus.exception': undefined,
      },
      {
        'modbus.effect': 'write',
        'modbus.request.access_type': 'WRITE | COILS | SINGLE | WRITE_SINGLE',
        'modbus.request.write.address': 0xac,
        'modbus.request.write.data': 0xff00,
      },
      {
        'modbus.func': 'WRITE_MULTIPLE_REGISTERS',
        'modbus.request.write.address': 1,
        'modbus.request.write.quantity': 2,
        'modbus.response.function_raw': 0x90,
        'modbus.response.function_code': 'WrMultRegs',
        'modbus.response.exception.code': 'IllegalDataAddr',
        'modbus.exception': 'ILLEGAL_DATA_ADDRESS',
      },
    ],
  },
  {
    about: 'Somebody looks who is there, silences the device, and has answers out of order.',
    transport: 'tcp',
    port: 502,
    messages: [
      [
        'client',
        octets(mbap(7, 1, [43, 14, 1, 0]), mbap(8, 1, [8], be16(4), be16(0)), mbap(9, 1, [90, 0, 2])),
      ],
      ['server', mbap(9, 1, [90, 0, 0xfe])],
      ['server', mbap(7, 1, [43, 14, 1, 1, 0, 0, 3, 0, 4], 'ACME', [1, 2], 'P1', [2, 4], 'V1.0')],
      ['client', mbap(10, 1, [23], be16(3), be16(6), be16(14), be16(1), [2], be16(255))],
    ],
    says: [
      { 'modbus.func': 'PROGRAM_UNITY', 'modbus.effect': 'control', 'modbus.request.category': 'RESERVED' },
      {
        'modbus.request.mei.code': 'RdDevId',
        'modbus.device.vendor': 'ACME',
        'modbus.device.product': 'P1',
        'modbus.device.revision': 'V1.0',
      },
      {
        'modbus.answered': false,
        'modbus.effect': 'control',
        'modbus.request.diagnostic.code': 'ForceListenOnlyMode',
        'modbus.response.unit_id': undefined,
      },
      { 'modbus.request.read.quantity': 6, 'modbus.request.write.quantity': 1 },
    ],
  },
  {
    about: 'A register is masked over UDP.',
    transport: 'udp',
    port: 502,
    messages: [
      ['client', mbap(4, 3, [22], be16(4), be16(0xf2), be16(0x25))],
      ['server', mbap(4, 3, [22], be16(4), be16(0xf2), be16(0x25))],
    ],
    says: [
      {
        'modbus.effect': 'write',
        'modbus.request.write.address': 4,
        'modbus.request.write.and_mask': 0xf2,
        'modbus.request.write.or_mask': 0x25,
        'modbus.request.write.data': undefined,
      },
    ],
  },
  {
    about: 'A quantity that no device has, and an answer that nobody asked for.',
    transport: 'tcp',
    port: 502,
    messages: [
      ['client', mbap(1, 1, [1], be16(0), be16(8))],
      ['server', mbap(2, 1, [1, 1, 0xcd])],
      ['client', mbap(3, 1, [3], be16(0), be16(0xffff))],
      ['server', mbap(3, 1, [0x83, 3])],
    ],
    says: [
      { 'modbus.response.transaction_id': 2, 'modbus.request.unit_id': undefined, 'modbus.answered': false },
      { 'modbus.request.error_flags': 'DATA_VALUE', 'modbus.exception': 'ILLEGAL_DATA_VALUE' },
      { 'modbus.request.transaction_id': 1, 'modbus.answered': false },
    ],
    anomalies: ['unsolicited_response', 'invalid_value'],
  },
];
