// The laws of a records store: every engine keeps all of them, or names here why it cannot.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KeptAlert } from '../../aggregator/src/alerts/alert.ts';
import { GROUP_STATES, type Group, join } from '../../aggregator/src/alerts/group.ts';
import { chain, verify } from '../../aggregator/src/ledger/ledger.ts';
import { type Records, sqliteRecords } from '../../aggregator/src/stores/records/index.ts';
import { SqliteFile } from '../../aggregator/src/stores/sqlite.ts';
import { fromRfc3339 } from '../../aggregator/src/time.ts';
import { anAlert } from '../support/sensor.ts';

/** Opens the engine's store on a place of its own; opening again gives what was kept. */
const ENGINES: Record<string, (place: string) => Promise<Records>> = {
  sqlite: async (place) => sqliteRecords(new SqliteFile(path(place, 'records.db'))),
};

const hex = (n: number) => n.toString(16).padStart(32, '0');

function kept(n: number, group = hex(1), more: Parameters<typeof anAlert>[0] = {}): KeptAlert {
  const alert = anAlert(more, n);
  const [received, time] = ['2026-04-01T11:00:00.000000Z', fromRfc3339(alert.time)];
  const own = {
    id: hex(1_000 + n),
    group,
    body: 'city',
    sensor: 'yagura://city/a',
    received,
    direction: 'outbound' as const,
  };
  return { alert: { ...own, ...alert }, time, received: fromRfc3339(received) };
}

