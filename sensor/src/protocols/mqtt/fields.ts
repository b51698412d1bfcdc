// Fields of the `mqtt` record: one object for each packet of an exchange, as Suricata writes them.
import { describe } from '../describe.ts';
import type { Field, Value } from '../protocol.ts';
import {
  AUTH,
  CONNACK,
  CONNECT,
  DISCONNECT,
  type Packet,
  PINGREQ,
  PINGRESP,
  PUBACK,
  PUBCOMP,
  PUBLISH,
  PUBREC,
  PUBREL,
  SUBACK,
  SUBSCRIBE,
  UNSUBACK,
  UNSUBSCRIBE,
} from './packet.ts';
import { PROPERTIES, type Properties } from './properties.ts';
import { reasonName } from './reasons.ts';

/** Packets that belong together, by their type. */
export class Exchange {
  packets: (Packet | undefined)[] = [];
  fromClient = true;
  version = -1;
}

const { text, number, flag } = describe<Exchange>('mqtt');
const NAMES = [
  '',
  'connect',
  'connack',
  'publish',
  'puback',
  'pubrec',
  'pubrel',
  'pubcomp',
  'subscribe',
  'suback',
  'unsubscribe',
  'unsuback',
  'pingreq',
  'pingresp',
  'disconnect',
  'auth',
];

const of =
  (type: number, get: (p: Packet) => Value) =>
  (m: Exchange): Value => {
    const packet = m.packets[type];
    return packet && get(packet);
  };
const known = (n: number): number | undefined => (n < 0 ? undefined : n);

/** What every packet has. */
const head = (type: number): Field<Exchange>[] => [
  number(
    `${NAMES[type]}.qos`,
    'Quality of service.',
    of(type, (p) => p.qos),
    type === PUBLISH ? { aliases: ['qos'] } : {},
  ),
  flag(
    `${NAMES[type]}.retain`,
    'The server is to keep it.',
    of(type, (p) => p.retain),
    type === PUBLISH ? { aliases: ['retain'] } : {},
  ),
  flag(
    `${NAMES[type]}.dup`,
    'It was sent before.',
    of(type, (p) => p.dup),
  ),
];
const identified = (type: number): Field<Exchange> =>
  number(
    `${NAMES[type]}.message_id`,
    'Ties an acknowledgement to its packet.',
    of(type, (p) => known(p.id)),
  );
const reasoned = (type: number): Field<Exchange> =>
  number(
    `${NAMES[type]}.reason_code`,
    'How it went; 128 and above is a refusal.',
    of(type, (p) => known(p.reason)),
  );

function properties(
  path: string,
  type: number,
  numbers: readonly number[],
  get: (p: Packet) => Properties | undefined = (p) => p.properties,
): Field<Exchange>[] {
  return numbers.map((n) => {
    const { name, form, about, class: privacy } = PROPERTIES[n];
    const write = form === 'text' ? text : number;
    const read = of(type, (p) => get(p)?.get(n));
    return write(`${path}.properties.${name}`, about, read, { class: privacy });
  });
}

const acknowledgement = (type: number): Field<Exchange>[] => [
  ...head(type),
  identified(type),
  reasoned(type),
  ...properties(NAMES[type], type, [31]),
];

