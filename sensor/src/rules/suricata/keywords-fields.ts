// Options that compare a value of a transaction: numbers, words, times, interfaces.
import { hint } from '../fields.ts';
import { type Bounds, parseBounds, parseWhole } from './bounds.ts';
import { BOTH, CLIENT, type Place, SERVER } from './buffers.ts';
import type { Draft, FieldTest, Keyword } from './draft.ts';
import { invalid, unsupported } from './fault.ts';
import { NUMBERS } from './numbers.ts';
import type { Option } from './signature.ts';

const at = (type: string, path: string, sides: number): Place => ({ type, path, sides });

/** A value as a number: by its name, or as it stands. */
const numberOf = (value: unknown, words: ReadonlyMap<string, number> | undefined): number =>
  words?.get(String(value).toLowerCase()) ?? Number(value);

const numbers = Object.fromEntries(
  NUMBERS.flatMap(({ name, aliases = [], places, words }) =>
    [name, ...aliases].map((word): [string, Keyword] => [
      word,
      (draft, option) => {
        const [value, ...rest] = (option.value ?? '').split(/,(?!\d)/);
        if (rest.length > 0 && places.length > 0)
          draft.refuse(unsupported(name, `"${option.value}": a place in a list`, option.at));
        const many = value.split(',').map((one) => parseBounds(option, words, one.trim()));
        const bounds: Bounds = many.length === 1 ? many[0] : (n) => many.some((one) => one(n));
        draft.fieldTests.push({ name, places, holds: (found) => bounds(numberOf(found, words)) });
      },
    ]),
  ),
);

const test = (draft: Draft, name: string, places: readonly Place[], holds: FieldTest['holds']): void => {
  draft.fieldTests.push({ name, places, holds });
};

/** `yes`, `no`, `true`, `false`, and what else a field's keyword knows. */
const flag =
  (places: readonly Place[]): Keyword =>
  (draft, option) => {
    const value = (option.value ?? 'true').toLowerCase();
    const wanted = /^(yes|true|on|1)$/.test(value);
    if (!wanted && !/^(no|false|off|0)$/.test(value)) throw invalid(option.name, 'yes or no', option.valueAt);
    test(
      draft,
      option.name,
      places,
      (found) => (found === true || found === 'yes' || found === 'true') === wanted,
    );
  };

