// A device asked in each version (RFC 1157, 3416, 3414), and one that reports (RFC 1157 §4.1.6).
import { type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

export const element = (tag: number, ...content: readonly Octets[]): Uint8Array => {
  const whole = octets(...content);
  return octets([tag], whole.length < 128 ? [whole.length] : [0x81, whole.length], whole);
};
export const sequence = (...content: readonly Octets[]): Uint8Array => element(0x30, ...content);
export const integer = (...bytes: number[]): Uint8Array => element(2, bytes);
export const text = (value: Octets): Uint8Array => element(4, value);
/** 1.3.6.1.2.1.1.1.0: what a device is. */
const SYSTEM = element(6, [0x2b, 6, 1, 2, 1, 1, 1, 0]);
const NULL = [5, 0];
export const pdu = (tag: number, error: number, value: Octets): Uint8Array =>
  element(tag, integer(0x12, 0x34), integer(error), integer(0), sequence(sequence(SYSTEM, value)));
const ENGINE = text([0x80, 0, 0, 9, 3, 2, 0, 0x5e, 0, 0, 7]);
const version3 = (flags: number, user: string, scoped: Uint8Array): Uint8Array =>
  sequence(
    integer(3),
    sequence(integer(1), integer(0, 0xff, 0xe3), text([flags]), integer(3)),
    text(
      sequence(ENGINE, integer(1), integer(2), text(user), text(new Uint8Array(12)), text(new Uint8Array(8))),
    ),
    scoped,
  );

export const spoken: readonly Spoken[] = [
  {
    about: 'A device is asked with the community it came with, and answers.',
    transport: 'udp',
    port: 161,
    messages: [
      ['client', sequence(integer(1), text('public'), pdu(0xa0, 0, NULL))],
      ['server', sequence(integer(1), text('public'), pdu(0xa2, 0, text('Example switch')))],
    ],
    says: [
      {
        'snmp.version': 2,
        'snmp.pdu_type': 'get_request',
        'snmp.community': 'public',
        'snmp.vars': ['1.3.6.1.2.1.1.1.0'],
      },
      { 'snmp.pdu_type': 'response', 'snmp.error': undefined, 'snmp.vars': ['1.3.6.1.2.1.1.1.0'] },
    ],
  },
  {
    about: 'Another community is a password and is not told; the device refuses.',
    transport: 'udp',
    port: 161,
    messages: [
      ['client', sequence(integer(0), text('kJ8#p2'), pdu(0xa3, 0, text('x')))],
      ['server', sequence(integer(0), text('kJ8#p2'), pdu(0xa2, 2, NULL))],
    ],
    says: [
      { 'snmp.version': 1, 'snmp.pdu_type': 'set_request', 'snmp.community': undefined },
      { 'snmp.pdu_type': 'response', 'snmp.error': 'NoSuchName' },
    ],
  },
  {
    about: 'A device reports that a link is down.',
    transport: 'udp',
    port: 162,
    messages: [
      [
        'client',
        sequence(
          integer(0),
          text('public'),
          element(
            0xa4,
            element(6, [0x2b, 6, 1, 4, 1, 9]),
            element(0x40, [192, 0, 2, 1]),
            integer(2),
            integer(0),
            element(0x43, [1]),
            sequence(sequence(SYSTEM, integer(3))),
          ),
        ),
      ],
    ],
    says: [
      {
        'snmp.pdu_type': 'trap_v1',
        'snmp.trap_type': 'LinkDown',
        'snmp.trap_oid': '1.3.6.1.4.1.9',
        'snmp.trap_address': '192.0.2.1',
      },
    ],
  },
  {
    about: 'A user of version 3 asks, first in clear, then encrypted.',
    transport: 'udp',
    port: 161,
    messages: [
      ['client', version3(5, 'operator', sequence(ENGINE, text(''), pdu(0xa5, 10, NULL)))],
      ['client', version3(7, 'operator', text(new Uint8Array(40).fill(0x5a)))],
    ],
    says: [
      {
        'snmp.version': 3,
        'snmp.pdu_type': 'get_bulk_request',
        'snmp.usm': 'operator',
        'snmp.engine_id': '800000090302005e000007',
        'snmp.security_level': 'authNoPriv',
      },
      { 'snmp.pdu_type': 'encrypted', 'snmp.vars': undefined, 'snmp.security_level': 'authPriv' },
    ],
  },
];
