// The order in which packets are given up, over the real spine: a class never before those above it, and nothing without need.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Frame, NOON } from '../../../test/support/packets/capture.ts';
import {
  ethernet,
  fragments,
  icmp,
  ip,
  type Segment,
  tcp,
  udp,
} from '../../../test/support/packets/frame.ts';
import { batchOf, newSensor, type Sensed } from '../../../test/support/sense.ts';
import { SHED_CLASSES, type ShedClass, shedByClass } from '../counters.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { Overload } from './overload.ts';

const LISTED = '203.0.113.66';
const isIndicator = ([word]: readonly number[]): boolean => word === 0xcb007142;

/** Payloads that a parser was given. */
let payloads = 0;
/** Speaks all of UDP and TCP, and counts every payload that it is given. */
const greedy: Protocol = {
  name: 'dns',
  about: 'Whatever it is.',
  tcpPorts: [],
  udpPorts: [],
  probe: () => 'yes',
  open: () => ({
    stream(_bytes, at, end) {
      payloads++;
      return end - at;
    },
  }),
  datagram() {
    payloads++;
  },
  fields: [],
  anomalies: {},
};

function newGreedy(): Sensed {
  payloads = 0;
  return newSensor({ protocols: [greedy], maxFlows: 4096, isIndicator });
}

let port = 0;
/** Only the headers are captured: bulk costs the test nothing. */
function cut(src: string, dest: string, segment: Segment): Frame {
  const bytes = ethernet(ip({ src, dest }, segment));
  return { time: NOON, bytes: bytes.slice(0, 64), wire: bytes.length };
}
const datagram = (from: number, size: number, dest = '192.0.2.1', to = 9999): Frame =>
  cut('10.1.0.7', dest, udp({ from, to }, new Uint8Array(size)));
const take = ({ sensor }: Sensed, ...frames: Frame[]): void => sensor.frames(batchOf(frames));

/** For each class a packet of a flow of its own, with what has to come before. */
const KINDS: Readonly<Record<string, readonly [ShedClass, (from: number) => readonly Frame[]]>> = {
  bulk: ['bulk', (from) => [datagram(from, 60_000), datagram(from, 60_000)]],
  known: ['known', (from) => [datagram(from, 4000), datagram(from, 200)]],
  early: ['handshake', (from) => [datagram(from, 100), datagram(from, 100)]],
  datagram: ['opening', (from) => [datagram(from, 100)]],
  middle: [
    'opening',
    (from) => [cut('10.1.0.7', '192.0.2.1', tcp({ from, to: 80, flags: 'PA', sequence: 7 }, 'x'))],
  ],
  syn: ['handshake', (from) => [cut('10.1.0.7', '192.0.2.1', tcp({ from, to: 80, flags: 'S' }))]],
  quic: [
    'handshake',
    (from) => [cut('10.1.0.7', '192.0.2.1', udp({ from, to: 443 }, new Uint8Array(1200).fill(0xc3)))],
  ],
  dns: ['dns', (from) => [datagram(from, 40, '192.0.2.1', 53)]],
  'much dns': [
    'dns',
    (from) => [datagram(from, 60_000, '192.0.2.1', 53), datagram(from, 60_000, '192.0.2.1', 53)],
  ],
  indicator: ['indicator', (from) => [datagram(from, 100, LISTED)]],
  'bulk of an indicator': [
    'indicator',
    (from) => [datagram(from, 60_000, LISTED), datagram(from, 60_000, LISTED)],
  ],
};
const kinds = Object.keys(KINDS);

const order = (name: ShedClass): number => SHED_CLASSES.indexOf(name);
/** A pressure at which so many classes are given up. */
const pressureOf = (level: number): number => (level === 0 ? 0 : 0.3 + level * 0.1 + 0.01);
/** Brings it to a level from wherever it is. */
function goTo(overload: Overload, level: number, clock: { now: number }): void {
  for (let i = 0; i < SHED_CLASSES.length; i++) overload.feel('test', 0, (clock.now += 1000));
  overload.feel('test', pressureOf(level), (clock.now += 1000));
}

test('at every level exactly the classes up to it are given up, whatever came before', () => {
  const step = fc.tuple(fc.nat(SHED_CLASSES.length), fc.constantFrom(...kinds));
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
      const sensed = newGreedy();
      const { overload } = sensed.sensor;
      const clock = { now: 0 };
      const talks = steps.map(([level, kind]) => ({
        level,
        kind,
        frames: KINDS[kind][1](1024 + (port++ % 60_000)),
      }));
      // What comes before the packet at hand was seen in quiet times.
      for (const { frames } of talks) take(sensed, ...frames.slice(0, -1));
      for (const { level, kind, frames } of talks) {
        goTo(overload, level, clock);
        expect(overload.level).toBe(level);
        const before = shedByClass(sensed.sensor.counters);
        const read = payloads;
        const { opened } = sensed.sensor.flows;
        take(sensed, frames[frames.length - 1]);
        const [name] = KINDS[kind];
        const isShed = order(name) < level;
        expect(shedByClass(sensed.sensor.counters), `${kind} at ${level}`).toEqual({
          ...before,
          [name]: before[name] + (isShed ? 1 : 0),
        });
        if (kind !== 'syn') expect(payloads - read, `${kind} at ${level}`).toBe(isShed ? 0 : 1);
        if (isShed && frames.length === 1) expect(sensed.sensor.flows.opened).toBe(opened);
      }
    }),
    { numRuns: 60 },
  );
});

