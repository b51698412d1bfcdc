// How long a silent flow lives, in packet time. Suricata's defaults, which analysts know.
import { ICMP, ICMPV6, SCTP, TCP, UDP } from '../layers/packet.ts';

export interface FlowTimeouts {
  readonly tcp: readonly [fresh: number, established: number, closed: number];
  readonly udp: readonly [fresh: number, established: number, closed: number];
  readonly icmp: readonly [fresh: number, established: number, closed: number];
  readonly other: readonly [fresh: number, established: number, closed: number];
}

/** Seconds. */
export const DEFAULT_TIMEOUTS: FlowTimeouts = {
  tcp: [60, 600, 60],
  udp: [30, 300, 30],
  icmp: [30, 300, 30],
  other: [60, 300, 60],
};

/** Which of the four a protocol belongs to, in the order of `timeoutColumn`. */
export function familyOf(protocol: number): number {
  if (protocol === TCP) return 0;
  if (protocol === UDP || protocol === SCTP) return 1;
  return protocol === ICMP || protocol === ICMPV6 ? 2 : 3;
}

/** µs, three states of each family. */
export const timeoutColumn = ({ tcp, udp, icmp, other }: FlowTimeouts): Float64Array =>
  Float64Array.from([tcp, udp, icmp, other].flat(), (seconds) => seconds * 1e6);
