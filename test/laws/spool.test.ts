// The laws of the spool: it is a list in memory that survives crashes, torn writes, flipped bits and full disks.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LANES, type Lane, laneEpoch, laneOf } from '../../sensor/src/outputs/spool/lanes.ts';
import { type Disk, disk } from '../../sensor/src/outputs/spool/log.ts';
import { Spool, type SpoolOptions } from '../../sensor/src/outputs/spool/spool.ts';
import type { Severity } from '../../sensor/src/wire/alert.ts';
import type { WireRecord } from '../../sensor/src/wire/batch.ts';
import { encodeRecord } from '../../sensor/src/wire/codec.ts';
import { alertOf, blindOf, seriesOf } from '../support/records.ts';

const EPOCH = '0123456789abcdef';
const MiB = 1024 * 1024;
let base: string;
let count = 0;
const opened: Spool[] = [];
const lines: string[] = [];

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'yagura-spool-'));
});
afterEach(async () => {
  for (const spool of opened.splice(0)) await spool.close().catch(() => {});
  lines.length = 0;
});
afterAll(() => rmSync(base, { recursive: true }));

const folder = (): string => join(base, String(count++));

function open(root: string, options: Partial<SpoolOptions> = {}): Spool {
  const spool = new Spool(root, {
    epoch: EPOCH,
    profile: 'strict',
    live: false,
    maxBytes: 64 * MiB,
    log: (line) => lines.push(line),
    ...options,
  });
  opened.push(spool);
  return spool;
}

async function close(spool: Spool): Promise<void> {
  opened.splice(opened.indexOf(spool), 1);
  await spool.close();
}

/** What kill -9 would leave at this moment: the files as they are, and nothing of the process. */
function killed(root: string): string {
  const copy = folder();
  cpSync(root, copy, { recursive: true });
  rmSync(join(copy, 'lock'), { force: true });
  return copy;
}

/** Takes everything, as the uplink does. */
function drain(spool: Spool, records = 1000, bytes = MiB): { lane: Lane; seq: number; line: string }[] {
  const all = [];
  for (let batch = spool.next(records, bytes); batch !== undefined; batch = spool.next(records, bytes)) {
    for (const [index, line] of batch.lines.entries())
      all.push({ lane: batch.log.lane, seq: batch.first + index, line });
    spool.ack(batch, batch.first + batch.lines.length - 1);
  }
  return all;
}

const segments = (root: string): string[] =>
  (readdirSync(root, { recursive: true }) as string[]).filter((name) => name.endsWith('.seg')).sort();

const anyRecord = fc.oneof(
  fc
    .tuple(
      fc.nat(1000),
      fc.constantFrom<Severity>('informational', 'low', 'medium', 'high', 'critical'),
      fc.nat(900),
    )
    .map(([number, severity, padding]) => alertOf(number, severity, padding) as WireRecord),
  fc.nat(1000).map((number) => seriesOf(number) as WireRecord),
  fc.nat(1000).map((number) => blindOf(number) as WireRecord),
);

