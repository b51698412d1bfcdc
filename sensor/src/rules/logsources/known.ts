// Which log sources a wire shows, by which of our events; and why it does not show the others.
import { RPC_FIREWALL, type Words } from './words.ts';

export interface LogSourceKey {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
}
export const PARTS = ['category', 'product', 'service'] as const;

export interface Known {
  readonly key: LogSourceKey;
  /**
   * Event types. A rule is compiled for all of the first group that know its words, or, when none does, of the next one:
   * a name to connect to is not in a flow, but in what is said at its beginning.
   */
  readonly on: readonly (readonly string[])[];
  /** Beside those of the event types. */
  readonly words?: Words;
}

/** Zeek's logs by what we call the same. */
const ZEEK: Readonly<Record<string, readonly string[]>> = {
  conn: ['flow'],
  dns: ['dns'],
  http: ['http'],
  ssl: ['tls', 'quic'],
  x509: ['tls'],
  quic: ['quic'],
  ssh: ['ssh'],
  smb_files: ['smb'],
  smb_mapping: ['smb'],
  smb_cmd: ['smb'],
  dce_rpc: ['dcerpc', 'smb'],
  kerberos: ['krb5'],
  ntlm: ['smb', 'dcerpc', 'http', 'ldap'],
  ldap: ['ldap'],
  ldap_search: ['ldap'],
  rdp: ['rdp'],
  rfb: ['rfb'],
  ftp: ['ftp'],
  smtp: ['smtp'],
  pop3: ['pop3'],
  imap: ['imap'],
  snmp: ['snmp'],
  dhcp: ['dhcp'],
  ntp: ['ntp'],
  mqtt_connect: ['mqtt'],
  mqtt_publish: ['mqtt'],
  mqtt_subscribe: ['mqtt'],
  mqtt: ['mqtt'],
  sip: ['sip'],
  irc: ['irc'],
  socks: ['socks'],
  syslog: ['syslog'],
  radius: ['radius'],
  mysql: ['mysql'],
  postgresql: ['pgsql'],
  redis: ['redis'],
  tftp: ['tftp'],
  telnet: ['telnet'],
  websocket: ['websocket'],
  modbus: ['modbus'],
  modbus_detailed: ['modbus'],
  dnp3: ['dnp3'],
  bacnet: ['bacnet'],
  enip: ['enip'],
  cip: ['enip'],
  s7comm: ['s7comm'],
  opcua_binary: ['opcua'],
  bittorrent: ['bittorrent'],
  ipsec: ['ike'],
  wireguard: ['wireguard'],
  openvpn: ['openvpn'],
  stun: ['stun'],
  weird: ['anomaly'],
};

/** Makers of firewalls, routers and switches, by the names that rules give them. */
const DEVICES = [
  'cisco',
  'fortinet',
  'fortigate',
  'fortios',
  'paloalto',
  'pan',
  'juniper',
  'huawei',
  'checkpoint',
  'sophos',
  'sonicwall',
  'watchguard',
  'barracuda',
  'zscaler',
  'netscreen',
  'mikrotik',
  'pfsense',
  'opnsense',
  'arista',
  'aruba',
  'f5',
  'ubiquiti',
  'yamaha',
  'netflow',
  'ipfix',
] as const;
/** Services of such devices that write down traffic. */
const TRAFFIC: Readonly<Record<string, readonly string[]>> = {
  traffic: ['flow'],
  forward: ['flow'],
  session: ['flow'],
  flow: ['flow'],
  netflow: ['flow'],
  connection: ['flow'],
  firewall: ['flow'],
  asa: ['flow'],
  ftd: ['flow'],
  dns: ['dns'],
  url: ['http'],
  webfilter: ['http'],
  proxy: ['http'],
  web: ['http'],
  ssl: ['tls'],
};

const entries = (of: Readonly<Record<string, readonly string[]>>) => Object.entries(of);

/** The first that agrees in all its words. Other words of the rule's log source (a product) do not matter. */
export const KNOWN: readonly Known[] = [
  ...entries(ZEEK).map(([service, types]) => ({ key: { product: 'zeek', service }, on: [types] })),
  ...DEVICES.flatMap((product) =>
    entries(TRAFFIC).map(([service, types]) => ({ key: { product, service }, on: [types] })),
  ),
  {
    key: { product: 'rpc_firewall', category: 'application' },
    on: [['dcerpc', 'smb']],
    words: RPC_FIREWALL,
  },
  { key: { category: 'dns' }, on: [['dns']] },
  { key: { category: 'dns_query' }, on: [['dns']] },
  { key: { category: 'proxy' }, on: [['http']] },
  { key: { category: 'webserver' }, on: [['http']] },
  { key: { category: 'firewall' }, on: [['flow']] },
  { key: { category: 'network_traffic' }, on: [['flow']] },
  { key: { category: 'network_connection' }, on: [['flow'], ['tls', 'http', 'quic']] },
  ...entries({ ...TRAFFIC, http: ['http'], tls: ['tls', 'quic'], smb: ['smb'], ssh: ['ssh'] }).map(
    ([service, types]) => ({ key: { category: 'network', service }, on: [types] }),
  ),
];

/** Log sources that no wire shows, most particular first, with what they are. */
const UNSEEN: readonly { readonly key: LogSourceKey; readonly what: string }[] = [
  ...DEVICES.map((product) => ({
    key: { product },
    what: 'what a network device writes about itself: commands, logins, its configuration, its neighbours',
  })),
  { key: { product: 'opencanary' }, what: 'the log of a honeypot, which alone knows that it is one' },
  { key: { product: 'zeek' }, what: 'what Zeek concludes from other logs; these have its columns' },
  ...['windows', 'linux', 'macos'].map((product) => ({
    key: { product },
    what: 'what the operating system of a host writes down',
  })),
];

/** Why no wire shows such a log source, when that is known. */
export const unseenSource = (key: LogSourceKey): string | undefined =>
  UNSEEN.find(({ key: k }) => agrees(k, key))?.what;

export const agrees = (known: LogSourceKey, key: LogSourceKey): boolean =>
  PARTS.every((part) => known[part] === undefined || known[part] === key[part]);

const PROCESS = 'only the host knows which process, and which user, stands behind a packet';
const SERVER = 'only the server knows it';
const DECIDED = 'only the device knows what it decided';

const UNSEEN_WORDS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'Image',
      'ParentImage',
      'CommandLine',
      'ParentCommandLine',
      'User',
      'ParentUser',
      'ProcessId',
      'ProcessGuid',
      'ParentProcessId',
      'OriginalFileName',
      'Company',
      'Product',
      'Description',
      'Hashes',
      'IntegrityLevel',
      'CurrentDirectory',
      'LogonId',
    ].map((word) => [word, PROCESS]),
  ),
  SourceHostname: 'packets come from addresses; only the host knows its name',
  Computer: 'packets come from addresses; only the host knows its name',
  ComputerName: 'packets come from addresses; only the host knows its name',
  's-computername': 'packets come from addresses; only the host knows its name',
  'cs-username': 'only the server knows who is logged in',
  'cs-cookie': 'cookies are content, and content is not kept',
  'cs-Cookie': 'cookies are content, and content is not kept',
  'sc-substatus': SERVER,
  'sc-win32-status': SERVER,
  action: DECIDED,
  blocked: DECIDED,
  'sc-filter-result': DECIDED,
};

/** Why no wire shows what a word stands for, when that is known. */
export const unseenWord = (word: string): string | undefined => UNSEEN_WORDS[word];
