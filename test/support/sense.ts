// The sensor's spine in this process: frames in, EVE records out as objects, counters beside them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlowTimeouts } from '../../sensor/src/flow/timeouts.ts';
import type { Event } from '../../sensor/src/protocols/event.ts';
import { protocols } from '../../sensor/src/protocols/index.ts';
import type { Protocol } from '../../sensor/src/protocols/protocol.ts';
import { Sensor } from '../../sensor/src/sensor.ts';
import type { SensorOptions } from '../../sensor/src/sensor-options.ts';
import type { IsIndicator } from '../../sensor/src/sight/overload.ts';
import { type ScopeText, scopeOf } from '../../sensor/src/sight/scope.ts';
import { openCapture } from '../../sensor/src/sources/index.ts';
import { FrameBatch } from '../../sensor/src/sources/source.ts';
import type { WireRecord } from '../../sensor/src/wire/batch.ts';
import { leaves, type Profile } from '../../sensor/src/wire/field.ts';
import { type Eve, eveObject } from './eve-object.ts';
import type { Frame } from './packets/capture.ts';

export type { Eve } from './eve-object.ts';

export interface Sensed {
  readonly events: Eve[];
  readonly sensor: Sensor;
  of(type: string): Eve[];
}

export interface Setting {
  readonly profile?: Profile;
  readonly maxFlows?: number;
  readonly timeouts?: FlowTimeouts;
  readonly protocols?: readonly Protocol[];
  readonly scope?: ScopeText;
  readonly isIndicator?: IsIndicator;
  /** Takes alerts and series. */
  readonly record?: (record: WireRecord) => void;
  readonly detect?: SensorOptions['detect'];
}

/** A sensor whose events gather in a list. */
export function newSensor(setting: Setting = {}): Sensed {
  const { profile = 'lawful-order', maxFlows = 1 << 16, timeouts } = setting;
  const events: Eve[] = [];
  const gather = (event: Event) => {
    const fields = event.fields.filter((field) => leaves(profile, field.class));
    events.push({ ...eveObject(fields, event), time: event.time });
  };
  const sensor = new Sensor({
    protocols: setting.protocols ?? protocols,
    detect: setting.detect ?? (() => ({})),
    outputs: [
      {
        name: 'list',
        event: gather,
        ...(setting.record === undefined ? {} : { record: setting.record }),
        close: async () => {},
      },
    ],
    profile,
    scope: scopeOf(setting.scope),
    ...(setting.isIndicator === undefined ? {} : { isIndicator: setting.isIndicator }),
    shares: { flows: maxFlows, parsers: 4096, bufferBytes: 1 << 24 },
    ...(timeouts === undefined ? {} : { timeouts }),
  });
  return { events, sensor, of: (type) => events.filter((event) => event['event_type'] === type) };
}

/** One batch over a buffer of its own. */
export function batchOf(frames: readonly Frame[], link = 1): FrameBatch {
  const batch = new FrameBatch(Math.max(1, frames.length));
  batch.bytes = new Uint8Array(frames.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  for (const { time, bytes, wire = bytes.length } of frames) {
    const n = batch.count++;
    batch.bytes.set(bytes, at);
    batch.start[n] = at;
    batch.captured[n] = bytes.length;
    batch.wire[n] = wire;
    batch.time[n] = time;
    batch.link[n] = link;
    at += bytes.length;
  }
  return batch;
}

/** Everything these frames say, the flows' ends included. */
export function sense(frames: readonly Frame[], setting: Setting = {}): Sensed {
  // Room for every frame to be a flow, with one inside: a table for thousands takes longer to make than most talks.
  const sensed = newSensor({ maxFlows: Math.max(1024, 2 * frames.length), ...setting });
  sensed.sensor.frames(batchOf(frames));
  sensed.sensor.finish();
  return sensed;
}

/** The same through a capture file: its bytes are written out, read by the sources, and removed. */
export async function senseCapture(bytes: Uint8Array, setting: Setting = {}): Promise<Sensed> {
  const folder = mkdtempSync(join(tmpdir(), 'yagura-capture-'));
  try {
    const path = join(folder, 'x.pcap');
    writeFileSync(path, bytes);
    return await senseFile(path, setting);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function senseFile(path: string, setting: Setting = {}): Promise<Sensed> {
  const sensed = newSensor(setting);
  for await (const batch of openCapture(path).batches()) sensed.sensor.frames(batch);
  sensed.sensor.finish();
  return sensed;
}
