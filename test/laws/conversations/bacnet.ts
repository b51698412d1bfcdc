// A management station and controllers of a building (ASHRAE 135, annex J): who is there, reads, writes, a restart.
import { be16, be24, be32, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

export const bvlc = (code: number, ...parts: readonly Octets[]): Uint8Array => {
  const body = octets(...parts);
  return octets([0x81, code], be16(4 + body.length), body);
};
export const unicast = (...apdu: readonly Octets[]): Uint8Array => bvlc(10, [1, 4], ...apdu);
export const reply = (...apdu: readonly Octets[]): Uint8Array => bvlc(10, [1, 0], ...apdu);
export const object = (type: number, instance: number): number[] => be32((type << 22) | instance);

export const spoken: readonly Spoken[] = [
  {
    about: 'A value is read and written, the controller is cut off and restarted with a password.',
    transport: 'udp',
    port: 47808,
    messages: [
      ['client', unicast([0x00, 5, 1, 12], [0x0c], object(0, 3), [0x19, 85])],
      ['server', reply([0x30, 1, 12], [0x0c], object(0, 3), [0x19, 85, 0x3e, 0x44, 0x42, 0xc8, 0, 0, 0x3f])],
      ['client', unicast([0x00, 5, 2, 15], [0x0c], object(4, 7), [0x19, 85, 0x3e, 0x91, 1, 0x3f, 0x49, 8])],
      ['server', reply([0x50, 2, 15, 0x91, 2, 0x91, 40])],
      ['client', unicast([0x00, 5, 3, 14], [0x0c], object(8, 61), [0x1e, 0x09, 112, 0x09, 70, 0x1f])],
      ['server', reply([0x60, 3, 9])],
      ['client', unicast([0x00, 5, 4, 17], [0x09, 5, 0x19, 1, 0x2d, 9, 0], 'filister')],
      ['server', reply([0x20, 4, 17])],
      ['client', unicast([0x00, 5, 5, 20], [0x09, 1, 0x1d, 5, 0], 'jesu')],
      ['server', reply([0x70, 5, 4])],
      ['client', unicast([0x00, 5, 6, 7], [0xc4], object(10, 2))],
    ],
    says: [
      {
        'bacnet.bvlc_function': 'Original-Unicast-NPDU',
        'bacnet.pdu_type': 'confirmed-request',
        'bacnet.pdu_service': 'readProperty',
        'bacnet.effect': 'read',
        'bacnet.invoke_id': 1,
        'bacnet.object_type': 'analog-input',
        'bacnet.instance_number': 3,
        'bacnet.property': 'present-value',
        'bacnet.response': 'complex-ack',
      },
      {
        'bacnet.pdu_service': 'writeProperty',
        'bacnet.effect': 'write',
        'bacnet.object_type': 'binary-output',
        'bacnet.response': 'error',
        'bacnet.error_class': 'property',
        'bacnet.result_code': 'write-access-denied',
      },
      {
        'bacnet.pdu_service': 'readPropertyMultiple',
        'bacnet.property': 'system-status',
        'bacnet.result_code': 'unrecognized-service',
      },
      {
        'bacnet.effect': 'control',
        'bacnet.communication': 'disable',
        'bacnet.password': true,
        'bacnet.reinitialize': undefined,
        'bacnet.response': 'simple-ack',
      },
      {
        'bacnet.reinitialize': 'warmstart',
        'bacnet.password': true,
        'bacnet.result_code': 'segmentation-not-supported',
      },
      { 'bacnet.effect': 'file-write', 'bacnet.object_type': 'file', 'bacnet.response': undefined },
    ],
  },
  {
    about: 'Devices are looked for through a router; one answers; a foreign device registers; a tag is cut.',
    transport: 'udp',
    port: 47808,
    messages: [
      ['client', bvlc(11, [1, 0x20], be16(0xffff), [0, 255], [0x10, 8], [0x09, 1, 0x1a], be16(500))],
      [
        'server',
        bvlc(4, [192, 0, 2, 9, 0xba, 0xc0], [1, 0x08], be16(7), [1, 61], [0x10, 0], [0xc4], object(8, 61), [
          0x22,
          ...be16(480),
          0x91,
          3,
          0x21,
          18,
        ]),
      ],
      ['client', bvlc(5, be16(60))],
      ['client', bvlc(11, [1, 0x80, 0], be16(7))],
      ['client', unicast([0x00, 5, 9, 15], [0x0c], be24(0))],
    ],
    says: [
      {
        'bacnet.pdu_service': 'who-Is',
        'bacnet.who_is.low': 1,
        'bacnet.who_is.high': 500,
        'bacnet.effect': 'discover',
      },
      {
        'bacnet.bvlc_function': 'Forwarded-NPDU',
        'bacnet.pdu_service': 'i-Am',
        'bacnet.object_type': 'device',
        'bacnet.instance_number': 61,
        'bacnet.vendor_id': 18,
      },
      { 'bacnet.bvlc_function': 'Register-Foreign-Device', 'bacnet.pdu_type': undefined },
      { 'bacnet.network_message': 'Who-Is-Router-To-Network' },
      { 'bacnet.pdu_service': 'writeProperty', 'bacnet.object_type': undefined },
    ],
    anomalies: ['malformed_data'],
  },
];
