// Floods that thin out, and traffic that hides in the echoes of ping and in QUIC.
import type { FlowView } from '../../sensor/src/protocols/event.ts';
import { at } from '../support/stage.ts';
import { type Attack, C2, HOST, type Stage, times } from './attack.ts';

/** Echo requests of one flow and their answers, in payload bytes each. */
function echoes(stage: Stage, count: number, sent: number, received: number): void {
  stage.talk(0, {
    ...{ protocol: 1, icmp_type: 8, icmp_code: 0, src_ip: HOST, dest_ip: C2, src_port: 0, dest_port: 0 },
    ...{ last: at(count), state: 'established', tcp_flags_ts: 0, tcp_flags_tc: 0 },
    ...{
      pkts_toserver: count,
      payload_toserver: count * sent,
      pkts_toclient: count,
      payload_toclient: count * received,
    },
  });
}

function quic(stage: Stage, hello: Record<string, unknown>, given: Partial<FlowView>): void {
  stage.talk(
    0,
    {
      protocol: 17,
      app_proto: 'quic',
      src_ip: HOST,
      dest_ip: C2,
      tcp_flags_ts: 0,
      tcp_flags_tc: 0,
      ...given,
    },
    ['quic', { 'quic.client_alpns': ['h3'], ...hello }],
  );
}

export const floods: readonly Attack[] = [
  {
    detector: 'flood',
    title: 'Connections opened to one server and left, ever fewer a second (20 s)',
    turned: 'connections a second',
    values: [2000, 1000, 700, 500, 300, 100],
    play: (stage, rate) =>
      times(20 * rate, (i) =>
        stage.knock(i / rate, 'nothing', {
          src_ip: `198.18.${(i >> 8) & 255}.${i & 255}`,
          dest_ip: HOST,
          dest_port: 443,
        }),
      ),
  },
  {
    detector: 'flood',
    title:
      'A clock asked by a victim that it never heard of, answers ever smaller (60 s, 100 questions a second)',
    turned: 'times what was asked',
    values: [200, 100, 50, 20, 10, 5, 2],
    play: (stage, times_) =>
      times(60, (i) =>
        stage.talk(i, {
          ...{
            protocol: 17,
            src_ip: C2,
            dest_ip: HOST,
            dest_port: 123,
            app_proto: 'ntp',
            state: 'established',
          },
          ...{ pkts_toserver: 100, pkts_toclient: 100 * Math.ceil((48 * times_) / 1400) },
          ...{
            payload_toserver: 4800,
            payload_toclient: 4800 * times_,
            last: at(i + 0.9),
            tcp_flags_ts: 0,
            tcp_flags_tc: 0,
          },
        }),
      ),
  },
  {
    detector: 'icmp-tunnel',
    title: 'A download in the answers of ping, ever slimmer (400 echoes of 64 bytes)',
    turned: 'bytes an answer',
    values: [1400, 900, 400, 200, 128, 100, 80, 72, 64],
    play: (stage, bytes) => echoes(stage, 400, 64, bytes),
  },
  {
    detector: 'icmp-tunnel',
    title: 'A download in the answers of ping, ever fewer of them (64 bytes asked, 900 answered)',
    turned: 'echoes',
    values: [1000, 400, 200, 100, 60, 50, 40, 20, 10],
    play: (stage, count) => echoes(stage, count, 64, 900),
  },
  {
    detector: 'quic-tunnel',
    title: 'QUIC without a name for an hour, ever more like a download (30 MB sent)',
    turned: 'times as much received as sent',
    values: [1, 2, 3, 4, 5, 8, 16, 32],
    play: (stage, times_) =>
      quic(
        stage,
        {},
        {
          last: at(3600),
          payload_toserver: 30e6,
          payload_toclient: 30e6 * times_,
          pkts_toserver: 30_000,
          pkts_toclient: 30_000 * times_,
        },
      ),
  },
  {
    detector: 'quic-tunnel',
    title: 'QUIC without a name, both ways alike, ever shorter',
    turned: 'minutes',
    values: [240, 120, 60, 45, 30, 20, 10, 5],
    play: (stage, minutes) =>
      quic(
        stage,
        {},
        {
          last: at(60 * minutes),
          payload_toserver: 30e6,
          payload_toclient: 30e6,
          pkts_toserver: 30_000,
          pkts_toclient: 30_000,
        },
      ),
  },
];