describe.each(Object.entries(ENGINES))('records: %s', (_engine, open) => {
  let place: string;
  let records: Records;
  beforeEach(async () => {
    place = mkdtempSync(path(tmpdir(), 'yagura-records-'));
    records = await open(place);
  });
  afterEach(async () => {
    await records.close();
    rmSync(place, { recursive: true, force: true });
  });

  const keep = (alerts: KeptAlert[], more: Partial<Group> = {}) =>
    records.write(async (writer) => {
      await writer.keepAlerts(alerts);
      const byGroup = Map.groupBy(alerts, (a) => a.alert.group);
      const before = await writer.groups([...byGroup.keys()]);
      await writer.keepGroups(
        [...byGroup].map(([id, joining]) => ({ ...join(before.get(id), joining), ...more })),
      );
    });

  describe('a write', () => {
    test('that throws leaves nothing behind, and the next one works', async () => {
      const failing = records.write(async (writer) => {
        await writer.keepAlerts([kept(1)]);
        await writer.append({ actor: 'a', action: 'b', object: 'c', detail: {} }, 1);
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await records.lastRow()).toBe(0);
      expect(await records.ledgerSize()).toBe(0);
      await keep([kept(1)]);
      expect(await records.lastRow()).toBe(1);
    });

    test('is alone: two that read, wait and write do not lose each other', async () => {
      const append = (sensor: string) =>
        records.write(async (writer) => {
          const before = (await writer.progress(sensor, 'e')) ?? 0;
          await new Promise((resume) => setImmediate(resume));
          await writer.keepProgress([{ sensor, epoch: 'e', next: before + 1 }]);
        });
      await Promise.all(Array.from({ length: 10 }, () => append('s')));
      expect(await records.write((writer) => writer.progress('s', 'e'))).toBe(10);
    });

    test('is not seen by readers before it is done, and is there after reopening', async () => {
      await records.write(async (writer) => {
        await writer.keepAlerts([kept(1)]);
        expect(await records.lastRow()).toBe(0);
      });
      expect(await records.lastRow()).toBe(1);
      await records.close();
      records = await open(place);
      expect(await records.alert(hex(1_001))).toEqual(kept(1).alert);
    });
  });

  describe('alerts', () => {
    test('are kept once by id', async () => {
      await keep([kept(1), kept(2)]);
      await records.write(async (writer) => {
        expect(await writer.alerts([hex(1_001), hex(1_002), hex(1_003)])).toEqual(
          new Set([hex(1_001), hex(1_002)]),
        );
        await writer.keepAlerts([kept(2), kept(3)]);
      });
      expect((await records.alerts({}, { limit: 10 })).items.map((a) => a.id)).toEqual(
        [3, 2, 1].map((n) => hex(1_000 + n)),
      );
    });

    test('follow each other in the order of arrival', async () => {
      await keep([kept(3)]);
      await keep([kept(1), kept(2)]);
      const rows = await records.alertsAfter(0, 10);
      expect(rows.map(({ alert }) => alert.id)).toEqual([3, 1, 2].map((n) => hex(1_000 + n)));
      expect(await records.lastRow()).toBe(rows[2].row);
      expect(await records.alertsAfter(rows[1].row, 10)).toEqual([rows[2]]);
      expect(await records.alertsAfter(0, 1)).toEqual([rows[0]]);
    });

    test.each([
      ['group', { group: hex(2) }, [2]],
      ['severity', { severity: 'high' as const }, [2, 1]],
      ['body', { body: 'village' }, []],
      ['rule', { rule: 'rule-2' }, [3]],
      ['address', { address: '10.1.9.9' }, [2]],
      ['sensor', { sensor: 'yagura://city/a' }, [3, 2, 1]],
      ['time', { since: kept(2).time }, [3, 2]],
      ['two at once', { severity: 'high' as const, since: kept(2).time }, [2]],
    ])('are found by %s', async (_, filter, found) => {
      const rule = { ...anAlert().rule, id: 'rule-2', severity: 'low' as const };
      await keep([kept(1), kept(2, hex(2), { src_ip: '10.1.9.9' }), kept(3, hex(3), { rule })]);
      const { items } = await records.alerts(filter, { limit: 10 });
      expect(items.map((a) => a.id)).toEqual(found.map((n) => hex(1_000 + n)));
    });

    test('are paged without loss or repetition', async () => {
      await keep(Array.from({ length: 25 }, (_, n) => kept(n)));
      const seen: string[] = [];
      let after: readonly (string | number)[] | undefined;
      do {
        const page = await records.alerts({}, { limit: 10, after });
        seen.push(...page.items.map((a) => a.id));
        after = page.next;
      } while (after !== undefined);
      expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => hex(1_024 - n)));
    });
  });

  describe('groups', () => {
    test('come back as they were kept', async () => {
      const group = join(undefined, [kept(1), kept(2)]);
      await records.write((writer) => writer.keepGroups([group]));
      expect(await records.group(group.id)).toEqual(group);
      expect(await records.groupsById([group.id, hex(9)])).toEqual([group]);
      expect(await records.write((writer) => writer.groups([group.id, hex(9)]))).toEqual(
        new Map([[group.id, group]]),
      );
      expect(await records.group(hex(9))).toBeUndefined();
    });

    test('are found by the name that their rule has now', async () => {
      await keep([kept(1)]);
      await keep([kept(2, hex(1), { rule: { ...anAlert().rule, name: 'Renamed' } })]);
      const found = async (text: string) =>
        (await records.groups({ text }, 'priority', { limit: 9 })).items.length;
      expect([await found('Renamed'), await found('A rule')]).toEqual([1, 0]);
    });

    test.each(['priority', 'last_seen'] as const)('are paged in the order of %s', async (sort) => {
      const states = GROUP_STATES;
      for (let n = 1; n <= 12; n++)
        await keep([kept(n % 5, hex(n))], { priority: n % 3, state: states[n % 4] });
      const seen: Group[] = [];
      let after: readonly (string | number)[] | undefined;
      do {
        const page = await records.groups({}, sort, { limit: 5, after });
        seen.push(...page.items);
        after = page.next;
      } while (after !== undefined);
      const order = (g: Group) => (sort === 'priority' ? [g.priority, g.last_seen] : [g.last_seen]);
      const sorted = seen.toSorted((a, b) => {
        const [x, y] = [
          [...order(a), a.id],
          [...order(b), b.id],
        ];
        const i = x.findIndex((value, k) => value !== y[k]);
        return i < 0 ? 0 : x[i] < y[i] ? 1 : -1;
      });
      expect(seen.map((g) => g.id)).toEqual(sorted.map((g) => g.id));
      expect(new Set(seen.map((g) => g.id)).size).toBe(12);
    });

    test.each([
      ['state', { states: ['new' as const] }, [1, 3]],
      ['two states', { states: ['new' as const, 'resolved' as const] }, [1, 2, 3]],
      ['severity', { severity: 'high' as const }, [1, 2]],
      ['sensor', { sensor: 'yagura://city/b' }, [2]],
      ['address of either side', { address: '192.0.2.9' }, [1, 2, 3]],
      ['text in the rule', { text: 'MARK' }, [3]],
      ['text in an address', { text: '1.9.9' }, [2]],
      ['text with wildcards taken literally', { text: '100%_' }, [3]],
      ['text that is only a wildcard', { text: '_' }, [3]],
      ['time', { since: kept(2).time }, [2, 3]],
      ['nothing that is there', { body: 'village' }, []],
    ])('are found by %s', async (_, filter, found) => {
      const rule = { ...anAlert().rule, name: 'A mark 100%_ sure', severity: 'low' as const };
      const other = kept(2, hex(2), { src_ip: '10.1.9.9' });
      await keep([kept(1, hex(1))]);
      await keep([{ ...other, alert: { ...other.alert, sensor: 'yagura://city/b' } }], { state: 'resolved' });
      await keep([kept(3, hex(3), { rule })]);
      const { items } = await records.groups(filter, 'last_seen', { limit: 10 });
      expect(items.map((g) => g.id).sort()).toEqual(found.map(hex));
    });

    test('open ones are counted by body and severity', async () => {
      await keep([kept(1, hex(1)), kept(2, hex(2))]);
      await keep([kept(3, hex(3))], { state: 'archived' });
      await keep([kept(4, hex(4))], { body: 'village', state: 'in_progress', severity: 'low' });
      expect(await records.openGroups()).toEqual({ city: { high: 2 }, village: { low: 1 } });
      await keep([kept(5, hex(1))], { state: 'resolved' });
      expect(await records.openGroups()).toEqual({ city: { high: 1 }, village: { low: 1 } });
    });

    test('keep their history, newest first', async () => {
      const step = (time: number, action: 'resolved' | 'reopened', note: string | null) =>
        ({ group: hex(1), time, actor: 'analyst:a', action, note }) as const;
      await records.write((writer) =>
        writer.keepHistory([step(1, 'resolved', 'done'), step(2, 'reopened', null)]),
      );
      expect(await records.history(hex(1))).toEqual([step(2, 'reopened', null), step(1, 'resolved', 'done')]);
      expect(await records.history(hex(2))).toEqual([]);
    });
  });

  describe('the registry', () => {
    const body = { id: 'city', name: { en: 'City', ja: '市' }, kind: 'municipality' } as const;
    const sensor = { id: 'yagura://city/a', body: 'city', name: 'a', serial: '01', certificate_until: 9 };

    test('keeps bodies and their authorities', async () => {
      const authority = {
        id: 'auth',
        body: 'city',
        article: '1',
        instrument: '2',
        prefixes: ['10.0.0.0/8'],
        valid_from: 1,
        valid_until: 2,
        discloses: ['content' as const],
      };
      await records.write(async (writer) => {
        await writer.addBody(body);
        await writer.addAuthority(authority);
      });
      expect(await records.bodies()).toEqual([body]);
      expect(await records.body('city')).toEqual(body);
      expect(await records.authorities('city')).toEqual([authority]);
      expect(await records.authorities('village')).toEqual([]);
    });

    test('enrols again with a new certificate, which ends a revocation', async () => {
      await records.write(async (writer) => {
        await writer.addBody(body);
        await writer.enrolSensor(sensor);
        expect(await writer.revokeSensor(sensor.id, 5)).toBe(true);
        expect(await writer.revokeSensor('yagura://city/z', 5)).toBe(false);
      });
      expect(await records.sensor(sensor.id)).toMatchObject({
        serial: '01',
        revoked: 5,
        last_seen: null,
        health: null,
      });
      await records.write((writer) => writer.enrolSensor({ ...sensor, serial: '02' }));
      expect(await records.sensors()).toMatchObject([{ serial: '02', revoked: null }]);
    });

    test('remembers the last health, not the last silence', async () => {
      const health = { time: 't', version: 'v' } as never;
      await records.write(async (writer) => {
        await writer.addBody(body);
        await writer.enrolSensor(sensor);
        await writer.heard(sensor.id, { last_seen: 7, health, clock_skew_s: 0.5 });
        await writer.heard(sensor.id, { last_seen: 9 });
        await writer.heard(sensor.id, { last_seen: 8 });
      });
      expect(await records.sensor(sensor.id)).toMatchObject({ last_seen: 9, health, clock_skew_s: 0.5 });
    });

    test('adds refusals up and keeps spans of blindness once', async () => {
      const blind = { id: hex(1), sensor: sensor.id, from: 1, until: 2, reason: 'shed' as const, count: 3 };
      await records.write(async (writer) => {
        await writer.refused(sensor.id, 'outside_scope', 2);
        await writer.refused(sensor.id, 'outside_scope', 3);
        await writer.keepBlinds([blind, blind, { ...blind, id: hex(2), until: 5 }]);
      });
      expect(await records.refusals(sensor.id)).toEqual({ outside_scope: 5 });
      expect(await records.blinds(sensor.id, 10)).toEqual([{ ...blind, id: hex(2), until: 5 }, blind]);
      expect(await records.blinds(sensor.id, 1)).toHaveLength(1);
    });

    test('progress only moves on', async () => {
      const next = (n: number) => [{ sensor: 's', epoch: 'e', next: n }];
      await records.write(async (writer) => {
        expect(await writer.progress('s', 'e')).toBeUndefined();
        await writer.keepProgress(next(7));
        await writer.keepProgress(next(3));
        expect(await writer.progress('s', 'e')).toBe(7);
      });
    });
  });

  describe('secrets', () => {
    test('tokens and links remember that they were used; sessions end', async () => {
      await records.write(async (writer) => {
        await writer.addBody({ id: 'city', name: { en: 'c', ja: 'c' }, kind: 'other' });
        await writer.addToken({ hash: 'h', body: 'city', sensor: 'a', until: 5, used: null });
        await writer.addLoginLink({ hash: 'l', name: 'a', until: 5, used: null });
        await writer.addSession({ hash: 's', name: 'a', role: 'analyst', until: 5 });
        await writer.useToken('h', 3);
        await writer.useLoginLink('l', 4);
        expect(await writer.token('h')).toEqual({ hash: 'h', body: 'city', sensor: 'a', until: 5, used: 3 });
        expect(await writer.loginLink('l')).toMatchObject({ used: 4 });
        expect(await writer.token('x')).toBeUndefined();
      });
      expect(await records.session('s')).toEqual({ hash: 's', name: 'a', role: 'analyst', until: 5 });
      await records.write((writer) => writer.endSession('s'));
      expect(await records.session('s')).toBeUndefined();
    });
  });

  describe('the ledger', () => {
    const act = (n: number) => ({
      actor: 'a',
      action: 'b',
      object: 'c',
      detail: { n, nested: { list: [1, 'é'] } },
    });

    test('is a chain that verifies, read newest first and page by page', async () => {
      for (let n = 1; n <= 5; n++) await records.write((writer) => writer.append(act(n), n));
      expect(await records.ledgerSize()).toBe(5);
      expect(await verify(records.ledgerWalk())).toMatchObject({ entries: 5 });
      const first = await records.ledger({ limit: 3 });
      expect(first.items.map((e) => e.seq)).toEqual([5, 4, 3]);
      const second = await records.ledger({ limit: 3, after: first.next });
      expect(second.items.map((e) => e.detail['n'])).toEqual([2, 1]);
      expect(second.next).toBeUndefined();
    });

    test('writers at the same time make one chain', async () => {
      await Promise.all(
        Array.from({ length: 20 }, (_, n) => records.write((writer) => writer.append(act(n), n))),
      );
      expect(await verify(records.ledgerWalk())).toMatchObject({ entries: 20 });
      expect((await verify(records.ledgerWalk())).broken).toBeUndefined();
    });

    test('an entry is what chain() makes of it', async () => {
      const entry = await records.write((writer) => writer.append(act(1), 7));
      expect(entry).toEqual(chain(undefined, act(1), 7));
      expect((await records.ledger({ limit: 1 })).items).toEqual([entry]);
    });
  });
});
