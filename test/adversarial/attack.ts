// An attack with one property that its author may turn to stay unseen, and the actors who play it.
import type { Watch } from '../../sensor/src/detectors/detector.ts';
import type { FlowView } from '../../sensor/src/protocols/event.ts';
import { Random } from '../fuzz/random.ts';
import { at, event, flow } from '../support/stage.ts';

export interface Attack {
  /** The detector that should tell it. */
  readonly detector: string;
  /** What the attacker does, in a few words. */
  readonly title: string;
  /** What is turned, with its unit. */
  readonly turned: string;
  /** From the plain attack to the best hidden one. */
  readonly values: readonly number[];
  /** @param value one of `values` */
  readonly play: (stage: Stage, value: number) => void;
}

export const ATTACKER = '203.0.113.5';
export const HOST = '10.1.0.7';
export const C2 = '198.51.100.9';

/** How many take part. */
export const CROWDS = [1, 2, 4, 8, 16, 32, 64, 128] as const;

export const times = (count: number, each: (i: number) => void): void => {
  for (let i = 0; i < count; i++) each(i);
};

/** Where attacks are played: seconds of a day go in, what a sensor would tell its detectors comes out, in order. */
export class Stage {
  readonly #random: Random;
  readonly #watch: Required<Watch>;
  readonly #moments: { time: number; happen: () => void }[] = [];

  constructor(watch: Required<Watch>, seed: number) {
    this.#watch = watch;
    this.#random = new Random(seed);
  }

  /** From 0 up to 1, the same in every run of one seed. */
  random(): number {
    return this.#random.below(2 ** 30) / 2 ** 30;
  }

  /** Plays everything that was asked for, from the earliest on, and lets time go on for a while. */
  end(): void {
    const moments = this.#moments.toSorted((a, b) => a.time - b.time);
    let second = moments[0]?.time ?? 0;
    const until = (moments.at(-1)?.time ?? 0) + 7_200e6;
    for (const { time, happen } of moments) {
      // Ends: time between two moments is a bounded number of seconds, and long silences are crossed in minutes.
      for (; second < time; second += time - second > 600e6 ? 60e6 : 1e6) this.#watch.tick(second);
      happen();
    }
    for (; second < until; second += 60e6) this.#watch.tick(second);
  }

  /** A value that strays by a share of itself, both ways alike. */
  stray(value: number, share: number): number {
    return value * (1 + share * (2 * this.random() - 1));
  }

  /** Somebody knocks: the flow opens, and perhaps an answer or a refusal follows. */
  knock(second: number, outcome: 'refused' | 'answered' | 'nothing', given: Partial<FlowView>): void {
    const start = at(second);
    const about = flow({ start, last: start, ...given });
    this.#at(start, () => this.#watch.opened(about));
    if (outcome !== 'nothing')
      this.#at(start + 10_000, () => this.#watch[outcome]({ ...about, last: start + 10_000 }));
    this.#at(start + 60e6, () =>
      this.#watch.event(
        event(
          'flow',
          {},
          start + 60e6,
          flow({
            ...about,
            pkts_toclient: outcome === 'nothing' ? 0 : 1,
            state: outcome === 'answered' ? 'established' : 'new',
          }),
        ),
      ),
    );
  }

  /** A connection that both sides speak in, with what is seen in it. */
  talk(
    second: number,
    given: Partial<FlowView>,
    ...events: readonly (readonly [type: string, values: Record<string, unknown>])[]
  ): void {
    const start = at(second);
    const about = flow({
      ...{ start, last: start + 400_000, payload_toserver: 600, payload_toclient: 900, state: 'closed' },
      ...{ pkts_toserver: 6, pkts_toclient: 6, tcp_flags_ts: 0x1b, tcp_flags_tc: 0x1b },
      ...given,
    });
    const whole = {
      ...about,
      bytes_toserver: about.payload_toserver + 40 * about.pkts_toserver,
      bytes_toclient: about.payload_toclient + 40 * about.pkts_toclient,
    };
    this.#at(start, () => this.#watch.opened(whole));
    this.#at(start + 10_000, () => this.#watch.answered(whole));
    for (const [type, values] of events)
      this.#at(start + 50_000, () => this.#watch.event(event(type, values, start + 50_000, whole)));
    this.#at(whole.last, () => this.#watch.event(event('flow', {}, whole.last, whole)));
  }

  /** A question to the resolver of the house, and its answer. */
  ask(second: number, name: string, more: Record<string, unknown> = {}, given: Partial<FlowView> = {}): void {
    const time = at(second);
    const about = flow({
      protocol: 17,
      src_ip: HOST,
      dest_ip: '10.1.0.53',
      dest_port: 53,
      start: time,
      last: time,
      ...given,
    });
    const question = { 'dns.queries.rrname': [name], 'dns.queries.rrtype': ['A'], ...more };
    this.#at(time, () =>
      this.#watch.event(event('dns', { 'dns.type': 'request', ...question }, time, about)),
    );
    this.#at(time + 20_000, () =>
      this.#watch.event(
        event('dns', { 'dns.type': 'response', 'dns.rcode': 'NOERROR', ...question }, time + 20_000, about),
      ),
    );
  }

  /** A record of a protocol, of a flow that says nothing else. */
  say(second: number, type: string, values: Record<string, unknown>, given: Partial<FlowView> = {}): void {
    const time = at(second);
    const about = flow({ start: time, last: time, ...given });
    this.#at(time, () => this.#watch.event(event(type, values, time, about)));
  }

  #at(time: number, happen: () => void): void {
    this.#moments.push({ time, happen });
  }
}
