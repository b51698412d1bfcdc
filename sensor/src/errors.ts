// Every error that the sensor shows to people: a code, what is wrong and where, and how to mend it.

const CATALOGUE = {
  usage: 'Run "yagura-sensor --help" for the commands and options.',
  file_unreadable: 'Check the path and its permissions.',
  not_a_capture:
    'Give a pcap or pcapng file, plain or compressed (.gz, .zst); what exporters sent is read with --source netflow, ipfix or sflow.',
  not_an_export: 'Give payloads of NetFlow v5 or v9, IPFIX or sFlow v5 datagrams, or captures of them.',
  capture_corrupt: 'The file holds a record that cannot be right; what stood before it was read.',
  capture_truncated: 'The file ends in the middle of a record; what stood before it was read.',
  eve_unreadable:
    'Look whether something else writes into it, and whether its disk was full; lines that cannot be read are passed over.',
  interface_missing: 'Look at "ip link" for the names of interfaces.',
  interface_unreadable:
    'Give an interface of Ethernet, Wi-Fi in monitor mode, or plain IP; "ip link" says which it is.',
  capture_not_permitted:
    'Under systemd set AmbientCapabilities=CAP_NET_RAW; else: sudo setcap cap_net_raw+ep "$(readlink -f node_modules/node/bin/node)".',
  ring_refused: 'Give the ring fewer or smaller blocks, or the machine more memory.',
  filter_invalid: 'Write it as for tcpdump, see "man pcap-filter".',
  filter_without_libpcap: 'Install libpcap (Debian: apt-get install libpcap0.8), or leave the filter out.',
  tcpdump_failed: 'Install tcpdump and let this user capture with it, or install koffi.',
  running_as_root:
    'Run as a user of its own with CAP_NET_RAW alone, name one that it shall become (--user), or say --allow-root.',
  rule_invalid: 'Mend the rule at the line named; "yagura-sensor rules check DIR" checks a folder.',
  suppression_invalid:
    'Mend the entry named: rule, owner, reason and until; src, dest, either, up_to and limit if they are wanted.',
  indicator_invalid:
    'Mend the entry named; rules/README.md has the forms of values. The other entries are in force.',
  list_unreadable:
    'Give STIX 2.1 or MISP JSON, a Zeek Intel file, CSV with a header, or a plain list (.txt).',
  config_invalid: 'Mend the option named; "yagura-sensor read --print-config" shows the words and defaults.',
  source_unavailable: 'Check that it is there, that nobody else holds it, and that this user may open it.',
  output_unwritable: 'Check the path, its permissions and the free space.',
  worker_lost: 'Read it with --workers 1; what is written already is whole lines.',
  spool_corrupt: 'The damaged segment was set aside and what it held before the damage is kept.',
  spool_locked: 'Another sensor uses this spool; stop it or give another --state directory.',
  not_enrolled: 'Enrol first: yagura-sensor enrol --aggregator URL --token TOKEN --state DIR.',
  enrolment_refused: "Ask the aggregator's operator for a new token: yagura-aggregator token.",
  hash_key_unusable: 'Give --hash-key a file of your own with mode 0600; one that is absent is made.',
  profile_not_authorised:
    'Ask for an authority that discloses them ("authority add --discloses") and enrol again, or use another --profile.',
  uplink_refused: 'The aggregator refuses this sensor; its operator can see why.',
} as const;

export type ErrorCode = keyof typeof CATALOGUE;
export const isErrorCode = (text: unknown): text is ErrorCode =>
  typeof text === 'string' && Object.hasOwn(CATALOGUE, text);

/** An error for people: shown as one line without a stack trace. */
export class SensorError extends Error {
  readonly code: ErrorCode;
  /** How to mend it. */
  readonly mend: string;

  /** @param what is wrong, and where (file, line, offset) */
  constructor(code: ErrorCode, what: string, mend: string = CATALOGUE[code]) {
    super(what);
    this.name = 'SensorError';
    this.code = code;
    this.mend = mend;
  }

  override toString(): string {
    return `yagura-sensor: ${this.code}: ${this.message}. ${this.mend}`;
  }
}