describe('a spool is a list in memory for each lane', () => {
  /** What the spool must answer: records of each lane in order, and how many are acknowledged. */
  class Model {
    readonly lanes = new Map<Lane, { lines: string[]; acked: number }>(
      LANES.map((lane) => [lane, { lines: [], acked: 0 }]),
    );
    readonly all: WireRecord[] = [];
    append(record: WireRecord): void {
      this.all.push(record);
      this.lanes.get(laneOf(record))!.lines.push(encodeRecord(record));
    }
    get records(): number {
      let sum = 0;
      for (const { lines, acked } of this.lanes.values()) sum += lines.length - acked;
      return sum;
    }
  }

  const step = fc.oneof(
    { weight: 6, arbitrary: anyRecord.map((record) => ({ do: 'append' as const, record })) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('take' as const),
        records: fc.integer({ min: 1, max: 5 }),
        bytes: fc.integer({ min: 1, max: 3000 }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ do: 'flush' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'kill' as const }) },
  );

  test('whatever is appended, taken, made durable, reopened or killed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.constantFrom(500, 2000, 1 << 20),
        async (steps, segmentBytes) => {
          let root = folder();
          let spool = open(root, { segmentBytes });
          const model = new Model();
          const again = () => {
            spool = open(root, { segmentBytes });
            // A replay that starts again offers all from the beginning. What was acknowledged but not yet
            // remembered may be asked for again; nothing else may.
            for (const lane of model.lanes.values()) lane.acked = 0;
            for (const record of model.all) spool.append(record);
          };
          for (const one of steps) {
            if (one.do === 'append') {
              expect(spool.append(one.record)).toBe('kept');
              model.append(one.record);
            } else if (one.do === 'take') {
              const batch = spool.next(one.records, one.bytes);
              const lane = [...LANES].reverse().find((name) => {
                const { lines, acked } = model.lanes.get(name)!;
                return lines.length > acked;
              });
              expect(batch?.log.lane).toBe(lane);
              if (batch === undefined) continue;
              const { lines, acked } = model.lanes.get(lane!)!;
              expect(batch.first).toBe(acked);
              expect(batch.log.epoch).toBe(laneEpoch(EPOCH, lane!));
              expect(batch.lines.length).toBeLessThanOrEqual(one.records);
              expect(batch.lines).toEqual(lines.slice(acked, acked + batch.lines.length));
              const taken = Math.round(one.share * batch.lines.length);
              spool.ack(batch, batch.first + taken - 1);
              model.lanes.get(lane!)!.acked += taken;
            } else if (one.do === 'flush') {
              await spool.flush();
            } else if (one.do === 'reopen') {
              const before = new Map([...model.lanes].map(([lane, { acked }]) => [lane, acked]));
              await close(spool);
              again();
              for (const [lane, acked] of before) model.lanes.get(lane)!.acked = acked;
            } else {
              const before = new Map([...model.lanes].map(([lane, { acked }]) => [lane, acked]));
              root = killed(root);
              again();
              // A kill may forget acknowledgements of the last second: as many as the spool now offers again.
              for (const [lane, { lines }] of model.lanes) {
                const remembered = rememberedOf(root, lane);
                expect(remembered).toBeLessThanOrEqual(before.get(lane)!);
                model.lanes.get(lane)!.acked = Math.min(remembered, lines.length);
              }
            }
            expect(spool.records).toBe(model.records);
          }
          const rest = drain(spool);
          for (const [lane, { lines, acked }] of model.lanes) {
            const mine = rest.filter((one) => one.lane === lane);
            expect(mine.map((one) => one.line)).toEqual(lines.slice(acked));
            expect(mine.map((one) => one.seq)).toEqual(lines.slice(acked).map((_, index) => acked + index));
          }
          expect(lines).toEqual([]);
          for (const spool of opened.splice(0)) await spool.close();
        },
      ),
      { numRuns: 60, seed: 2 },
    );
  });

  function rememberedOf(root: string, lane: Lane): number {
    try {
      const text = readFileSync(join(root, `00000001-${EPOCH}`, 'position'), 'utf8');
      return ((JSON.parse(text.slice(9)) as Partial<Record<Lane, number>>)[lane] ?? -1) + 1;
    } catch {
      return 0;
    }
  }
});

describe('a torn write', () => {
  test('at every byte of a segment loses the record it belongs to and no other', async () => {
    const root = folder();
    const first = open(root);
    const records = [blindOf(1), blindOf(22), blindOf(333)];
    for (const record of records) first.append(record);
    await close(first);
    const [name] = segments(root);
    const whole = readFileSync(join(root, name!));
    const ends = [32, 0, 0, 0];
    for (const [index, record] of records.entries())
      ends[index + 1] = ends[index]! + 16 + Buffer.byteLength(encodeRecord(record));
    expect(ends[3]).toBe(whole.length);

    for (let length = 0; length <= whole.length; length++) {
      const copy = killed(root);
      writeFileSync(join(copy, name!), whole.subarray(0, length));
      const spool = open(copy);
      const kept = ends.filter((end) => end <= length).length - 1;
      expect(spool.records, `cut at ${length}`).toBe(Math.max(0, kept));
      for (const record of [...records, blindOf(4)]) spool.append(record);
      expect(drain(spool).map((one) => one.line)).toEqual([...records, blindOf(4)].map(encodeRecord));
      await close(spool);
    }
    expect(lines).toEqual([]);
  });
});