test('without pressure nothing is given up, however near it comes', () => {
  const sensed = newGreedy();
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 0.3999, noNaN: true }), { maxLength: 50 }), (pressures) => {
      for (const [i, pressure] of pressures.entries()) sensed.sensor.overload.feel(`s${i % 3}`, pressure, i);
      for (const kind of kinds) take(sensed, ...KINDS[kind][1](1024 + (port++ % 60_000)));
      expect([sensed.sensor.overload.level, sensed.sensor.overload.total]).toEqual([0, 0]);
    }),
    { numRuns: 20 },
  );
});

describe('a flow of which payload was given up', () => {
  const talk = (): { sensed: Sensed; from: number } => {
    const sensed = newGreedy();
    const from = 1024 + (port++ % 60_000);
    take(sensed, datagram(from, 60_000), datagram(from, 60_000));
    sensed.sensor.overload.feel('test', pressureOf(1), 0);
    take(sensed, datagram(from, 1000), datagram(from, 1000));
    return { sensed, from };
  };

  test('is counted to its end, and its record says so', () => {
    const { sensed } = talk();
    expect([payloads, shedByClass(sensed.sensor.counters).bulk]).toEqual([2, 2]);
    sensed.sensor.finish();
    const [{ flow }] = sensed.of('flow') as unknown as { flow: Record<string, unknown> }[];
    expect(flow).toMatchObject({ pkts_toserver: 4, payload_bytes_toserver: 122_000, shed: true });
  });

  test('is not read again when there is time: its parser missed a part', () => {
    const { sensed, from } = talk();
    for (let now = 1000; now < 5000; now += 1000) sensed.sensor.overload.feel('test', 0, now);
    expect(sensed.sensor.overload.level).toBe(0);
    take(sensed, datagram(from, 1000));
    expect([payloads, sensed.sensor.overload.total]).toEqual([2, 2]);
    // Others are.
    take(sensed, datagram(from + 1, 1000));
    expect(payloads).toBe(3);
  });

  test('one that was read whole says nothing of it', () => {
    const sensed = newGreedy();
    take(sensed, datagram(7, 10));
    sensed.sensor.finish();
    expect((sensed.of('flow')[0] as unknown as { flow: object }).flow).not.toHaveProperty('shed');
  });
});

test('a SYN on the ports of a flow that ended is a handshake like any other', () => {
  const sensed = newGreedy();
  const segment = (flags: string): Frame => cut('10.1.0.7', '192.0.2.1', tcp({ from: 5, to: 80, flags }));
  take(sensed, segment('S'), segment('R'));
  const { flows, overload } = sensed.sensor;
  overload.feel('test', pressureOf(4), 0);
  take(sensed, segment('S'));
  expect([flows.opened, shedByClass(sensed.sensor.counters).handshake]).toEqual([1, 1]);
  for (let now = 1000; now < 9000; now += 500) overload.feel('test', 0, now);
  take(sensed, segment('S'));
  expect([flows.opened, flows.ended.tcp_reuse]).toEqual([2, 1]);
});

test('fragments and ARP go with what opens no flow; the first of DNS stays', () => {
  const pieces = (to: number): Frame[] =>
    fragments({ src: '10.1.0.7', dest: '192.0.2.1' }, udp({ from: 9, to }, new Uint8Array(100)), 64).map(
      (piece) => ({
        time: NOON,
        bytes: ethernet(piece),
      }),
    );
  const sensed = newGreedy();
  sensed.sensor.overload.feel('test', pressureOf(3), 0);
  take(sensed, ...pieces(9999));
  expect([shedByClass(sensed.sensor.counters).opening, sensed.sensor.fragments.waiting]).toEqual([2, 0]);
  take(sensed, pieces(53)[0]);
  expect([sensed.sensor.overload.total, sensed.sensor.fragments.waiting]).toEqual([2, 1]);
  sensed.sensor.overload.feel('test', pressureOf(5), 1);
  take(sensed, pieces(53)[0]);
  expect(shedByClass(sensed.sensor.counters).dns).toBe(1);
  take(sensed, { time: NOON, bytes: ethernet(ip({ src: '10.1.0.7', dest: LISTED }, icmp(8, 0))) });
  expect(sensed.sensor.overload.total).toBe(3);
});

describe('the level', () => {
  test('rises at once and falls step by step', () => {
    const overload = new Overload();
    overload.feel('a', 0.95, 0);
    const levels = [overload.level];
    for (let now = 50; now <= 1000; now += 50) {
      overload.feel('a', 0, now);
      levels.push(overload.level);
    }
    expect(levels).toEqual([6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('does not swing with the pressure', () => {
    const overload = new Overload();
    let changes = 0;
    for (let i = 0; i < 200; i++) {
      const before = overload.level;
      overload.feel('a', i % 2 === 0 ? 0.52 : 0.38, i * 100);
      if (overload.level !== before) changes++;
    }
    expect([overload.level, changes]).toEqual([2, 1]);
  });

  test('is that of the fullest source; one that left does not count', () => {
    const overload = new Overload();
    overload.feel('a', 0.75, 0);
    overload.feel('b', 0.1, 1000);
    overload.feel('b', 0.1, 2000);
    expect(overload.level).toBe(4);
    for (let now = 3000; now < 9000; now += 500) overload.feel('a', 0, now);
    expect(overload.level).toBe(0);
  });
});
