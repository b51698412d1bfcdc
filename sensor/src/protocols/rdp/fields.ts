// What an `rdp` record says of one message of a remote desktop's beginning.
import { describe } from '../describe.ts';
import type { Field, Value } from '../protocol.ts';
import type { Client, RdpMessage } from './message.ts';

const { text, number } = describe<RdpMessage>('rdp');
/** The peer writes it as it likes. */
const free = (field: Field<RdpMessage>): Field<RdpMessage> => ({ ...field, isFree: true });

const PROTOCOLS: Readonly<Record<number, string>> = {
  0: 'rdp',
  1: 'ssl',
  2: 'hybrid',
  4: 'rds_tls',
  8: 'hybrid_ex',
};
const FAILURES: readonly string[] = [
  '',
  'ssl required by server',
  'ssl not allowed by server',
  'ssl cert not on server',
  'inconsistent flags',
  'hybrid required by server',
  'ssl with user auth required by server',
];
const VERSIONS: Readonly<Record<number, string>> = { 524289: 'v4', 524292: 'v5' };
const KEYBOARDS: readonly string[] = ['', 'xt', 'ico', 'at', 'enhanced', '1050', '9140', 'jp'];
const HINTS: readonly string[] = [
  '',
  'modem',
  'low_broadband',
  'satellite',
  'high_broadband',
  'wan',
  'lan',
  'autodetect',
];
const METHODS: Readonly<Record<number, string>> = {
  0: 'None',
  1: '40bit',
  2: '128bit',
  8: '56bit',
  16: 'FIPS',
};
const LEVELS: readonly string[] = ['None', 'Low', 'Client compatible', 'High', 'FIPS'];
/** Languages of the low word (MS-LCID §2.2) that are met most. */
const LAYOUTS: Readonly<Record<number, string>> = {
  1025: 'ar-SA',
  1028: 'zh-TW',
  1029: 'cs-CZ',
  1030: 'da-DK',
  1031: 'de-DE',
  1032: 'el-GR',
  1033: 'en-US',
  1034: 'es-ES',
  1035: 'fi-FI',
  1036: 'fr-FR',
  1037: 'he-IL',
  1038: 'hu-HU',
  1040: 'it-IT',
  1041: 'ja-JP',
  1042: 'ko-KR',
  1043: 'nl-NL',
  1044: 'nb-NO',
  1045: 'pl-PL',
  1046: 'pt-BR',
  1049: 'ru-RU',
  1053: 'sv-SE',
  1054: 'th-TH',
  1055: 'tr-TR',
  1058: 'uk-UA',
  1066: 'vi-VN',
  1065: 'fa-IR',
  2052: 'zh-CN',
  2055: 'de-CH',
  2057: 'en-GB',
  2070: 'pt-PT',
  3082: 'es-ES',
  3084: 'fr-CA',
  4105: 'en-CA',
};

const bits = (value: number | undefined, names: Readonly<Record<number, string>>): Value => {
  if (value === undefined) return undefined;
  const set = Object.entries(names).flatMap(([bit, name]) => ((value & Number(bit)) !== 0 ? [name] : []));
  return set.length > 0 ? set : undefined;
};
const ofClient =
  (get: (client: Client) => Value) =>
  ({ client }: RdpMessage): Value =>
    client === undefined ? undefined : get(client);
const nonEmpty = (value: string | undefined): string | undefined => (value === '' ? undefined : value);
const nonZero = (value: number | undefined): number | undefined => (value === 0 ? undefined : value);

const version = ({ version: v }: Client): string => {
  const minor = v - 0x80005;
  return VERSIONS[v] ?? (minor >= 0 && minor <= 15 ? `v10.${minor}` : 'unknown');
};

