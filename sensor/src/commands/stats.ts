// The counters as people and tools read them: the EVE `stats` record and the summary after a reading.
import { shedByClass, undecodable } from '../counters.ts';
import type { Figures } from '../crew/figures.ts';
import { ODDITY_NAMES } from '../layers/oddities.ts';
import { FATES, ICMP, ICMPV6, SCTP, TCP, UDP } from '../layers/packet.ts';

/** EVE `stats`, with Suricata's names where it has one. */
export function statsRecord(figures: Figures, seconds: number): object {
  const { counters: c, flows, streams, fragments } = figures;
  return {
    uptime: Math.floor(seconds),
    decoder: {
      pkts: c.packets,
      bytes: c.bytes,
      invalid: undecodable(c),
      ipv4: c.versions[4],
      ipv6: c.versions[6],
      tcp: c.transports[TCP],
      udp: c.transports[UDP],
      icmpv4: c.transports[ICMP],
      icmpv6: c.transports[ICMPV6],
      sctp: c.transports[SCTP],
      vlan: c.vlan,
      fate: Object.fromEntries(FATES.map((name, i) => [name, c.fates[i]])),
      tunnelled: c.inner.reduce((all, count) => all + count, 0),
      out_of_scope: { frames: c.outside, inside: c.outsideInner },
      event: nested(ODDITY_NAMES.map((name, i) => [name.replace('decoder.', ''), figures.oddities[i]])),
    },
    overload: shedByClass(c),
    defrag: {
      fragments: fragments.counters.fragments,
      reassembled: fragments.counters.reassembled,
      timeouts: fragments.counters.timedOut,
      shed: fragments.counters.shed,
      waiting: fragments.waiting,
    },
    flow: { total: flows.opened, active: flows.active, end: flows.ended },
    tcp: {
      reassembly_gap: streams.gaps,
      gap_bytes: streams.gapBytes,
      out_of_order: streams.outOfOrder,
      retransmitted: streams.retransmitted,
      given_up: streams.givenUp,
      shed: streams.shed,
    },
    events: c.events,
    privacy: { profile: figures.profile, refused: figures.refused },
    detect: { alert: sum(c.alerts), by_severity: c.alerts, held_back: figures.held },
  };
}

/** Counts that are not 0, by the two parts of their names. */
function nested(counts: readonly (readonly [string, number])[]): object {
  const all: Record<string, Record<string, number>> = {};
  for (const [path, count] of counts) {
    if (count === 0) continue;
    const [layer, name] = path.includes('.') ? path.split('.') : ['packet', path];
    (all[layer] ??= {})[name] = count;
  }
  return all;
}

export const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((a, b) => a + b, 0);

const n = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Lines for people. */
export function summary(figures: Figures, seconds: number): string {
  const { counters: c } = figures;
  const span = Number.isNaN(c.lastTime - c.firstTime) ? 0 : (c.lastTime - c.firstTime) / 1e6;
  const lines = [
    `${n(c.packets)} packets, ${n(c.bytes)} bytes, ${n(span)} s of traffic, in ${seconds.toFixed(2)} s (${n(c.packets / Math.max(seconds, 1e-3))} a second)`,
    `flows ${n(figures.flows.opened)}; events ${counted(c.events) || 'none'}`,
  ];
  if (undecodable(c) > 0) lines.push(`not decodable: ${n(undecodable(c))}`);
  if (Object.keys(c.alertsByRule).length > 0) {
    lines.push(`alerts ${n(sum(c.alerts))}:`);
    for (const [rule, count] of Object.entries(c.alertsByRule).sort((a, b) => b[1] - a[1]))
      lines.push(`  ${n(count).padStart(6)}  ${rule}`);
  }
  if (sum(figures.held) > 0) lines.push(`held back: ${counted(figures.held)}`);
  return lines.join('\n');
}

const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => `${name} ${n(count)}`)
    .join(', ');
