// The flow table through the sensor's spine: who opened, when it ended, and why, all in packet time.
import { describe, expect, test } from 'vitest';
import { type Frame, inOrder, NOON } from '../../../test/support/packets/capture.ts';
import { Conversation, datagrams } from '../../../test/support/packets/conversation.ts';
import { ethernet, icmp, icmp6, ip, type TcpHeader, tcp, udp } from '../../../test/support/packets/frame.ts';
import { batchOf, type Eve, newSensor, sense } from '../../../test/support/sense.ts';

const SECOND = 1e6;
const CLIENT = '10.1.0.7';
const SERVER = '198.51.100.9';

const out = (time: number, header: Partial<TcpHeader> & { flags: string }, payload: string = ''): Frame => ({
  time: NOON + time * SECOND,
  bytes: ethernet(ip({ src: CLIENT, dest: SERVER }, tcp({ from: 40_000, to: 80, ...header }, payload))),
});
const back = (time: number, header: Partial<TcpHeader> & { flags: string }, payload: string = ''): Frame => ({
  time: NOON + time * SECOND,
  bytes: ethernet(ip({ src: SERVER, dest: CLIENT }, tcp({ from: 80, to: 40_000, ...header }, payload))),
});
/** Lets packet time pass on a conversation of no interest. */
const tick = (time: number): Frame => ({
  time: NOON + time * SECOND,
  bytes: ethernet(ip({ src: '10.9.9.9', dest: '10.9.9.8' }, udp({ from: 9, to: 9 }, 'x'))),
});
const flowsOf = (frames: readonly Frame[], setting = {}): Eve[] =>
  sense(frames, setting)
    .of('flow')
    .filter((e) => e['src_ip'] !== '10.9.9.9');

describe('what a flow amounts to', () => {
  test('packets, frame bytes and payload bytes of each side', () => {
    const { frames } = new Conversation()
      .handshake()
      .send('client', 'x'.repeat(100))
      .send('server', 'y'.repeat(3000))
      .close();
    const [event] = flowsOf(frames);
    const size = (i: number) => frames[i].bytes.length;
    expect(event['flow']).toMatchObject({
      pkts_toserver: 5,
      pkts_toclient: 5,
      bytes_toserver: size(0) + size(2) + size(3) + size(7) + size(9),
      bytes_toclient: size(1) + size(4) + size(5) + size(6) + size(8),
      payload_bytes_toserver: 100,
      payload_bytes_toclient: 3000,
      state: 'closed',
      reason: 'shutdown',
      start: '2026-01-05T12:00:00.000000Z',
      end: '2026-01-05T12:00:00.009000Z',
      age: 0,
    });
    expect(event['tcp']).toEqual({
      tcp_flags: '1b',
      tcp_flags_ts: '1b',
      tcp_flags_tc: '1b',
      fin: true,
      syn: true,
      psh: true,
      ack: true,
      state: 'closed',
    });
  });

  test('Ethernet padding is no payload', () => {
    const [event] = flowsOf([out(0, { flags: 'PA' }, 'ab')]);
    expect(event['flow']).toMatchObject({ bytes_toserver: 60, payload_bytes_toserver: 2 });
  });

  test('the same ports in two VLANs are two flows', () => {
    const one = new Conversation({ vlans: [10] }).handshake().frames;
    const two = new Conversation({ vlans: [11] }).handshake().frames;
    expect(flowsOf(inOrder(one, two)).map((e) => e['vlan'])).toEqual([[10], [11]]);
  });

  test('a /128 apart is another flow', () => {
    const ends = [1, 2, 3].map((n) => ({ client: `2001:db8::${n}:0:0:7`, server: '2001:db8::53' }));
    const frames = inOrder(
      ...ends.map((e) =>
        datagrams(e, [
          ['client', 'x'],
          ['server', 'y'],
        ]),
      ),
    );
    const flows = flowsOf(frames);
    expect(flows.map((e) => e['src_ip'])).toEqual(ends.map((e) => e.client));
    expect(flows.every((e) => e['flow'].pkts_toclient === 1)).toBe(true);
  });
});

describe('who opened it', () => {
  test('a SYN+ACK seen first comes from the server', () => {
    const [event] = flowsOf([back(0, { flags: 'SA' }), out(0.1, { flags: 'A' })]);
    expect(event).toMatchObject({ src_ip: CLIENT, src_port: 40_000, dest_ip: SERVER, dest_port: 80 });
    expect(event['flow']).toMatchObject({ pkts_toserver: 1, pkts_toclient: 1 });
  });

  test('in mid-stream the first packet seen counts as the client', () => {
    const [event] = flowsOf([back(0, { flags: 'A' }), out(0.1, { flags: 'A' })]);
    expect(event).toMatchObject({ src_ip: SERVER, src_port: 80 });
  });

  test('whichever address is the smaller', () => {
    for (const [client, server] of [
      ['10.0.0.1', '10.0.0.2'],
      ['10.0.0.2', '10.0.0.1'],
      ['255.255.255.254', '0.0.0.1'],
    ]) {
      const [event] = flowsOf(new Conversation({ client, server }).handshake().frames);
      expect(event).toMatchObject({ src_ip: client, dest_ip: server, src_port: 40_000 });
    }
  });

  test('to oneself, told apart by the ports', () => {
    const [event] = flowsOf(new Conversation({ client: '10.0.0.1', server: '10.0.0.1' }).handshake().frames);
    expect(event).toMatchObject({ src_port: 40_000, dest_port: 80 });
    expect(event['flow']).toMatchObject({ pkts_toserver: 2, pkts_toclient: 1 });
  });
});

