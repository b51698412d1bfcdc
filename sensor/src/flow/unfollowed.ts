// What is not known of a flow whose packets did not all come by: the same for an exporter's, a Suricata's, and a lone packet's.

/** As in `FlowView`. */
export abstract class Unfollowed {
  readonly min_ttl_toclient = 0;
  readonly max_ttl_toclient = 0;
  readonly retransmitted_toserver = 0;
  readonly retransmitted_toclient = 0;
  readonly missing_toserver = 0;
  readonly missing_toclient = 0;
  /** The order of things is not told. */
  readonly history = '';
  readonly conn_state = 'OTH';
}