describe('a flipped bit', () => {
  const records = Array.from({ length: 12 }, (_, number) => alertOf(number, 'high', number * 9));
  const originals = records.map(encodeRecord);

  test.each([true, false])('loses one record at most, and is reported (live %s)', async (live) => {
    const root = folder();
    const first = open(root, { live, segmentBytes: 3000 });
    for (const record of records) first.append(record);
    await close(first);
    const names = segments(root);
    expect(names.length).toBeGreaterThan(2);
    const sizes = names.map((name) => statSync(join(root, name)).size);
    const total = sizes.reduce((sum, size) => sum + size);

    await fc.assert(
      fc.asyncProperty(fc.nat(total - 1), fc.nat(7), async (place, bit) => {
        const copy = killed(root);
        let index = 0;
        while (place >= sizes[index]!) place -= sizes[index++]!;
        const path = join(copy, names[index]!);
        const bytes = readFileSync(path);
        bytes[place]! ^= 1 << bit;
        writeFileSync(path, bytes);

        // Another run's spool: nobody makes the records again, so all that are sound must be kept.
        const spool = open(copy, { epoch: 'ffffffffffffffff' });
        const kept = drain(spool).map((one) => one.line);
        expect(originals).toEqual(expect.arrayContaining(kept));
        expect(new Set(kept).size).toBe(kept.length);
        expect(kept.length).toBeGreaterThanOrEqual(originals.length - 1);
        // In the very last frame damage looks like a torn write.
        if (kept.length < originals.length && kept.at(-1) === originals.at(-1))
          expect(spool.stats().corrupt).toBe(1);
        await close(spool);

        // The same run again: the replay makes what is missing once more.
        const same = killed(root);
        writeFileSync(join(same, names[index]!), bytes);
        const replay = open(same);
        for (const record of records) replay.append(record);
        expect(drain(replay).map((one) => one.line)).toEqual(originals);
        await close(replay);
      }),
      { numRuns: 60, seed: 3 },
    );
    expect(lines.every((line) => line.includes('spool_corrupt'))).toBe(true);
    expect(lines.some((line) => line.includes('n3.example'))).toBe(false);
  });

  test('in a segment already open is found when it is read', async () => {
    const root = folder();
    const spool = open(root);
    for (const record of records) spool.append(record);
    const path = join(root, segments(root)[0]!);
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 4;
    writeFileSync(path, bytes);
    expect(drain(spool)).toHaveLength(records.length - 1);
    expect(spool.stats().corrupt).toBe(1);
    expect(spool.append(alertOf(99, 'high'))).toBe('kept');
    expect(drain(spool).map((one) => one.line)).toEqual([encodeRecord(alertOf(99, 'high'))]);
  });
});