describe('when it ends', () => {
  const established = [out(0, { flags: 'S' }), back(0, { flags: 'SA' }), out(0, { flags: 'A' })];
  const closed = [...established, out(1, { flags: 'FA' }), back(1, { flags: 'FA' })];

  test.each([
    ['a SYN without answer', [out(0, { flags: 'S' })], 60],
    ['an established session', established, 600],
    ['a closed session', closed, 61],
    ['a reset session', [...established, back(1, { flags: 'R' })], 61],
  ])('%s, after its own silence and not before', (_, frames, lasts) => {
    const ended = (at: number) =>
      flowsOf([...frames, tick(at - 1), tick(at)]).map((e) => e['flow'].reason)[0];
    expect(ended(lasts - 1)).toBe('shutdown');
    // Served with the second in which it falls due.
    expect(ended(lasts + 1)).toBe('timeout');
  });

  test('UDP: 30 s unanswered, 300 s answered', () => {
    const asked = datagrams({}, [['client', 'x']]);
    const answered = datagrams({}, [
      ['client', 'x'],
      ['server', 'y'],
    ]);
    expect(flowsOf([...asked, tick(32)])[0]['flow'].reason).toBe('timeout');
    expect(flowsOf([...answered, tick(32)])[0]['flow'].reason).toBe('shutdown');
    expect(flowsOf([...answered, tick(302)])[0]['flow'].reason).toBe('timeout');
  });

  test('each packet gives it time again', () => {
    const frames = Array.from({ length: 20 }, (_, i) => out(i * 50, { flags: 'S' }));
    expect(flowsOf(frames)).toHaveLength(1);
    expect(flowsOf([...frames, tick(1012)])[0]['flow']).toMatchObject({
      reason: 'timeout',
      pkts_toserver: 20,
      age: 950,
    });
  });

  test('after a pause longer than the wheel everything has ended', () => {
    const frames = [...established, ...datagrams({ start: NOON }, [['client', 'x']]), tick(100_000)];
    expect(flowsOf(frames).map((e) => e['flow'].reason)).toEqual(['timeout', 'timeout']);
  });

  test('a timeout longer than the wheel is kept', () => {
    const day = [3600, 3600, 3600] as const;
    const timeouts = { tcp: day, udp: day, icmp: day, other: day };
    const ticks = (until: number) => Array.from({ length: until / 100 }, (_, i) => tick((i + 1) * 100));
    expect(flowsOf([out(0, { flags: 'S' }), ...ticks(3500)], { timeouts })[0]['flow'].reason).toBe(
      'shutdown',
    );
    expect(flowsOf([out(0, { flags: 'S' }), ...ticks(3700)], { timeouts })[0]['flow'].reason).toBe('timeout');
  });

  test('a new SYN on a closed session is a new flow', () => {
    const again = [
      out(2, { flags: 'S', sequence: 99_999 }),
      back(2, { flags: 'SA' }),
      out(2, { flags: 'A' }),
    ];
    const flows = flowsOf([...closed, ...again]);
    expect(flows.map((e) => e['flow'].reason)).toEqual(['tcp_reuse', 'shutdown']);
    expect(flows.map((e) => e['flow'].pkts_toserver)).toEqual([3, 2]);
    expect(new Set(flows.map((e) => e['flow_id'])).size).toBe(2);
  });

  test('a SYN that is only sent again is none', () => {
    expect(flowsOf([out(0, { flags: 'S' }), out(1, { flags: 'S' }), back(1, { flags: 'SA' })])).toHaveLength(
      1,
    );
  });

  test('a full table lets the flow go that would end next', () => {
    const frames = Array.from({ length: 300 }, (_, i) =>
      datagrams({ client: `10.2.${i >> 8}.${i & 255}`, start: NOON + i * SECOND * 0.01 }, [['client', 'x']]),
    ).flat();
    const { sensor, of } = sense(frames, { maxFlows: 100 });
    expect(of('flow')).toHaveLength(300);
    expect(sensor.flows.ended).toMatchObject({ forced: 200, shutdown: 100 });
    expect(new Set(of('flow').map((e) => e['src_ip'])).size).toBe(300);
    expect(of('flow').every((e) => e['flow'].pkts_toserver === 1)).toBe(true);
  });

  test('a table that grows loses nothing', () => {
    const frames = Array.from({ length: 6_000 }, (_, i) => {
      const ends = { client: `10.2.${i >> 8}.${i & 255}`, start: NOON + i, clientPort: 1024 + i };
      return datagrams(ends, [
        ['client', 'x'],
        ['server', 'y'],
      ]);
    }).flat();
    const { sensor, of } = sense(frames, { maxFlows: 1 << 16 });
    expect(sensor.flows.opened).toBe(6_000);
    expect(of('flow').every((e) => e['flow'].pkts_toserver === 1 && e['flow'].pkts_toclient === 1)).toBe(
      true,
    );
  });
});

