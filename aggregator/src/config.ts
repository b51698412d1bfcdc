// Every setting of the aggregator: its flag, its default, its unit and why the default is what it is.
import { isIP } from 'node:net';
import { Problem } from './errors.ts';

interface Setting {
  readonly kind: 'text' | 'address' | 'number' | 'list';
  readonly default: string | number | readonly string[] | undefined;
  readonly unit: string;
  readonly about: string;
}

export const SETTINGS = {
  state: {
    kind: 'text',
    default: 'state',
    unit: 'directory',
    about: 'Holds everything: the database, the certificate authority. Keep it on a local disk.',
  },
  web: {
    kind: 'address',
    default: '127.0.0.1:8600',
    unit: 'host:port',
    about: 'Console and API. In clear only on this machine; port 0 takes a free one.',
  },
  'web-cert': {
    kind: 'text',
    default: undefined,
    unit: 'PEM file',
    about: 'Certificate for the console, with its chain.',
  },
  'web-key': { kind: 'text', default: undefined, unit: 'PEM file', about: 'Private key of --web-cert.' },
  'web-name': {
    kind: 'list',
    default: [],
    unit: 'host name',
    about:
      'Names beyond localhost under which browsers reach the console; others are refused (DNS rebinding).',
  },
  ingest: {
    kind: 'address',
    default: '127.0.0.1:8601',
    unit: 'host:port',
    about: 'Where sensors send to, TLS 1.3 with client certificates.',
  },
  'ingest-name': {
    kind: 'list',
    default: [],
    unit: 'host name or address',
    about: "Names beyond this host's own under which sensors reach the ingest listener.",
  },
  metrics: {
    kind: 'address',
    default: '127.0.0.1:8602',
    unit: 'host:port',
    about: '/metrics, /-/healthy and /-/ready; no monitored address ever stands there.',
  },
  console: {
    kind: 'text',
    default: undefined,
    unit: 'directory',
    about: 'The built console; the one that comes with the program when not given.',
  },
  announce: {
    kind: 'text',
    default: undefined,
    unit: 'file',
    about: 'Written when ready: {web, ingest, metrics} with the addresses in use.',
  },
  'queue-batches': {
    kind: 'number',
    default: 512,
    unit: 'batches',
    about: 'Batches that may wait; above it sensors hear 503 and hold theirs on disk.',
  },
  'group-commit': {
    kind: 'number',
    default: 4_000,
    unit: 'records',
    about: 'Records committed together: more shares one disk sync among more batches, but blocks for longer.',
  },
  'sensor-batches': {
    kind: 'number',
    default: 8,
    unit: 'batches',
    about: 'Batches that one sensor may have on the way, so that no one starves the others.',
  },
  'silent-after': {
    kind: 'number',
    default: 45,
    unit: 'seconds',
    about: 'A sensor not heard for so long is shown as silent: four heartbeats missed.',
  },
  'session-hours': { kind: 'number', default: 12, unit: 'hours', about: 'A log-in lasts one working day.' },
  'log-level': {
    kind: 'text',
    default: 'info',
    unit: 'level',
    about: 'trace, debug, info, warn, error or silent.',
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;

export interface Listen {
  readonly host: string;
  readonly port: number;
}

export interface Config {
  readonly state: string;
  readonly web: Listen;
  readonly webTls: { readonly cert: string; readonly key: string } | undefined;
  readonly webNames: readonly string[];
  readonly ingest: Listen;
  readonly ingestNames: readonly string[];
  readonly metrics: Listen;
  readonly console: string | undefined;
  readonly announce: string | undefined;
  readonly queueBatches: number;
  readonly groupCommit: number;
  readonly sensorBatches: number;
  /** Seconds. */
  readonly silentAfter: number;
  readonly sessionHours: number;
  readonly logLevel: string;
}

export type Given = Partial<Record<SettingName, string | readonly string[] | undefined>>;

function parseListen(name: SettingName, text: string): Listen {
  const parts = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const port = Number(parts?.[3]);
  if (parts === null || port > 65_535)
    throw new Problem('config_invalid', `--${name} ${text}: write it as host:port, [::1]:port for IPv6.`);
  return { host: parts[1] ?? parts[2], port };
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** The settings in force. @throws Problem config_invalid, tls_required */
export function configure(given: Given): Config {
  const value = (name: SettingName) => given[name] ?? SETTINGS[name].default;
  const text = (name: SettingName) => value(name) as string | undefined;
  const list = (name: SettingName) => [value(name) ?? []].flat() as string[];
  const number = (name: SettingName) => {
    const parsed = Number(value(name));
    if (!Number.isInteger(parsed) || parsed < 1)
      throw new Problem(
        'config_invalid',
        `--${name} ${value(name)}: give a whole number of ${SETTINGS[name].unit}, 1 or more.`,
      );
    return parsed;
  };
  const address = (name: SettingName) => parseListen(name, text(name)!);
  const [cert, key] = [text('web-cert'), text('web-key')];
  if ((cert === undefined) !== (key === undefined))
    throw new Problem('config_invalid', '--web-cert and --web-key belong together.');
  const config: Config = {
    state: text('state')!,
    web: address('web'),
    webTls: cert === undefined || key === undefined ? undefined : { cert, key },
    webNames: list('web-name'),
    ingest: address('ingest'),
    ingestNames: list('ingest-name'),
    metrics: address('metrics'),
    console: text('console'),
    announce: text('announce'),
    queueBatches: number('queue-batches'),
    groupCommit: number('group-commit'),
    sensorBatches: number('sensor-batches'),
    silentAfter: number('silent-after'),
    sessionHours: number('session-hours'),
    logLevel: text('log-level')!,
  };
  if (!isLoopback(config.web.host) && config.webTls === undefined)
    throw new Problem('tls_required', `--web ${text('web')} is reachable from other machines.`);
  return config;
}
