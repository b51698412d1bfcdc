// What the collectors count: of all exporters together, and of each.

/** Why a datagram, or a part of one, was not read. */
export const FAULTS = {
  exporter_refused: 'A datagram of an exporter outside the prefixes that may export.',
  kind_refused: 'A datagram of a protocol that is not collected here.',
  version_unknown: 'A datagram that is neither NetFlow v5 or v9, nor IPFIX, nor sFlow v5.',
  datagram_short: 'A datagram that ends within its header.',
  length_wrong: 'A datagram whose length is not the one that its header tells.',
  set_bad: 'A set that is shorter than its own header, or longer than its datagram.',
  template_bad: 'A template with a number below 256, without fields, or cut off.',
  template_refused: 'A template beyond what one exporter, or all together, may have.',
  record_bad: 'A record that goes beyond the end of its set.',
  sample_bad: 'A sample of sFlow, or a record in one, that is cut off.',
} as const;
export type Fault = keyof typeof FAULTS;

/** Counts of one exporter. */
export class ExporterCounters {
  datagrams = 0;
  /** Flow records. */
  records = 0;
  /** Records about the exporter itself. */
  options = 0;
  /** Records that are about something else than a flow. */
  others = 0;
  /** Datagrams, or parts of them, that were not read. */
  refused = 0;
  /** Times that numbers were left out, and how many: flows (v5), datagrams (v9, sFlow) or records (IPFIX). */
  gaps = 0;
  lost = 0;
  /** Datagrams that came after later ones. */
  late = 0;
  /** The exporter began anew. */
  restarts = 0;
  templates = 0;
  /** Templates that became others under the same number. */
  changed = 0;
  /** Templates that their exporter took back. */
  withdrawn = 0;
  /** Sets of data that came before their template: read later, or given up. */
  waited = 0;
  templatesMissing = 0;
  /** sFlow: samples of packets, of counters, of others; packets that the agent could not sample. */
  samples = 0;
  counterSamples = 0;
  otherSamples = 0;
  unsampled = 0;
}

/** Counts of all exporters, those forgotten too. */
export class CollectorCounters extends ExporterCounters {
  /** By reason. */
  readonly faults: Record<Fault, number> = Object.fromEntries(
    Object.keys(FAULTS).map((fault) => [fault, 0]),
  ) as Record<Fault, number>;
  /** Exporters that went because there were too many, or their templates too large. */
  forgotten = 0;
}

export type Count = keyof ExporterCounters;
