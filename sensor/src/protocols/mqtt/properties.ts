// Properties of MQTT 5 (§2.2.2): each number with its name and form. Free pairs of a user are not kept.
import { u16, u32 } from '../../bytes/read.ts';
import { utf8 } from '../../bytes/text.ts';
import type { PrivacyClass } from '../../wire/field.ts';

/** Longest text that is kept, bytes. */
export const MAX_TEXT = 1024;
/** Properties of one packet that are looked at. */
const MAX_PROPERTIES = 64;

export type Properties = ReadonlyMap<number, number | string>;

type Form = 'byte' | 'two' | 'four' | 'varint' | 'text' | 'binary' | 'pair';
interface Property {
  readonly name: string;
  readonly form: Form;
  readonly class: PrivacyClass;
  readonly about: string;
}
const property = (name: string, form: Form, about: string, privacy: PrivacyClass = 'protocol'): Property => ({
  name,
  form,
  class: privacy,
  about,
});

export const PROPERTIES: Readonly<Record<number, Property>> = {
  1: property('payload_format_indicator', 'byte', 'One where what is carried is text.'),
  2: property('message_expiry_interval', 'four', 'Seconds until the message is worthless.'),
  3: property('content_type', 'text', 'What is carried.', 'content'),
  8: property('response_topic', 'text', 'Topic for answers.', 'content'),
  9: property('correlation_data', 'binary', ''),
  11: property('subscription_identifier', 'varint', 'Number of the subscription.'),
  17: property('session_expiry_interval', 'four', 'Seconds that the session outlives its connection.'),
  18: property('assigned_client_identifier', 'text', 'Name that the server gave the client.', 'identifier'),
  19: property('server_keep_alive', 'two', 'Seconds between signs of life, as the server wants it.'),
  21: property('authentication_method', 'text', 'Way of authentication beyond passwords.'),
  22: property('authentication_data', 'binary', ''),
  23: property('request_problem_information', 'byte', 'One where reasons may be explained.'),
  24: property('will_delay_interval', 'four', 'Seconds before the will is published.'),
  25: property('request_response_information', 'byte', 'One where the server may name a topic for answers.'),
  26: property('response_information', 'text', 'Basis of topics for answers.', 'content'),
  28: property('server_reference', 'text', 'Another server to use.', 'name'),
  31: property('reason_string', 'text', 'Reason, for people.', 'content'),
  33: property('receive_maximum', 'two', 'Messages that may be under way.'),
  34: property('topic_alias_maximum', 'two', 'Highest alias of a topic.'),
  35: property('topic_alias', 'two', 'Number that stands for the topic.'),
  36: property('maximum_qos', 'byte', 'Highest quality of service of the server.'),
  37: property('retain_available', 'byte', 'One where the server keeps messages.'),
  38: property('user_property', 'pair', ''),
  39: property('maximum_packet_size', 'four', 'Longest packet, bytes.'),
  40: property('wildcard_subscription_available', 'byte', 'One where topics may have wildcards.'),
  41: property('subscription_identifier_available', 'byte', 'One where subscriptions may have numbers.'),
  42: property('shared_subscription_available', 'byte', 'One where subscriptions may be shared.'),
};

/** A number of one to four bytes, seven bits each (§1.5.5); -1 when it is not whole, or longer. */
export function varint(b: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let i = 0; i < 4 && at + i < end; i++) {
    value += (b[at + i] & 0x7f) * 2 ** (7 * i);
    if (b[at + i] < 0x80) return value;
  }
  return -1;
}

/** Where such a number ends; a place behind `end` when it is not whole, or too long. */
export function skipVarint(b: Uint8Array, at: number, end: number): number {
  for (let i = 0; i < 4 && at + i < end; i++) if (b[at + i] < 0x80) return at + i + 1;
  return end + 1;
}

/** Properties of `[at, end)`, as far as they are in order. */
export function readProperties(b: Uint8Array, at: number, end: number): Properties {
  const found = new Map<number, number | string>();
  for (let i = 0; i < MAX_PROPERTIES && at < end; i++) {
    const number = b[at++];
    const next = behind(PROPERTIES[number]?.form, b, at, end);
    if (next < 0 || next > end) break;
    const value = contentOf(PROPERTIES[number].form, b, at, next);
    if (value !== undefined) found.set(number, value);
    at = next;
  }
  return found;
}

/** Where a value ends; -1 when its form is unknown or it is cut. */
function behind(form: Form | undefined, b: Uint8Array, at: number, end: number): number {
  switch (form) {
    case 'byte':
      return at + 1;
    case 'two':
      return at + 2;
    case 'four':
      return at + 4;
    case 'varint':
      return skipVarint(b, at, end);
    case 'text':
    case 'binary':
      return end - at < 2 ? -1 : at + 2 + u16(b, at);
    case 'pair': {
      const second = end - at < 2 ? end : at + 2 + u16(b, at);
      return end - second < 2 ? -1 : second + 2 + u16(b, second);
    }
    default:
      return -1;
  }
}

function contentOf(form: Form, b: Uint8Array, at: number, end: number): number | string | undefined {
  if (form === 'byte') return b[at];
  if (form === 'two') return u16(b, at);
  if (form === 'four') return u32(b, at);
  if (form === 'varint') return varint(b, at, end);
  return form === 'text' ? utf8(b, at + 2, Math.min(end, at + 2 + MAX_TEXT)) : undefined;
}
