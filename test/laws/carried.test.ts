// A detector raises the same alerts about what came over from another thread as about what it is shown directly: what
// `looksAt` leaves out, it does not need. Rules have a law of their own (test/crew.test.ts): they see events whole.
import { describe, expect, test } from 'vitest';
import { CrewSight } from '../../sensor/src/crew/crew-sight.ts';
import { Detection } from '../../sensor/src/crew/detection.ts';
import { Inlet } from '../../sensor/src/crew/inlet.ts';
import { Merge } from '../../sensor/src/crew/merge.ts';
import { Bell, newBell, Outlet } from '../../sensor/src/crew/outlet.ts';
import { newRing } from '../../sensor/src/crew/ring.ts';
import { Sender } from '../../sensor/src/crew/sender.ts';
import { SeriesSum } from '../../sensor/src/crew/series-sum.ts';
import { Sieve, type Slotted } from '../../sensor/src/crew/sieve.ts';
import type { Detector, Watch } from '../../sensor/src/detectors/detector.ts';
import { detectors, settle } from '../../sensor/src/detectors/index.ts';
import type { Event } from '../../sensor/src/protocols/event.ts';
import { recordFields } from '../../sensor/src/protocols/index.ts';
import { loadRules } from '../../sensor/src/rules/index.ts';
import type { Sensor } from '../../sensor/src/sensor.ts';
import { remember } from '../support/stage.ts';
import { cases } from './detectors.cases.ts';

const NO_RULES = loadRules([]);
const knobs = settle({});
const all = (detectors as readonly Detector[]).filter(({ name }) => name !== 'rule-match');

/** Fields of made-up events read plain objects. */
class StageSieve extends Sieve {
  override fieldsOf(event: Event, isMatched: boolean): readonly Slotted[] | undefined {
    return super.fieldsOf(event, isMatched)?.flatMap(({ field, slot }) => {
      const own = event.fields.find(({ name }) => name === field.name);
      return own === undefined ? [] : [{ field: own, slot }];
    });
  }
}

/** A thread's two ends in one: what is played to `sender` is shown to `watch`. */
function carrier(watch: Watch) {
  const memory = newRing(1 << 20);
  const bell = new Bell(newBell());
  let order = 0;
  // Packet time, as the packet of the event has it.
  let time = 0;
  const sender = new Sender({
    outlet: new Outlet(memory, bell, true),
    sieve: new StageSieve(NO_RULES),
    order: () => ++order,
    now: () => time,
    totals: () => {},
  });
  const hooks = {
    opened: (flow) => watch.opened?.(flow),
    answered: (flow) => watch.answered?.(flow),
    refused: (flow) => watch.refused?.(flow),
    event: (event) => watch.event?.(event),
    unmatched: (event: Event) => watch.event?.(event),
    tick: (now) => watch.tick?.(now),
    relieve: () => watch.relieve?.(),
  } satisfies Required<Watch> & { unmatched(event: Event): void };
  const sensor = { show() {}, pass: hooks.tick } as unknown as Sensor;
  const crew = { merge: new Merge([new Inlet(memory, 1)], Number.POSITIVE_INFINITY), bell };
  const parts = {
    crew,
    detectors: hooks,
    sensor,
    series: new SeriesSum(() => {}),
    sight: new CrewSight(true),
  };
  const detection = new Detection(parts);
  const then =
    <A extends unknown[]>(say: (...given: A) => void) =>
    (...given: A): void => {
      say(...given);
      detection.drain();
    };
  return {
    opened: then((flow: Parameters<Sender['opened']>[0]) => sender.opened(flow)),
    answered: then((flow: Parameters<Sender['opened']>[0]) => sender.answered(flow)),
    refused: then((flow: Parameters<Sender['opened']>[0]) => sender.refused(flow)),
    event: then((event: Event) => {
      time = event.time;
      sender.event({ ...event, time });
    }),
    tick: then((now: number) => sender.tick(now)),
    relieve: () => sender.relieve(),
  };
}

describe.each(all.map((detector) => [detector.name, detector] as const))('%s', (name, detector) => {
  test('looks at events and fields that there are', () => {
    for (const [type, fields] of Object.entries(detector.looksAt)) {
      const known = recordFields[type]?.map((field) => field.name);
      expect(known, `events of type ${type}`).toBeDefined();
      if (fields !== 'whole') for (const field of fields) expect(known).toContain(field);
    }
  });

  test.each(cases.filter((c) => c.detector === name).map((c) => [c.name, c] as const))(
    '%s',
    (_, { play }) => {
      const [direct, carried] = [remember(), remember()];
      const shown = detector.start(knobs[name], direct.sink, NO_RULES);
      const none = (): void => {};
      play({
        opened: (flow) => shown.opened?.(flow) ?? none(),
        answered: (flow) => shown.answered?.(flow) ?? none(),
        refused: (flow) => shown.refused?.(flow) ?? none(),
        event: (event) => shown.event?.(event) ?? none(),
        tick: (now) => shown.tick?.(now) ?? none(),
        relieve: () => shown.relieve?.() ?? none(),
      });
      play(carrier(detector.start(knobs[name], carried.sink, NO_RULES)));
      expect(carried.raised).toEqual(direct.raised);
    },
  );
});