describe('garbage', () => {
  test('in any file of the spool gives no record and stops nothing', async () => {
    // What looks like a header, a mark or a length makes the reader try harder than plain noise.
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constant(Uint8Array.from([0xf5, 0x59])),
      fc.constant(Uint8Array.from([0xf5, 0x59, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 1, 2, 3, 4])),
      fc.constant(new TextEncoder().encode('YGRSPOOL')),
    );
    const garbage = fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.concat(pieces));
    await fc.assert(
      fc.asyncProperty(garbage, garbage, garbage, fc.boolean(), async (first, second, position, live) => {
        const root = folder();
        const epoch = join(root, `00000001-${EPOCH}`);
        mkdirSync(epoch, { recursive: true });
        writeFileSync(join(epoch, 'high-000000000000000.seg'), first);
        writeFileSync(join(epoch, 'high-000000000000007.seg'), second);
        writeFileSync(join(epoch, 'position'), position);
        writeFileSync(join(root, 'lock'), position);
        const spool = open(root, { live });
        expect(spool.records).toBe(0);
        expect(spool.append(alertOf(1, 'high'))).toBe('kept');
        expect(drain(spool).map((one) => [one.seq, one.line])).toEqual([
          [0, encodeRecord(alertOf(1, 'high'))],
        ]);
        await close(spool);
      }),
      { numRuns: 100, seed: 4 },
    );
  });
});

describe('the bound', () => {
  const noise = (spool: Spool, records: readonly WireRecord[]) =>
    records.map((record) => spool.append(record));
  const many = (length: number, severity: Severity) =>
    Array.from({ length }, (_, number) => alertOf(number, severity, 300));

  test('a live spool gives up the least severe first and says so', async () => {
    const root = folder();
    const maxBytes = 100_000;
    const spool = open(root, { live: true, maxBytes, segmentBytes: 10_000 });
    noise(spool, [seriesOf(1), ...many(100, 'low'), ...many(20, 'medium'), ...many(30, 'high')]);
    expect(spool.stats().bytes).toBeLessThanOrEqual(maxBytes);
    noise(spool, [...many(20, 'critical'), ...many(200, 'low')]);
    expect(spool.stats().bytes).toBeLessThanOrEqual(maxBytes);
    expect(spool.stats().shed).toMatchObject({ medium: 0, high: 0, critical: 0, blind: 0, series: 1 });
    noise(spool, many(200, 'critical'));
    expect(spool.stats().bytes).toBeLessThanOrEqual(maxBytes);
    const { shed } = spool.stats();
    expect(shed).toMatchObject({ series: 1, low: 300, medium: 20, high: 30, blind: 0 });
    expect(shed.critical).toBeGreaterThan(0);
    await close(spool);

    const rest = drain(open(root, { epoch: 'aaaaaaaaaaaaaaaa' }));
    expect(rest.filter((one) => one.lane === 'critical')).toHaveLength(220 - shed.critical);
    const blind = rest.filter((one) => one.lane === 'blind').map((one) => JSON.parse(one.line));
    expect(blind).toHaveLength(1);
    expect(blind[0]).toMatchObject({ reason: 'shed', count: 351 + shed.critical });
    expect(blind[0].from).toBe(alertOf(0).time);
    expect(blind[0].until >= alertOf(199).time).toBe(true);
  });

  test('a replay waits instead, and goes on when something was taken', async () => {
    const spool = open(folder(), { maxBytes: 20_000, segmentBytes: 5_000 });
    let offered = 0;
    while (!spool.busy()) spool.append(alertOf(offered++));
    let isReady = false;
    const ready = spool.ready().then(() => {
      isReady = true;
    });
    await Promise.resolve();
    expect(isReady).toBe(false);
    const batch = spool.next(15, MiB)!;
    spool.ack(batch, batch.first + batch.lines.length - 1);
    await ready;
    expect(spool.busy()).toBe(false);
    expect(spool.records).toBe(offered - batch.lines.length);
    expect(spool.stats().shed.medium).toBe(0);
  });

  test('a record longer than the wire allows is given up and counted', () => {
    const spool = open(folder());
    expect(spool.append(alertOf(1, 'high', 70_000))).toBe('shed');
    expect(spool.stats().shed.high).toBe(1);
    expect(spool.append(alertOf(1, 'high'))).toBe('kept');
  });
});

