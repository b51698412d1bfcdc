// What cases of detectors are made of: attempts, conversations, questions, and calls with jitter.

import type { Watch } from '../../sensor/src/detectors/detector.ts';
import type { FlowView } from '../../sensor/src/protocols/event.ts';
import { at, event, flow } from '../support/stage.ts';

/** Plays traffic to a watch; time in seconds of the stage's day. */
export type Play = (watch: Required<Watch>) => void;

export interface Case {
  readonly detector: string;
  readonly name: string;
  /** Ids of the alerts, in order; empty when it must stay silent. */
  readonly raises: readonly string[];
  readonly play: Play;
}

export const of = (detector: string, list: readonly Omit<Case, 'detector'>[]): Case[] =>
  list.map((c) => ({ detector, ...c }));

export const INSIDE = '10.1.0.7';
export const times = (count: number, each: (i: number) => void): void => {
  for (let i = 0; i < count; i++) each(i);
};

/** A first packet at `t` and what came of it. */
export function attempt(
  watch: Required<Watch>,
  t: number,
  outcome: 'refused' | 'answered' | 'nothing',
  given: Partial<FlowView>,
): void {
  const opened = flow({ start: at(t), last: at(t), ...given });
  watch.tick(at(t));
  watch.opened(opened);
  if (outcome !== 'nothing') watch[outcome]({ ...opened, last: at(t + 0.01) });
}

/** A connection that both sides spoke in and that ended. */
export function talk(watch: Required<Watch>, t: number, given: Partial<FlowView>, name?: string): void {
  const start = at(t);
  const about = flow({
    start,
    last: start + 400_000,
    payload_toserver: 600,
    payload_toclient: 900,
    state: 'closed',
    ...given,
  });
  if (name !== undefined) watch.event(event('tls', { 'tls.sni': name }, start + 50_000, about));
  watch.event(event('flow', {}, about.last, about));
}

/** A question, or what came back. */
export function asked(
  watch: Required<Watch>,
  t: number,
  name: string,
  type = 'request',
  rrtype = 'A',
  src_ip = INSIDE,
  answer: Readonly<Record<string, unknown>> = {},
): void {
  const about = flow({ protocol: 17, src_ip, dest_ip: '10.1.0.53', dest_port: 53, start: at(t) });
  const values = {
    'dns.type': type,
    'dns.queries.rrname': [name],
    'dns.queries.rrtype': [rrtype],
    ...answer,
  };
  watch.event(event('dns', values, at(t), about));
}

const SECONDS_A_DAY = 86_400;
/** Days pass in which the sensor watches, ten minutes at a time. @returns when they are over, s */
export function passDays(watch: Required<Watch>, days: number, from = 0): number {
  const end = from + days * SECONDS_A_DAY;
  for (let t = from; t <= end; t += 600) watch.tick(at(t));
  return end;
}

/** The same numbers in every run, between -1 and 1. */
export function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Calls every `gap` seconds, each off by up to `jitter` of it. */
export function calls(
  watch: Required<Watch>,
  count: number,
  gap: number,
  jitter: number,
  given: Partial<FlowView>,
  name?: string,
): void {
  const random = noise(7);
  let t = 100;
  times(count, () => {
    talk(watch, t, given, name);
    t += gap * (1 + jitter * random());
  });
}
