// How long a silent flow lives, in packet time. Suricata's defaults, which analysts know.

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
