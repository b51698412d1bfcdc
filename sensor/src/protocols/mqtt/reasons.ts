// Why a server lets a client in or not: return codes of MQTT 3 (§3.2.2.3) and reasons of MQTT 5 (§3.2.2.2).
import { VERSION_5 } from './packet.ts';

const RETURN_CODES = [
  'Connection Accepted',
  'Refused: unacceptable protocol version',
  'Refused: identifier rejected',
  'Refused: server unavailable',
  'Refused: bad user name or password',
  'Refused: not authorized',
];

const REASONS: Readonly<Record<number, string>> = {
  0: 'Success',
  128: 'Unspecified error',
  129: 'Malformed Packet',
  130: 'Protocol Error',
  131: 'Implementation specific error',
  132: 'Unsupported Protocol Version',
  133: 'Client Identifier not valid',
  134: 'Bad User Name or Password',
  135: 'Not authorized',
  136: 'Server unavailable',
  137: 'Server busy',
  138: 'Banned',
  140: 'Bad authentication method',
  144: 'Topic Name invalid',
  149: 'Packet too large',
  151: 'Quota exceeded',
  153: 'Payload format invalid',
  154: 'Retain not supported',
  155: 'QoS not supported',
  156: 'Use another server',
  157: 'Server moved',
  159: 'Connection rate exceeded',
};

export const reasonName = (version: number, code: number): string =>
  (version === VERSION_5 ? REASONS[code] : RETURN_CODES[code]) ?? `unknown-${code}`;