export const fields: readonly Field<Exchange>[] = [
  flag('from_client', 'The client began this exchange.', (m) => m.fromClient, { aliases: ['from_client'] }),
  ...head(CONNECT),
  text(
    'connect.protocol_string',
    'MQTT, or MQIsdp before 3.1.1.',
    of(CONNECT, (p) => p.protocol),
    {
      aliases: ['proto_name'],
    },
  ),
  number(
    'connect.protocol_version',
    '3, 4 for 3.1.1, or 5.',
    of(CONNECT, (p) => known(p.version)),
    {
      aliases: ['proto_version'],
    },
  ),
  text(
    'connect.client_id',
    'Name of the client.',
    of(CONNECT, (p) => p.client),
    {
      class: 'identifier',
      aliases: ['client_id'],
    },
  ),
  number(
    'connect.keep_alive',
    'Seconds between signs of life.',
    of(CONNECT, (p) => known(p.keepAlive)),
  ),
  flag(
    'connect.flags.username',
    'A user name is given.',
    of(CONNECT, (p) => p.hasUser),
  ),
  flag(
    'connect.flags.password',
    'A password is given, in clear.',
    of(CONNECT, (p) => p.hasPassword),
  ),
  flag(
    'connect.flags.will_retain',
    'The will is to be kept.',
    of(CONNECT, (p) => p.willRetain),
  ),
  flag(
    'connect.flags.will',
    'There is a will.',
    of(CONNECT, (p) => p.hasWill),
  ),
  flag(
    'connect.flags.clean_session',
    'Nothing is left of a session before.',
    of(CONNECT, (p) => p.cleanSession),
  ),
  text(
    'connect.username',
    'Name of the user.',
    of(CONNECT, (p) => p.user),
    { class: 'identifier' },
  ),
  text(
    'connect.will.topic',
    'Topic of the will.',
    of(CONNECT, (p) => p.willTopic),
    {
      class: 'content',
      aliases: ['will_topic'],
    },
  ),
  number(
    'connect.will.message_length',
    'Bytes of the will.',
    of(CONNECT, (p) => known(p.willLength)),
  ),
  ...properties('connect.will', CONNECT, [1, 2, 3, 8, 24], (p) => p.willProperties),
  ...properties('connect', CONNECT, [17, 21, 23, 25, 33, 34, 39]),
  ...head(CONNACK),
  flag(
    'connack.session_present',
    'The session goes on.',
    of(CONNACK, (p) => p.sessionPresent),
  ),
  number(
    'connack.return_code',
    'Whether the client may stay; zero is yes.',
    of(CONNACK, (p) => known(p.reason)),
  ),
  text(
    'connack.reason',
    'Its name.',
    (m) => {
      const answer = m.packets[CONNACK];
      return answer && reasonName(m.version, answer.reason);
    },
    { aliases: ['connect_status'] },
  ),
  ...properties('connack', CONNACK, [17, 18, 19, 21, 26, 28, 31, 33, 34, 36, 37, 39, 40, 41, 42]),
  ...head(PUBLISH),
  text(
    'publish.topic',
    'Topic.',
    of(PUBLISH, (p) => p.topic),
    { class: 'content', aliases: ['topic'] },
  ),
  identified(PUBLISH),
  number(
    'publish.message_length',
    'Bytes that are published.',
    of(PUBLISH, (p) => known(p.length)),
    {
      aliases: ['payload_len'],
    },
  ),
  ...properties('publish', PUBLISH, [1, 2, 3, 8, 11, 35]),
  ...[PUBACK, PUBREC, PUBREL, PUBCOMP].flatMap(acknowledgement),
  ...head(SUBSCRIBE),
  identified(SUBSCRIBE),
  text(
    'subscribe.topics[].topic',
    'Topic asked for.',
    of(SUBSCRIBE, (p) => p.topics),
    { class: 'content' },
  ),
  number(
    'subscribe.topics[].qos',
    'Quality asked for.',
    of(SUBSCRIBE, (p) => p.codes),
  ),
  ...properties('subscribe', SUBSCRIBE, [11]),
  ...head(SUBACK),
  identified(SUBACK),
  number(
    'suback.qos_granted',
    'Quality granted for each topic; 128 and above refuses.',
    of(SUBACK, (p) => p.codes),
    {
      aliases: ['granted_qos_level'],
    },
  ),
  ...head(UNSUBSCRIBE),
  identified(UNSUBSCRIBE),
  text(
    'unsubscribe.topics',
    'Topics given up.',
    of(UNSUBSCRIBE, (p) => p.topics),
    { class: 'content' },
  ),
  ...head(UNSUBACK),
  identified(UNSUBACK),
  number(
    'unsuback.reason_codes',
    'How it went for each topic.',
    of(UNSUBACK, (p) => (p.codes?.length ? p.codes : undefined)),
  ),
  ...head(PINGREQ),
  ...head(PINGRESP),
  ...head(DISCONNECT),
  reasoned(DISCONNECT),
  ...properties('disconnect', DISCONNECT, [17, 28, 31]),
  ...head(AUTH),
  reasoned(AUTH),
  ...properties('auth', AUTH, [21, 31]),
];