/** Words with `!` before those that must not be. */
const MQTT_TYPES = [
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

/** `YYYY-MM-DD HH:MM:SS` and its beginnings, as seconds; a range is between two of them. */
function seconds(text: string, option: Option): number {
  const found = /^"?(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:[ T](\d\d))?(?::(\d\d))?(?::(\d\d))?"?$/.exec(
    text.trim(),
  );
  if (found === null)
    throw invalid(option.name, `"${text}" is no time: write 2026-01-31 12:00:00`, option.valueAt);
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00'] = found;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) / 1000;
}

const validity =
  (path: string): Keyword =>
  (draft, option) => {
    const text = (option.value ?? '').trim();
    const between = text.split('<>');
    let bounds: Bounds;
    if (between.length === 2) {
      const [from, to] = between.map((one) => seconds(one, option));
      bounds = (n) => n > from && n < to;
    } else if (text.startsWith('<') || text.startsWith('>')) {
      const bound = seconds(text.slice(1), option);
      bounds = text.startsWith('<') ? (n) => n < bound : (n) => n > bound;
    } else {
      const bound = seconds(text, option);
      bounds = (n) => n === bound;
    }
    const holds = (found: unknown): boolean => bounds(secondsOf(found));
    test(draft, option.name, [at('tls', path, SERVER)], holds);
  };

const secondsOf = (time: unknown): number => {
  const text = String(time);
  return Date.parse(/Z$/.test(text) ? text : `${text}Z`) / 1000;
};

/** Old words with a text of their own instead of a buffer. */
const holdsText =
  (place: Place): Keyword =>
  (draft, option) => {
    const found = /^(!?)\s*"(.*)"$/s.exec(option.value ?? '');
    if (found === null)
      throw invalid(option.name, `the value of "${option.name}" stands in quotes`, option.valueAt);
    const [, not, text] = found;
    const wanted = text.replace(/\\([";:\\])/g, '$1');
    test(draft, option.name, [place], (value) => String(value).includes(wanted) === (not === ''));
  };

const TLS_VERSIONS: Readonly<Record<string, string>> = {
  '1.0': 'TLSv1',
  '1.1': 'TLS 1.1',
  '1.2': 'TLS 1.2',
  '1.3': 'TLS 1.3',
};
/** Versions are written with or without a blank and a v. */
const version = (text: string): string =>
  text
    .toLowerCase()
    .replace(/^(tls|ssl)?\s*v?\s*/, '')
    .replace(/\.0$/, '');

export const fieldKeywords: Readonly<Record<string, Keyword>> = {
  ...numbers,
  'tls.version'(draft, option) {
    const text = (option.value ?? '').replace(/^"(.*)"$/, '$1');
    if (TLS_VERSIONS[text] === undefined && !/^0x[0-9a-f]{4}$/i.test(text))
      throw invalid(option.name, '1.0, 1.1, 1.2 or 1.3', option.valueAt);
    test(
      draft,
      option.name,
      [at('tls', 'tls.version', BOTH)],
      (found) => version(String(found)) === version(text),
    );
  },
  ssl_version(draft, option) {
    const words = (option.value ?? '').split(',').map((word) => word.trim().toLowerCase());
    const bad = words.find((word) => !/^!?(sslv2|sslv3|tls1\.[0-3])$/.test(word));
    if (bad !== undefined)
      throw invalid(option.name, `"${bad}": sslv2, sslv3, tls1.0 to tls1.3`, option.valueAt);
    const isNot = words[0].startsWith('!');
    const wanted = words.map((word) => word.replace('!', '').replace('tls', '').replace('sslv', 's'));
    const name = (found: unknown): string =>
      String(found).toLowerCase().startsWith('ssl') ? `s${version(String(found))}` : version(String(found));
    test(
      draft,
      option.name,
      [at('tls', 'tls.version', BOTH)],
      (found) => wanted.some((one) => version(one) === name(found) || one === name(found)) !== isNot,
    );
  },
  tls_cert_notbefore: validity('tls.notbefore'),
  tls_cert_notafter: validity('tls.notafter'),
  tls_cert_expired(draft, option) {
    test(draft, option.name, [at('tls', 'tls.notafter', SERVER)], (end, now) => secondsOf(end) < now / 1e6);
  },
  tls_cert_valid(draft, option) {
    const { name } = option;
    test(draft, name, [at('tls', 'tls.notafter', SERVER)], (end, now) => secondsOf(end) >= now / 1e6);
    test(draft, name, [at('tls', 'tls.notbefore', SERVER)], (start, now) => secondsOf(start) <= now / 1e6);
  },
  'tls.subject': holdsText(at('tls', 'tls.subject', SERVER)),
  'tls.issuerdn': holdsText(at('tls', 'tls.issuerdn', SERVER)),
  'tls.fingerprint': holdsText(at('tls', 'tls.fingerprint', SERVER)),
  'ssh.protoversion'(draft, option) {
    const text = (option.value ?? '').replace(/^"(.*)"$/, '$1');
    const places = [
      at('ssh', 'ssh.client.proto_version', CLIENT),
      at('ssh', 'ssh.server.proto_version', SERVER),
    ];
    const isV2 = text.toLowerCase() === '2_compat';
    test(draft, option.name, places, (found) =>
      isV2 ? found === '2.0' || found === '1.99' : found === text,
    );
  },
  'ssh.softwareversion'(draft, option) {
    const text = (option.value ?? '').replace(/^"(.*)"$/, '$1');
    if (text === '') throw invalid(option.name, 'a text is missing', option.valueAt);
    const places = [
      at('ssh', 'ssh.client.software_version', CLIENT),
      at('ssh', 'ssh.server.software_version', SERVER),
    ];
    test(draft, option.name, places, (found) => String(found).includes(text));
  },
  'ftp.mode'(draft, option) {
    if (option.value !== 'active' && option.value !== 'passive')
      throw invalid(option.name, 'active or passive', option.valueAt);
    test(draft, option.name, [at('ftp', 'ftp.mode', BOTH)], (found) => found === option.value);
  },
  'ftp.reply_received': flag([at('ftp', 'ftp.reply_received', BOTH)]),
  'krb5.weak_encryption': flag([at('krb5', 'krb5.weak_encryption', SERVER)]),
  'mqtt.connack.session_present': flag([at('mqtt', 'mqtt.connack.session_present', BOTH)]),
  'mqtt.connack.sessionpresent': flag([at('mqtt', 'mqtt.connack.session_present', BOTH)]),
  'mqtt.type'(draft, option) {
    const type = (option.value ?? '').toLowerCase();
    if (!MQTT_TYPES.includes(type))
      throw invalid(option.name, `"${type}" is no type${hint(type, MQTT_TYPES)}`, option.valueAt);
    test(draft, option.name, [at('mqtt', `mqtt.${type}.qos`, BOTH)], () => true);
  },
  'mqtt.flags'(draft, option) {
    for (const word of (option.value ?? '').split(',').map((one) => one.trim())) {
      const [, not, name] = /^(!?)(dup|retain)$/.exec(word) ?? [];
      if (name === undefined) throw invalid(option.name, `"${word}": dup or retain`, option.valueAt);
      const places = MQTT_TYPES.map((type) => at('mqtt', `mqtt.${type}.${name}`, BOTH));
      test(draft, option.name, places, (found) => found === (not === ''));
    }
  },
  'mqtt.connect.flags'(draft, option) {
    for (const word of (option.value ?? '').split(',').map((one) => one.trim())) {
      const [, not, name] = /^(!?)(username|password|will|will_retain|clean_session)$/.exec(word) ?? [];
      if (name === undefined) throw invalid(option.name, `"${word}" is no flag of CONNECT`, option.valueAt);
      test(
        draft,
        option.name,
        [at('mqtt', `mqtt.connect.flags.${name}`, CLIENT)],
        (found) => found === (not === ''),
      );
    }
  },
  'smb.version'(draft, option) {
    const wanted = parseWhole(option, 1, 2);
    test(
      draft,
      option.name,
      [at('smb', 'smb.dialect', BOTH)],
      (found) => /^[23]\./.test(String(found)) === (wanted === 2),
    );
  },
  'dcerpc.iface': iface,
  dce_iface: iface,
  'dcerpc.opnum': opnum,
  dce_opnum: opnum,
};

/** `uuid[,<|>|=|!version][,any_frag]`. */
function iface(draft: Draft, option: Option): void {
  const [uuid, ...rest] = (option.value ?? '').split(',').map((word) => word.trim());
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(uuid))
    throw invalid(option.name, `"${uuid}" is no UUID`, option.valueAt);
  const both = (path: string): Place[] => [
    at('dcerpc', `dcerpc.${path}`, BOTH),
    at('smb', `smb.dcerpc.${path}`, BOTH),
  ];
  const wanted = uuid.toLowerCase();
  test(draft, option.name, both('interfaces.uuid'), (found) => found === wanted);
  for (const word of rest) {
    if (word === 'any_frag') continue;
    const [, sign, text] = /^([<>=!])\s*(\d+)$/.exec(word) ?? [];
    if (text === undefined) throw invalid(option.name, `"${word}" means nothing here`, option.valueAt);
    const bounds = parseBounds(option, undefined, `${sign}${text}`);
    test(draft, option.name, both('interfaces.version'), (found) =>
      bounds(Number.parseInt(String(found), 10)),
    );
  }
}

/** `15`, `1-5`, `15,16,18-20`. */
function opnum(draft: Draft, option: Option): void {
  const ranges = (option.value ?? '').split(',').map((word) => {
    const found = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(word.trim());
    const from = Number(found?.[1]);
    const to = Number(found?.[2] ?? found?.[1]);
    if (found === null || from > 65_535 || to < from)
      throw invalid(option.name, `"${word}" is no operation`, option.valueAt);
    return [from, to] as const;
  });
  const places = [at('dcerpc', 'dcerpc.req.opnum', BOTH), at('smb', 'smb.dcerpc.opnum', BOTH)];
  test(draft, option.name, places, (found) =>
    ranges.some(([from, to]) => from <= Number(found) && Number(found) <= to),
  );
}
