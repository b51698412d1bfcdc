// A control centre and a substation (IEC 60870-5-104): start, interrogation, a breaker switched, reports, a stop.
import { type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

const le16 = (n: number): number[] => [n & 255, n >> 8];
export const le24 = (n: number): number[] => [n & 255, (n >> 8) & 255, n >> 16];
export const unnumbered = (control: number): number[] => [0x68, 4, control, 0, 0, 0];
export const data = (
  type: number,
  count: number,
  cause: number,
  station: number,
  ...elements: readonly Octets[]
) => {
  const body = octets([0, 0, 0, 0], [type, count], [cause, 0], le16(station), ...elements);
  return octets([0x68, body.length], body);
};

export const spoken: readonly Spoken[] = [
  {
    about: 'Everything is asked for, a breaker is selected and switched, another is refused.',
    transport: 'tcp',
    port: 2404,
    messages: [
      ['client', unnumbered(0x07)],
      ['server', unnumbered(0x0b)],
      ['client', data(100, 1, 6, 5, le24(0), [20])],
      ['server', data(100, 1, 7, 5, le24(0), [20])],
      ['server', data(1, 0x83, 20, 5, le24(100), [1, 0, 1])],
      [
        'server',
        octets(
          data(13, 2, 3, 5, le24(700), [0, 0, 0, 0, 0], le24(900), [0, 0, 0, 0, 0]),
          [0x68, 4, 1, 0, 2, 0],
        ),
      ],
      ['server', data(100, 1, 10, 5, le24(0), [20])],
      ['client', data(46, 1, 6, 5, le24(3000), [0x82])],
      ['server', data(46, 1, 7, 5, le24(3000), [0x82])],
      ['client', data(45, 1, 6, 5, le24(4000), [0x01])],
      ['server', data(45, 1, 0x47, 5, le24(4000), [0x01])],
      ['client', octets(unnumbered(0x43), data(105, 1, 6, 9, le24(0), [1]), unnumbered(0x13))],
      ['server', data(105, 1, 0x6e, 9, le24(0), [1])],
    ],
    says: [
      {
        'iec104.frame': 'STARTDT',
        'iec104.effect': 'start',
        'iec104.answered': true,
        'iec104.type': undefined,
      },
      {
        'iec104.frame': 'I',
        'iec104.type_id': 100,
        'iec104.type': 'C_IC_NA_1',
        'iec104.effect': 'interrogate',
        'iec104.cause': 'activation',
        'iec104.response.cause': 'activation_confirmation',
        'iec104.common_address': 5,
        'iec104.qualifier': 20,
        'iec104.negative': false,
      },
      {
        'iec104.type': 'M_SP_NA_1',
        'iec104.cause': 'interrogated_station',
        'iec104.count': 3,
        'iec104.sequence': true,
        'iec104.ioa': [100, 101, 102],
        'iec104.answered': undefined,
      },
      { 'iec104.type': 'M_ME_NC_1', 'iec104.ioa': [700, 900], 'iec104.effect': 'monitor' },
      { 'iec104.cause': 'activation_termination' },
      {
        'iec104.type': 'C_DC_NA_1',
        'iec104.effect': 'control',
        'iec104.command.state': 'on',
        'iec104.command.select': true,
        'iec104.ioa': [3000],
      },
      {
        'iec104.type': 'C_SC_NA_1',
        'iec104.command.select': false,
        'iec104.negative': true,
        'iec104.qualifier': undefined,
      },
      {
        'iec104.effect': 'reset',
        'iec104.response.cause': 'unknown_common_address',
        'iec104.negative': true,
      },
      { 'iec104.frame': 'STOPDT', 'iec104.effect': 'stop', 'iec104.answered': false },
    ],
  },
  {
    about: 'A flow picked up in its middle, with an element too short.',
    transport: 'tcp',
    port: 2404,
    messages: [
      ['client', data(50, 1, 6, 1, le24(6001), [0, 0, 0x80, 0x3f, 0])],
      ['server', data(50, 1, 7, 1, le24(6001), [0, 0, 0x80, 0x3f, 0])],
      ['client', data(45, 1, 6, 1, le24(1))],
    ],
    says: [
      { 'iec104.effect': 'setpoint', 'iec104.ioa': [6001], 'iec104.answered': true },
      { 'iec104.effect': 'control', 'iec104.ioa': undefined },
    ],
    anomalies: ['malformed_data'],
  },
];