describe('time that goes back', () => {
  test('by a little ends nothing, and no flow gets a negative age', () => {
    const frames = [
      out(50, { flags: 'S' }),
      back(25, { flags: 'SA' }),
      out(0, { flags: 'A' }),
      out(51, { flags: 'A' }),
    ];
    const flows = flowsOf(frames);
    expect(flows).toHaveLength(1);
    expect(flows[0]['flow']).toMatchObject({ age: 1, pkts_toserver: 3, state: 'established' });
  });

  test('a flow opened by a late packet ends all the same', () => {
    const late = datagrams({ start: NOON - 50 * SECOND }, [['client', 'x']]);
    const flows = flowsOf([tick(0), ...late, tick(1), tick(2), tick(3)]);
    expect(flows[0]['flow'].reason).toBe('timeout');
  });

  test('by more than a minute begins anew: an older recording has its own times', () => {
    const older = datagrams({ client: '10.2.0.1', start: NOON - 3600 * SECOND }, [
      ['client', 'x'],
      ['server', 'y'],
    ]);
    const { events, sensor } = sense([out(0, { flags: 'S' }), out(1, { flags: 'S' }), ...older, tick(-3000)]);
    const flows = events.filter((e) => e['event_type'] === 'flow');
    expect(flows.map((e) => [e['src_ip'], e['flow'].reason, (e['time'] - NOON) / SECOND])).toEqual([
      [CLIENT, 'shutdown', 1],
      ['10.2.0.1', 'timeout', -3000],
      ['10.9.9.9', 'shutdown', -3000],
    ]);
    expect(sensor.counters.firstTime).toBe(NOON - 3600 * SECOND);
    expect(sensor.counters.lastTime).toBe(NOON + SECOND);
  });

  test('one packet from the far future costs the flows of its moment, not the time of all that follow', () => {
    const wrong = { ...tick(0), time: 0xffffffff * 1e6 };
    const { events } = sense([out(0, { flags: 'S' }), wrong, out(1, { flags: 'S' }), out(2, { flags: 'S' })]);
    expect((events.at(-1)!['time'] - NOON) / SECOND).toBe(2);
  });

  test('zero and the far future do no harm', () => {
    const { sensor } = newSensor();
    const times = [0, 0xffffffff * 1e6, 1, NOON, 0xffffffff * 1e6 + 999_999];
    sensor.frames(batchOf(times.map((time) => ({ ...out(0, { flags: 'S' }), time }))));
    sensor.finish();
    expect(sensor.flows.active).toBe(0);
    expect(sensor.flows.opened).toBeGreaterThan(0);
  });
});

describe('ICMP', () => {
  const ping = (src: string, dest: string, type: number, code = 0): Frame => ({
    time: NOON,
    bytes: ethernet(ip({ src, dest }, src.includes(':') ? icmp6(type, code) : icmp(type, code))),
  });

  test('echo and reply are one flow', () => {
    const [event, ...rest] = flowsOf([ping(CLIENT, SERVER, 8), ping(SERVER, CLIENT, 0)]);
    expect(rest).toEqual([]);
    expect(event).toMatchObject({ src_ip: CLIENT, proto: 'ICMP', icmp_type: 8, icmp_code: 0 });
    expect(event['flow']).toMatchObject({ pkts_toserver: 1, pkts_toclient: 1 });
    expect(event).not.toHaveProperty('src_port');
  });

  test('the same over IPv6', () => {
    const flows = flowsOf([ping('fe80::1', 'fe80::2', 128), ping('fe80::2', 'fe80::1', 129)]);
    expect(flows).toHaveLength(1);
    expect(flows[0]).toMatchObject({ proto: 'IPv6-ICMP', icmp_type: 128 });
  });

  test.each([1, 3])('errors of code %i of both sides are two flows', (code) => {
    expect(flowsOf([ping(CLIENT, SERVER, 3, code), ping(SERVER, CLIENT, 3, code)])).toHaveLength(2);
    expect(flowsOf([ping(SERVER, CLIENT, 3, code), ping(SERVER, CLIENT, 3, code)])).toHaveLength(1);
  });
});
