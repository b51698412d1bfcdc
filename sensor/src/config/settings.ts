// Every setting of `run`: its word in the file (and, with dashes, on the command line), its default, unit and reason.
import { PROFILES } from '../wire/field.ts';

export interface Setting {
  readonly kind: 'text' | 'number' | 'flag' | 'list';
  /** In force when nobody says otherwise; undefined: nothing of the kind. */
  readonly default: string | number | boolean | readonly string[] | undefined;
  readonly unit: string;
  /** One line, with the reason of the default. */
  readonly about: string;
  /** The words that it may be. */
  readonly oneOf?: readonly string[];
  /** Bounds of a number. */
  readonly least?: number;
  readonly most?: number;
}

export const SETTINGS = {
  rules: {
    kind: 'list',
    default: [],
    unit: 'paths',
    about:
      'Folders or files of rules (.yml) and indicator lists (.txt). None unless named: packs are chosen.',
  },
  profile: {
    kind: 'text',
    default: 'strict',
    unit: 'profile',
    about: 'What leaves in clear. The least, unless a law asks for more.',
    oneOf: Object.keys(PROFILES),
  },
  hash_key: {
    kind: 'text',
    default: undefined,
    unit: 'file',
    about: 'Key of the hashes that "standard" makes; made when absent. Beside the spool unless it is named.',
  },
  authority: {
    kind: 'text',
    default: undefined,
    unit: 'text',
    about: 'The order under which "lawful-order" watches without an uplink. Nothing can be assumed here.',
  },
  suppress: {
    kind: 'text',
    default: undefined,
    unit: 'file',
    about:
      'Alerts that are not told, or less often: who decided it, why, and until when. Read anew on SIGHUP.',
  },
  alerts_per_minute: {
    kind: 'number',
    default: 600,
    unit: 'alerts',
    about:
      'Of one rule; how many more there were is told at the end of the minute. Ten a second are read by nobody.',
    least: 1,
    most: 1_000_000,
  },
  rule_budget: {
    kind: 'number',
    default: 20,
    unit: '% of the time',
    about:
      'A rule that takes more of ten seconds is suspended until rules are read anew, which is told as blindness; 0 is never. A good rule takes less than one.',
    least: 0,
    most: 100,
  },
  scope_look: {
    kind: 'list',
    default: [],
    unit: 'prefixes, perhaps after "from" or "to"',
    about:
      'Packets without a side in these are dropped, and only counted. All, unless the authority says less.',
  },
  scope_never: {
    kind: 'list',
    default: [],
    unit: 'prefixes, perhaps after "from" or "to"',
    about:
      'Packets with a side in these are dropped, and only counted, whatever else is said. None, unless named.',
  },
  memory: {
    kind: 'text',
    default: undefined,
    unit: 'size',
    about:
      'Most that the program takes; what is full sheds and counts. 256MiB, 144MiB more for each of several workers, 64MiB for each ring of the kernel.',
  },
  workers: {
    kind: 'number',
    default: 1,
    unit: 'threads',
    about:
      'Threads that share the interfaces; one more detects. One does all alone: it keeps up with what a small host has.',
    least: 1,
    most: 64,
  },
  events: {
    kind: 'text',
    default: undefined,
    unit: 'file',
    about: 'Every event as a line of EVE, added to this file; - is standard output. Reopened on SIGHUP.',
  },
  uplink: {
    kind: 'text',
    default: undefined,
    unit: 'folder',
    about: 'State folder that "enrol" made: alerts go to its aggregator and wait there when it is away.',
  },
  state: {
    kind: 'text',
    default: undefined,
    unit: 'folder',
    about:
      'Where detectors keep what they have learnt, so that a restart does not forget it. The folder of the uplink, unless it is said.',
  },
  metrics: {
    kind: 'text',
    default: undefined,
    unit: 'host:port',
    about: 'Serves /metrics, /-/healthy and /-/ready. There is no password, hence on loopback or not at all.',
  },
  stats_seconds: {
    kind: 'number',
    default: 10,
    unit: 's',
    about: 'Between two stats records among the events; 0 is none but the last. As often as series are told.',
    least: 0,
    most: 86_400,
  },
  drain_seconds: {
    kind: 'number',
    default: 10,
    unit: 's',
    about: 'At the end, how long the aggregator may take. What is left waits on disk; systemd waits 90 s.',
    least: 0,
    most: 3600,
  },
  backlog_seconds: {
    kind: 'number',
    default: 60,
    unit: 's',
    about:
      'What waits longer, and an aggregator silent so long, is told as blindness; 0 is never. Six heartbeats.',
    least: 0,
    most: 86_400,
  },
  backlog_size: {
    kind: 'number',
    default: 64,
    unit: 'MiB',
    about: 'More than this waiting is told as blindness, too. A quarter of what may wait before any is lost.',
    least: 1,
    most: 256,
  },
  clock_step_seconds: {
    kind: 'number',
    default: 2,
    unit: 's',
    about: 'A clock that jumps by more is told as blindness. NTP slews what is below a second.',
    least: 0.1,
    most: 3600,
  },
  rules_stale_days: {
    kind: 'number',
    default: 30,
    unit: 'days',
    about: 'Rules whose newest file is older are told as stale; 0 is never. A month misses a whole campaign.',
    least: 0,
    most: 3650,
  },
  user: {
    kind: 'text',
    default: undefined,
    unit: 'user',
    about:
      'Whom it becomes when it is started as root, before anything is opened; of what root may, the ring alone is kept.',
  },
  allow_root: {
    kind: 'flag',
    default: false,
    unit: 'yes or no',
    about: 'Runs on as root. A sensor reads what strangers write: it should hold CAP_NET_RAW and no more.',
  },
} as const satisfies Readonly<Record<string, Setting>>;

