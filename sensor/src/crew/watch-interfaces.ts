// A worker at interfaces: its sockets of their fanout groups, until it is told to stop.
import { setImmediate as immediately } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import type { BuiltLists } from '../rules/index.ts';
import { openAfPacket } from '../sources/afpacket/afpacket.ts';
import type { Held } from '../sources/afpacket/options.ts';
import type { LiveSource, LiveState, LiveStatistics } from '../sources/source.ts';
import { type Figures, figuresOf } from './figures.ts';
import type { Shed } from './outlet.ts';
import type { Listening, Work, Workplace } from './work.ts';

/** What a worker at interfaces says. */
export type Said =
  | { readonly says: 'holds'; readonly held: Held }
  | { readonly says: 'leaves'; readonly held: Held }
  | { readonly says: 'ready'; readonly warnings: readonly string[] }
  | { readonly says: 'line'; readonly line: string }
  | { readonly says: 'state'; readonly state: WorkerState };

export interface WorkerState {
  readonly figures: Figures;
  readonly shed: Shed;
  /** By the name of the interface in the settings. */
  readonly interfaces: Readonly<Record<string, LiveStatistics & { readonly state: LiveState }>>;
}

/** What it is told. */
export type Told =
  | { readonly tells: 'stop' }
  | { readonly tells: 'reopen' }
  | { readonly tells: 'rules'; readonly paths: readonly string[]; readonly lists: BuiltLists };

/** ms between two signs of life, and between two accounts of itself. */
const BEAT_EVERY = 100;
const TELL_EVERY = 1000;
/** µs by which packet time stays behind the wall clock where no packet brings it: others may be on their way. */
const LAG = 2e6;

/** @throws SensorError what an interface cannot be opened for */
export async function watchInterfaces(
  place: Workplace,
  interfaces: readonly Listening[],
  port: MessagePort,
): Promise<Work> {
  const { sensor, signals, member } = place;
  const say = (said: Said): void => port.postMessage(said);
  const sources = new Map(interfaces.map((one) => [one.name, open(one, member.workers, say)]));
  port.on('message', (told: Told) => {
    if (told.tells === 'stop') for (const source of sources.values()) source.close();
    else if (told.tells === 'reopen') void place.reopenEvents();
    else
      place.changeRules(told.paths, told.lists).catch((error) => say({ says: 'line', line: String(error) }));
  });
  const beat = setInterval(() => signals.beat(member.number, Date.now()), BEAT_EVERY);
  const tell = setInterval(() => {
    feel(place, sources);
    // Nobody knows whether the clock of a packet is that of the wall, before there is one.
    if (!Number.isNaN(sensor.now)) sensor.advance(Date.now() * 1000 - LAG);
    place.flush();
    say({ says: 'state', state: stateOf(place, sources) });
  }, TELL_EVERY);
  signals.beat(member.number, Date.now());
  say({ says: 'ready', warnings: [...sources.values()].flatMap(({ warnings = [] }) => warnings) });
  await Promise.all([...sources.values()].map((source) => take(place, source)));
  clearInterval(beat);
  clearInterval(tell);
  const account = stateOf(place, sources);
  const done = await place.finish();
  say({ says: 'state', state: { ...account, figures: done.figures } });
  return { ...done, said: [], failed: false };
}

function open(one: Listening, size: number, say: (said: Said) => void): LiveSource {
  const { name, filter, snapLength, group } = one;
  return openAfPacket({
    interface: one.interface,
    snapLength,
    ...(filter !== undefined && { filter }),
    fanout: { group, size },
    opened: (held) => say({ says: 'holds', held }),
    closing: (held) => say({ says: 'leaves', held }),
    tell: (line) => say({ says: 'line', line: `${name}: ${line}` }),
  });
}

async function take({ sensor, signals, member }: Workplace, source: LiveSource): Promise<void> {
  for await (const batch of source.batches()) {
    sensor.overload.feel(source.name, source.pressure?.() ?? 0, performance.now());
    sensor.frames(batch);
    signals.beat(member.number, Date.now());
    // What is always there would leave the other interfaces, and what it is told, no turn.
    await immediately();
  }
}

function feel({ sensor }: Workplace, sources: ReadonlyMap<string, LiveSource>): void {
  sensor.lost = 0;
  for (const source of sources.values()) {
    sensor.lost += source.dropped();
    sensor.overload.feel(source.name, source.pressure?.() ?? 0, performance.now());
  }
}

const stateOf = ({ sensor, outlet }: Workplace, sources: ReadonlyMap<string, LiveSource>): WorkerState => ({
  figures: figuresOf(sensor),
  shed: { ...outlet.shed },
  interfaces: Object.fromEntries(
    [...sources].map(([name, source]) => [name, { ...source.statistics(), state: source.state?.() ?? 'up' }]),
  ),
});
