// One room for each thing, one line to register it: what stands in a registry's folder is in its list, or named here.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf, importsOf, ROOT } from './tree.ts';

interface Registry {
  readonly folder: string;
  /** The file that holds the list. */
  readonly list: string;
  /** Name of the list in that file; absent: whatever the file imports or hands on is registered. */
  readonly name?: string;
  /** What stands in the folder and is no member, with what it is. */
  readonly others: Readonly<Record<string, string>>;
}

const REGISTRIES: Readonly<Record<string, Registry>> = {
  protocols: {
    folder: 'sensor/src/protocols',
    list: 'sensor/src/protocols/index.ts',
    name: 'protocols',
    others: {
      'anomaly.ts': 'fields of the anomaly record',
      'arp.ts': 'fields of the arp record',
      'describe.ts': 'short forms of fields',
      'dissect.ts': 'finds and feeds the protocol of a flow',
      'envelope-block.ts': 'the same, written at once',
      'envelope.ts': 'fields of every record',
      'event.ts': 'contract',
      'expectations.ts': 'flows that another flow announced',
      'exported.ts': 'fields of flows that others saw',
      'flow-block.ts': 'the same, written at once',
      'flow.ts': 'fields of the flow record',
      'index.ts': 'the list',
      'line-stream.ts': 'what protocols of text lines share',
      'starttls-stream.ts': 'what those share that go over to TLS when asked',
      'trusted-login.ts': 'what rlogin and rsh share',
      'oddities.ts': "which of the decoder's oddities are told",
      'packet-view.ts': 'a packet without a flow',
      'pairs.ts': 'requests that wait for their answers',
      'probes.ts': 'which protocol the first bytes are',
      'gssapi.ts': 'log-in tokens inside other protocols, unwrapped',
      'ntlm.ts': 'log-in messages inside other protocols',
      'protocol.ts': 'contract',
      'tally.ts': 'counts by name, for records that count',
      'reading.ts': 'a field is read once, whoever asks',
      'told.ts': 'the same fields as others tell them',
    },
  },
  headers: {
    folder: 'sensor/src/layers',
    list: 'sensor/src/layers/headers.ts',
    others: {
      'decode.ts': 'link types: where a frame begins',
      'headers.ts': 'the list',
      'icmp.ts': 'header, held by Packet itself',
      'inner.ts': 'steps into tunnels',
      'ipv4.ts': 'header, held by Packet itself',
      'ipv6.ts': 'header, held by Packet itself',
      'network.ts': 'the next-protocol table',
      'oddities.ts': 'names of what is odd',
      'packet.ts': 'what decoding finds',
      'print.ts': 'headers as text',
      'mirrored.ts': 'the frame inside of a mirrored datagram',
      'pair.ts': 'which pair of hosts a frame belongs to',
      'usual.ts': 'the short way through the usual frame',
      'radio.ts': 'what stands in front of 802.11',
      'sctp.ts': 'header, held by Packet itself',
      'sll.ts': 'header of a link type, without a print of its own',
      'tcp.ts': 'header, held by Packet itself',
      'transport.ts': 'transport headers, and the ports of tunnels',
      'udp.ts': 'header, held by Packet itself',
      'wireless.ts': 'from 802.11 to what it carries',
    },
  },
  'capture formats': {
    folder: 'sensor/src/sources',
    list: 'sensor/src/sources/index.ts',
    name: 'captureFormats',
    others: {
      afpacket: 'live interfaces, opened by name',
      'capture.ts': 'contract of a format; the source over all of them',
      eve: 'lines of a file that grows, and of a socket',
      exports: 'flows that others saw: NetFlow, IPFIX, sFlow',
      'index.ts': 'the list',
      'input.ts': 'bytes of files, pipes and compressed files',
      'mirror.ts': 'live, frames that come as datagrams',
      'source.ts': 'contract',
      'udp-drops.ts': 'what the kernel threw away of datagrams',
    },
  },
  detectors: {
    folder: 'sensor/src/detectors',
    list: 'sensor/src/detectors/index.ts',
    name: 'detectors',
    others: {
      beacon: 'calls and their rhythm, part of beacon',
      correlation: 'counts of correlation rules, part of rule-match',
      certificate: 'part of certificate: what is odd about one',
      'detector.ts': 'contract',
      'domain.ts': 'registered domains, shared by detectors of names',
      'flow-copy.ts': 'what outlives a reused flow',
      'index.ts': 'the list',
      'indicator-alert.ts': 'what rule-match says of indicators',
      'inside.ts': 'which addresses are ours',
      'look.ts': 'reads a field by its name',
      'signature-match.ts': "Suricata's rules, part of rule-match",
      login: 'what protocols say of log-ins, part of login-failure',
      names: 'what names look like, for detectors of names',
      scan: 'attempts that wait for an answer, part of port-scan and address-sweep',
      'observed.ts': 'what rule-match remembers of STIX patterns of several events',
      'rule-meter.ts': 'what rules cost and find',
      sketch: 'bounded-memory statistics',
      'suricata-alert.ts': "what somebody else's rules say",
    },
  },
  'formats of indicator lists': {
    folder: 'sensor/src/rules/indicators',
    list: 'sensor/src/rules/indicators/index.ts',
    name: 'listFormats',
    others: {
      'build.ts': 'lists become one set',
      'file.ts': 'a file as formats read it',
      'format.ts': 'contract',
      'hash.ts': 'the 96 bits of a value',
      'index.ts': 'the list',
      'intake.ts': 'what readers hand their entries to',
      'json-fault.ts': 'where a text is no JSON',
      'kinds.ts': 'kinds of indicators, and where each may stand',
      'label.ts': 'what lists say of their entries',
      'patterns.ts': 'STIX patterns at work',
      'set.ts': 'the set that is looked up in',
      'stix-compile.ts': 'part of stix: questions to events',
      'stix-grammar.ts': 'part of stix: the pattern language',
      'stix-paths.ts': 'part of stix: what object paths mean here',
      'stix-plan.ts': 'part of stix: what becomes of a pattern',
      'table.ts': 'the table under the set',
      'terms.ts': 'words that formats share',
      'value.ts': 'values in the form that is compared',
      'where.ts': 'looks events up in the set',
    },
  },
  'event formats': {
    folder: 'sensor/src/outputs',
    list: 'sensor/src/outputs/index.ts',
    name: 'eventFormats',
    others: {
      'aggregator.ts': 'the uplink: chosen by --uplink, for records instead of events',
      'alert-record.ts': 'an alert as the wire carries it',
      'eve-writer.ts': 'part of eve',
      'free-text-memory.ts': 'the same, remembered as it is written',
      'free-text.ts': 'what is left of text that a peer wrote as it liked',
      'gate.ts': 'what a privacy profile lets out, in which form',
      'hash-key.ts': 'the key of the hashes in which identifiers leave',
      'index.ts': 'the list',
      'news.ts': 'what happened, on its way to all outputs and detectors',
      'output.ts': 'contract',
      'turnstile.ts': 'one thread at a time',
      'restraint.ts': 'findings that are not told',
      'series-buckets.ts': 'traffic counts as the wire carries them',
      spool: 'part of the uplink: what waits on disk',
      uplink: 'part of the uplink: connection and identity',
    },
  },
  "the sensor's commands": {
    folder: 'sensor/src/commands',
    list: 'sensor/src/cli.ts',
    others: {
      'closed-schema.ts': 'part of schema: JSON Schema out of the fields',
      'command.ts': 'contract',
      'eve-bookmark.ts': 'part of run: how far an EVE file was taken',
      'eve-feed.ts': 'part of run: a Suricata at work',
      'eve-files.ts': 'part of read: files of EVE',
      'eve-intake.ts': 'part of read and run: lines of EVE into the sensor',
      'eve-upstream.ts': 'part of run: what the capture of a Suricata missed',
      'export-feed.ts': 'part of run: exporters at work',
      'feed.ts': 'part of run: one source at work',
      'exports.ts': 'part of read: files of what exporters sent',
      'job.ts': 'part of read: the captures and their identity',
      'knobs.ts': 'knobs of detectors as options',
      'memory-files.ts': 'what detectors have learnt, on disk',
      'remembering.ts': 'part of run and read: when that is written',
      'pace.ts': 'part of read: the speed of a replay',
      'post.ts': 'what read and run set up alike',
      'privacy.ts': 'part of read: the profile, its key and its authority',
      'progress.ts': 'part of read: the progress bar',
      'interface-feed.ts': 'part of run: an interface that several threads listen to',
      'reading-crew.ts': 'part of read: several threads at captures',
      'reload.ts': 'part of run: rules and knobs that change while it works',
      'rules-check.ts': 'a verb of rules',
      'rules-import.ts': 'a verb of rules',
      'rules-coverage.ts': 'a verb of rules',
      'rules-described.ts': 'part of rules: what rules say of themselves',
      'rules-explain.ts': 'a verb of rules',
      'rules-list.ts': 'a verb of rules',
      'rules-test.ts': 'a verb of rules',
      'rules-trial.ts': 'part of rules test: rules on a capture',
      'shares.ts': 'what each thread of a run may have',
      'sources.ts': 'part of run: from settings to sources',
      'watching-crew.ts': 'part of run: several threads at interfaces',
      'watching.ts': 'part of run: its sources, its blindness, its end',
      'stats.ts': 'part of read: the counts at the end',
      'version.ts': 'the version, and what health records say',
    },
  },
  "the aggregator's commands": {
    folder: 'aggregator/src/commands',
    list: 'aggregator/src/cli.ts',
    name: 'commands',
    others: { 'command.ts': 'contract' },
  },
  'stages of the alert pipeline': {
    folder: 'aggregator/src/alerts',
    list: 'aggregator/src/alerts/pipeline.ts',
    name: 'STAGES',
    others: {
      'alert.ts': 'an alert as it is kept',
      'coverage.ts': 'on how much a group rests',
      'fingerprint.ts': 'which group an alert belongs to',
      'flight.ts': 'contract of a stage, and what passes through',
      'group.ts': "a group's life",
      'histogram.ts': "a group's counts over time",
      'pipeline.ts': 'the list',
      'priority.ts': "a group's priority",
    },
  },
  'resources of the API': {
    folder: 'aggregator/src/api/web',
    list: 'aggregator/src/api/web/app.ts',
    name: 'RESOURCES',
    others: {
      'app.ts': 'the list',
      'console.ts': 'the pages of the console',
      'filter.ts': 'what lists may be asked for',
      'gate.ts': 'sessions, roles, the ledger of reads',
    },
  },
  'engines for records': {
    folder: 'aggregator/src/stores/records',
    list: 'aggregator/src/stores/records/index.ts',
    others: {
      'index.ts': 'the list',
      'records.ts': 'contract',
      sqlite: "parts of SQLite's engine",
    },
  },
  'engines for time series': {
    folder: 'aggregator/src/stores/series',
    list: 'aggregator/src/stores/series/index.ts',
    others: { 'index.ts': 'the list', 'series.ts': 'contract' },
  },
  'engines for the queue': {
    folder: 'aggregator/src/stores/queue',
    list: 'aggregator/src/stores/queue/index.ts',
    others: { 'index.ts': 'the list', 'queue.ts': 'contract' },
  },
};