describe('a full disk', () => {
  /** Takes `room` bytes, then fails as the system does, in the middle of a write. */
  function small(room: { left: number }): Disk {
    return {
      ...disk,
      write(fd, bytes, offset, length, position) {
        const part = Math.min(length, room.left);
        if (part === 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
        room.left -= part;
        return disk.write(fd, bytes, offset, part, position);
      },
    };
  }

  test('ends a replay with a coded error, and the next run goes on where it stopped', async () => {
    const root = folder();
    const spool = open(root, { disk: small({ left: 5_000 }) });
    let kept = 0;
    expect(() => {
      for (; kept < 100; kept++) spool.append(alertOf(kept));
    }).toThrow(expect.objectContaining({ code: 'output_unwritable' }));
    expect(kept).toBeGreaterThan(5);
    await close(spool);

    const again = open(root);
    const answers = Array.from({ length: 100 }, (_, number) => again.append(alertOf(number)));
    expect(answers.filter((answer) => answer === 'known')).toHaveLength(kept);
    expect(drain(again).map((one) => one.line)).toEqual(
      Array.from({ length: 100 }, (_, number) => encodeRecord(alertOf(number))),
    );
    expect(again.stats().corrupt).toBe(0);
  });

  test('makes a live sensor give up records, complain once, and go on when there is room', () => {
    const room = { left: 3_000 };
    const spool = open(folder(), { live: true, disk: small(room) });
    const answers = Array.from({ length: 20 }, (_, number) => spool.append(alertOf(number, 'high')));
    expect(answers).toContain('shed');
    room.left = 1e9;
    expect(spool.append(alertOf(20, 'high'))).toBe('kept');
    const kept = answers.filter((answer) => answer === 'kept').length + 1;
    expect(drain(spool)).toHaveLength(kept);
    expect(spool.stats().shed.high).toBe(21 - kept);
    expect(lines.filter((line) => line.includes('output_unwritable'))).toHaveLength(1);
  });
});

describe('epochs', () => {
  test('what an earlier run left is drained first, each under its own epoch', async () => {
    const root = folder();
    for (const epoch of ['1111111111111111', '2222222222222222']) {
      const spool = open(root, { epoch, live: true });
      spool.append(alertOf(1, 'high'));
      await close(spool);
    }
    const spool = open(root, { epoch: '3333333333333333', live: true });
    spool.append(alertOf(1, 'high'));
    spool.append(alertOf(2, 'critical'));
    const epochs = [];
    for (let batch = spool.next(9, MiB); batch !== undefined; batch = spool.next(9, MiB)) {
      epochs.push(batch.log.epoch);
      spool.ack(batch, batch.first);
    }
    expect(epochs).toEqual([
      laneEpoch('3333333333333333', 'critical'),
      laneEpoch('1111111111111111', 'high'),
      laneEpoch('2222222222222222', 'high'),
      laneEpoch('3333333333333333', 'high'),
    ]);
  });

  test('a finished replay that is started again sends nothing twice', async () => {
    const root = folder();
    const first = open(root);
    for (let number = 0; number < 50; number++) first.append(alertOf(number));
    expect(drain(first)).toHaveLength(50);
    await close(first);
    expect(segments(root)).toEqual([]);
    const again = open(root);
    for (let number = 0; number < 50; number++) expect(again.append(alertOf(number))).toBe('known');
    expect(again.append(alertOf(50))).toBe('kept');
    expect(drain(again).map((one) => one.seq)).toEqual([50]);
  });
});

describe('the lock', () => {
  test('keeps a second sensor out, and is taken over from one that is gone', async () => {
    const root = folder();
    const spool = open(root);
    expect(() => open(root)).toThrow(expect.objectContaining({ code: 'spool_locked' }));
    await close(spool);
    writeFileSync(join(root, 'lock'), `${process.ppid}\n`);
    expect(() => open(root)).toThrow(expect.objectContaining({ code: 'spool_locked' }));
    // The same number, but a process that began at another time.
    writeFileSync(join(root, 'lock'), `${process.ppid} 1\n`);
    await close(open(root));
    writeFileSync(join(root, 'lock'), '999999999 5\n');
    await close(open(root));
  });
});