/** What every source may say beside its kind. */
const OF_ALL = {
  name: {
    kind: 'text',
    default: undefined,
    unit: 'word',
    about: 'What metrics and messages call it: kind and number unless it has a name.',
  },
  silent_seconds: {
    kind: 'number',
    default: 60,
    unit: 's',
    about:
      'Nothing for so long is told as blindness; 0 is never. No network of people is silent for a minute.',
    least: 0,
    most: 86_400,
  },
} as const satisfies Readonly<Record<string, Setting>>;

const FROM = {
  kind: 'list',
  default: [],
  unit: 'prefixes',
  about: 'Who may send; others are refused and counted. Everybody unless it is said.',
} as const satisfies Setting;
/** Of exporters, each for itself. */
const SILENT_EXPORTER = {
  kind: 'number',
  default: 600,
  unit: 's',
  about:
    'An exporter silent for so long is told as blindness; 0 is never. They tell of long flows every 5 minutes.',
  least: 0,
  most: 86_400,
} as const satisfies Setting;
const BUFFER = {
  kind: 'number',
  default: 8,
  unit: 'MiB',
  about: "The kernel's room for what waits: some milliseconds at full speed. net.core.rmem_max is its bound.",
  least: 1,
  most: 1024,
} as const satisfies Setting;

const EXPORTS = { ...OF_ALL, silent_seconds: SILENT_EXPORTER, from: FROM, buffer: BUFFER } as const;

/** Kinds of sources: the word that names one has its place as value. */
export const SOURCES = {
  afpacket: {
    about: "An interface's packets.",
    place: 'interface',
    settings: {
      ...OF_ALL,
      snap_length: {
        kind: 'number',
        default: 65_535,
        unit: 'bytes',
        about: 'Of each packet at most: all of it. Less keeps payload out of the process altogether.',
        least: 64,
        most: 65_535,
      },
      filter: {
        kind: 'text',
        default: undefined,
        unit: 'pcap filter',
        about: 'What the kernel lets through. Everything unless it is said.',
      },
    },
  },
  capture: {
    about:
      'A capture file, or a pipe (FIFO) that a recorder writes into; opened again when the recorder is back.',
    place: 'path',
    settings: OF_ALL,
  },
  mirror: {
    about: 'Frames mirrored in VXLAN or GENEVE over UDP.',
    place: 'address:port',
    settings: { ...OF_ALL, from: FROM, buffer: BUFFER },
  },
  eve: {
    about: 'What a Suricata tells: its EVE file, or a socket that it connects to (unix:PATH).',
    place: 'path or unix:path',
    settings: {
      ...OF_ALL,
      begin: {
        kind: 'text',
        default: 'end',
        unit: 'start or end',
        about:
          'Where the first reading of a file begins; later ones go on. What happened before is old news.',
        oneOf: ['end', 'start'],
      },
      state: {
        kind: 'text',
        default: undefined,
        unit: 'folder',
        about: 'Where the bookmark is kept. The folder of the uplink, unless it is said.',
      },
    },
  },
  netflow: { about: 'NetFlow 5, 9 and 10 of exporters.', place: 'address:port', settings: EXPORTS },
  ipfix: { about: 'IPFIX, which is NetFlow 10, of exporters.', place: 'address:port', settings: EXPORTS },
  sflow: { about: 'sFlow 5 of agents.', place: 'address:port', settings: EXPORTS },
} as const satisfies Readonly<
  Record<
    string,
    { readonly about: string; readonly place: string; readonly settings: Readonly<Record<string, Setting>> }
  >
>;

export type SourceKind = keyof typeof SOURCES;

type ValueOf<S extends Setting> = S['kind'] extends 'flag'
  ? boolean
  : S['kind'] extends 'list'
    ? readonly string[]
    : S['kind'] extends 'number'
      ? number
      : S extends { readonly default: string }
        ? string
        : string | undefined;
type ValuesOf<T extends Readonly<Record<string, Setting>>> = { readonly [K in keyof T]: ValueOf<T[K]> };

/** A source as it is to be opened; `name` is always there. */
export type SourceConfig = {
  [K in SourceKind]: { readonly kind: K; readonly place: string; readonly name: string } & Omit<
    ValuesOf<(typeof SOURCES)[K]['settings']>,
    'name'
  >;
}[SourceKind];

export type Config = ValuesOf<typeof SETTINGS> & {
  readonly sources: readonly SourceConfig[];
  /** Detector → knob → value: only what differs from the defaults. */
  readonly detectors: Readonly<Record<string, Readonly<Record<string, number>>>>;
};
