// Devices and a broker: MQTT 3.1.1 with all qualities of service, MQTT 5 with properties and refusals.
import { be16, type Octets, octets } from '../../support/packets/octets.ts';
import type { Spoken } from './conversation.ts';

export const text = (value: string): Uint8Array => octets(be16(value.length), value);
export const packet = (first: number, ...parts: readonly Octets[]): Uint8Array => {
  const body = octets(...parts);
  const length = body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7];
  return octets([first], length, body);
};
const properties = (...parts: readonly Octets[]): Uint8Array => {
  const body = octets(...parts);
  return octets([body.length], body);
};

export const spoken: readonly Spoken[] = [
  {
    about: 'A sensor logs in with a will, subscribes, and publishes in every quality of service.',
    transport: 'tcp',
    port: 1883,
    messages: [
      [
        'client',
        packet(
          0x10,
          text('MQTT'),
          [4, 0xce],
          be16(60),
          text('sensor-7'),
          text('gone/7'),
          text('bye'),
          text('anna'),
          text('hush'),
        ),
      ],
      ['server', packet(0x20, [0, 0])],
      ['client', packet(0x82, be16(1), text('a/#'), [1], text('b'), [0])],
      ['server', packet(0x90, be16(1), [1, 0x80])],
      ['client', packet(0x31, text('a/t'), '21.5')],
      ['client', packet(0x3a, text('a/u'), be16(2), 'x'.repeat(300))],
      ['server', octets(packet(0x40, be16(2)), packet(0x32, text('a/v'), be16(2), 'on'))],
      ['client', octets(packet(0x40, be16(2)), packet(0x34, text('a/w'), be16(3), '!'))],
      ['server', packet(0x50, be16(3))],
      ['client', packet(0x62, be16(3))],
      ['server', packet(0x70, be16(3))],
      ['client', octets(packet(0xc0), packet(0xa2, be16(4), text('b')))],
      ['server', octets(packet(0xd0), packet(0xb0, be16(4)))],
      ['client', packet(0xe0)],
    ],
    says: [
      {
        'mqtt.from_client': true,
        'mqtt.connect.protocol_string': 'MQTT',
        'mqtt.connect.protocol_version': 4,
        'mqtt.connect.client_id': 'sensor-7',
        'mqtt.connect.keep_alive': 60,
        'mqtt.connect.flags.username': true,
        'mqtt.connect.flags.password': true,
        'mqtt.connect.flags.will': true,
        'mqtt.connect.flags.will_retain': false,
        'mqtt.connect.flags.clean_session': true,
        'mqtt.connect.username': 'anna',
        'mqtt.connect.password': undefined,
        'mqtt.connect.will.topic': 'gone/7',
        'mqtt.connect.will.message_length': 3,
        'mqtt.connack.return_code': 0,
        'mqtt.connack.reason': 'Connection Accepted',
        'mqtt.connack.session_present': false,
      },
      {
        'mqtt.subscribe.message_id': 1,
        'mqtt.subscribe.topics.topic': ['a/#', 'b'],
        'mqtt.subscribe.topics.qos': [1, 0],
        'mqtt.suback.qos_granted': [1, 128],
      },
      {
        'mqtt.publish.topic': 'a/t',
        'mqtt.publish.qos': 0,
        'mqtt.publish.retain': true,
        'mqtt.publish.message_length': 4,
        'mqtt.publish.message_id': undefined,
      },
      {
        'mqtt.publish.topic': 'a/u',
        'mqtt.publish.dup': true,
        'mqtt.publish.message_length': 300,
        'mqtt.puback.message_id': 2,
      },
      { 'mqtt.from_client': false, 'mqtt.publish.topic': 'a/v', 'mqtt.puback.message_id': 2 },
      {
        'mqtt.publish.qos': 2,
        'mqtt.pubrec.message_id': 3,
        'mqtt.pubrel.qos': 1,
        'mqtt.pubcomp.message_id': 3,
      },
      { 'mqtt.pingreq.qos': 0, 'mqtt.pingresp.qos': 0 },
      { 'mqtt.unsubscribe.topics': ['b'], 'mqtt.unsuback.message_id': 4 },
      { 'mqtt.disconnect.qos': 0, 'mqtt.disconnect.reason_code': undefined },
    ],
  },
  {
    about: 'MQTT 5: limits, an alias, reasons; the server shows the client another one.',
    transport: 'tcp',
    port: 1883,
    messages: [
      [
        'client',
        packet(
          0x10,
          text('MQTT'),
          [5, 0x06],
          be16(30),
          properties([33], be16(20), [17, 0, 0, 0, 60], [38], text('k'), text('v'), [22], text('secret')),
          text('c'),
          properties([24, 0, 0, 0, 5], [3], text('text/plain')),
          text('w'),
          text(''),
        ),
      ],
      ['server', packet(0x20, [1, 0], properties([34], be16(10), [18], text('given')))],
      ['client', packet(0x32, text('t'), be16(9), properties([35], be16(1), [1, 1]), 'hello')],
      ['server', packet(0x40, be16(9), [0x97], properties([31], text('no')))],
      ['client', packet(0xa2, be16(10), properties(), text('t'))],
      ['server', packet(0xb0, be16(10), properties(), [17])],
      ['client', packet(0xf0, [0x18], properties([21], text('SCRAM-SHA-1')))],
      ['server', packet(0xe0, [0x9c], properties([28], text('other.example')))],
    ],
    says: [
      {
        'mqtt.connect.properties.receive_maximum': 20,
        'mqtt.connect.properties.session_expiry_interval': 60,
        'mqtt.connect.will.topic': 'w',
        'mqtt.connect.will.properties.will_delay_interval': 5,
        'mqtt.connect.will.properties.content_type': 'text/plain',
        'mqtt.connect.flags.password': false,
        'mqtt.connack.session_present': true,
        'mqtt.connack.reason': 'Success',
        'mqtt.connack.properties.topic_alias_maximum': 10,
        'mqtt.connack.properties.assigned_client_identifier': 'given',
      },
      {
        'mqtt.publish.message_length': 5,
        'mqtt.publish.properties.topic_alias': 1,
        'mqtt.puback.reason_code': 0x97,
        'mqtt.puback.properties.reason_string': 'no',
      },
      { 'mqtt.unsuback.reason_codes': [17] },
      { 'mqtt.auth.reason_code': 0x18, 'mqtt.auth.properties.authentication_method': 'SCRAM-SHA-1' },
      { 'mqtt.disconnect.reason_code': 0x9c, 'mqtt.disconnect.properties.server_reference': 'other.example' },
    ],
  },
  {
    about: 'MQTT 3.1, refused; then a packet that is shorter than its topic.',
    transport: 'tcp',
    port: 1883,
    messages: [
      ['client', packet(0x10, text('MQIsdp'), [3, 2], be16(10), text('x'))],
      ['server', packet(0x20, [0, 5])],
      ['client', packet(0x30, be16(99), 'abc')],
    ],
    says: [
      {
        'mqtt.connect.protocol_string': 'MQIsdp',
        'mqtt.connack.return_code': 5,
        'mqtt.connack.reason': 'Refused: not authorized',
      },
    ],
    anomalies: ['malformed_traffic'],
  },
];