/** Files in whose name `[…]` of a list stands, told from the imports above it. */
function listed(file: string, name: string): string[] {
  const code = codeOf(file);
  const array = new RegExp(`\\b${name}\\b[^=]*=\\s*\\[([^\\]]*)\\]`).exec(code);
  expect(array, `${file} has no list "${name}"`).not.toBeNull();
  const members = (array as RegExpExecArray)[1].match(/\w+/g) ?? [];
  const from = new Map<string, string>();
  for (const [, names, path] of code.matchAll(/^import\s+\{([^}]*)\}\s+from\s+'([^']+)'/gm))
    for (const word of names.split(',').map((part) => part.trim().split(' as ').at(-1) ?? ''))
      from.set(word, path);
  return members.map((member) => from.get(member) ?? `(${member} is not imported)`);
}

/** `./dns/dns.ts` and `./beacon.ts` as what stands in the folder: `dns`, `beacon.ts`. */
const entryOf = (path: string): string =>
  path
    .replace(/^\.\//, '')
    .replace(/^commands\//, '')
    .split('/')[0];

function registered({ folder, list, name }: Registry): Set<string> {
  if (name !== undefined) return new Set(listed(list, name).map(entryOf));
  const inside = importsOf(list).filter((target) => target.startsWith(`${folder}/`));
  return new Set(inside.map((target) => target.slice(folder.length + 1).split('/')[0]));
}

describe.each(Object.entries(REGISTRIES))('%s', (_, registry) => {
  const standing = readdirSync(join(ROOT, registry.folder)).filter((entry) => !entry.includes('.test.'));
  const members = registered(registry);

  test('everything in the folder is registered or named as something else', () => {
    const unknown = standing.filter((entry) => !members.has(entry) && !(entry in registry.others));
    expect(unknown).toEqual([]);
  });

  test('everything registered stands in the folder', () => {
    const astray = [...members].filter((entry) => !standing.includes(entry));
    expect(astray).toEqual([]);
  });

  test('nothing is named as something else and registered, or gone', () => {
    const isMember = (entry: string): boolean => registry.name !== undefined && members.has(entry);
    const wrong = Object.keys(registry.others).filter((e) => !standing.includes(e) || isMember(e));
    expect(wrong).toEqual([]);
  });
});