export const rdpFields: readonly Field<RdpMessage>[] = [
  number('tx_id', 'Number of the record in its flow, from 0.', (m) => m.index),
  text(
    'event_type',
    'initial_request, initial_response, connect_request or connect_response.',
    (m) => m.kind,
  ),
  text('cookie', 'Who wants to log in, cut to nine characters by most clients.', (m) => m.cookie, {
    class: 'identifier',
    aliases: ['cookie'],
  }),
  text('flags', 'What the client wants of the negotiation.', (m) =>
    bits(m.requestFlags, {
      1: 'restricted_admin_mode_required',
      2: 'redirected_authentication_mode_required',
      8: 'correlation_info_present',
    }),
  ),
  text('requested_protocols', 'Ways of protection that the client offers.', (m) =>
    m.requested === 0 ? ['rdp'] : bits(m.requested, { 1: 'ssl', 2: 'hybrid', 4: 'rds_tls', 8: 'hybrid_ex' }),
  ),
  text('server_supports', 'What the server can do.', (m) =>
    bits(m.responseFlags, {
      1: 'extended_client_data',
      2: 'dynvc_gfx',
      8: 'restricted_admin',
      16: 'redirected_authentication',
    }),
  ),
  text(
    'protocol',
    'Way of protection that the server chose.',
    (m) => (m.selected === undefined ? undefined : (PROTOCOLS[m.selected] ?? String(m.selected))),
    { aliases: ['security_protocol'] },
  ),
  number('error_code', 'Why the server refuses, as a number.', (m) => m.failure),
  text(
    'reason',
    'Why the server refuses.',
    (m) => (m.failure === undefined ? undefined : (FAILURES[m.failure] ?? 'unknown')),
    {
      aliases: ['result'],
    },
  ),
  text('client.version', "Version of the client's protocol.", ofClient(version)),
  number(
    'client.desktop_width',
    'Pixels across.',
    ofClient((c) => c.width),
    { aliases: ['desktop_width'] },
  ),
  number(
    'client.desktop_height',
    'Pixels down.',
    ofClient((c) => c.height),
    { aliases: ['desktop_height'] },
  ),
  number(
    'client.color_depth',
    'Bits a pixel.',
    ofClient((c) => c.colorDepth),
    { aliases: ['requested_color_depth'] },
  ),
  text(
    'client.keyboard_layout',
    'Keyboard, by its language.',
    ofClient(
      (c) => LAYOUTS[c.keyboardLayout & 0xffff] ?? `0x${c.keyboardLayout.toString(16).padStart(8, '0')}`,
    ),
    { aliases: ['keyboard_layout'] },
  ),
  text(
    'client.build',
    'Build of the client program.',
    ofClient((c) => String(c.build)),
    { aliases: ['client_build'] },
  ),
  text(
    'client.client_name',
    "The client machine's name.",
    ofClient((c) => nonEmpty(c.name)),
    {
      class: 'identifier',
      aliases: ['client_name'],
    },
  ),
  text(
    'client.keyboard_type',
    'Kind of keyboard.',
    ofClient((c) => nonEmpty(KEYBOARDS[c.keyboardType] ?? '')),
  ),
  number(
    'client.keyboard_subtype',
    'Its subtype.',
    ofClient((c) => nonZero(c.keyboardSubtype)),
  ),
  number(
    'client.function_keys',
    'Function keys on it.',
    ofClient((c) => nonZero(c.functionKeys)),
  ),
  free(
    text(
      'client.ime',
      'Input method.',
      ofClient((c) => nonEmpty(c.ime)),
    ),
  ),
  number(
    'client.product_id',
    'Product number of the client.',
    ofClient((c) => c.productId),
  ),
  number(
    'client.serial_number',
    'Serial number of the client.',
    ofClient((c) => nonZero(c.serial)),
    { class: 'identifier' },
  ),
  text(
    'client.capabilities',
    'What the client can do early on.',
    ofClient((c) =>
      bits(c.capabilities, {
        1: 'support_errinfo_pdf',
        2: 'want_32bpp_session',
        4: 'support_statusinfo_pdu',
        8: 'strong_asymmetric_keys',
        32: 'valid_connection_type',
        64: 'support_monitor_layout_pdu',
        128: 'support_netchar_autodetect',
        256: 'support_dynvc_gfx_protocol',
        512: 'support_dynamic_time_zone',
        1024: 'support_heartbeat_pdu',
      }),
    ),
  ),
  text(
    'client.id',
    'Product number of the machine.',
    ofClient((c) => nonEmpty(c.digitalId)),
    {
      class: 'identifier',
      aliases: ['client_dig_product_id'],
    },
  ),
  text(
    'client.connection_hint',
    'How the client is connected.',
    ofClient((c) => nonEmpty(HINTS[c.connectionHint ?? 0] ?? '')),
  ),
  free(
    text(
      'channels',
      'Virtual channels that the client wants.',
      (m) => (m.channels?.length === 0 ? undefined : m.channels),
      {
        aliases: ['client_channels'],
      },
    ),
  ),
  text(
    'encryption_method',
    "Key length of the protocol's own encryption.",
    (m) =>
      m.encryptionMethod === undefined
        ? undefined
        : (METHODS[m.encryptionMethod] ?? String(m.encryptionMethod)),
    { aliases: ['encryption_method'] },
  ),
  text(
    'encryption_level',
    'How far it encrypts.',
    (m) =>
      m.encryptionLevel === undefined ? undefined : (LEVELS[m.encryptionLevel] ?? String(m.encryptionLevel)),
    { aliases: ['encryption_level'] },
  ),
  text('cert_type', "Kind of the server's certificate.", (m) => m.certificate, { aliases: ['cert_type'] }),
];
