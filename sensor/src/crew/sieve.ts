// What of a worker's events the detecting thread must see: those that a rule or an indicator holds for, whole, and of the
// others what detectors look at.
import type { Detector } from '../detectors/detector.ts';
import { detectors } from '../detectors/index.ts';
import { SignatureMatch } from '../detectors/signature-match.ts';
import type { Event, Field } from '../protocols/event.ts';
import { recordFields } from '../protocols/index.ts';
import { slotOf } from '../protocols/told.ts';
import type { RuleSet } from '../rules/index.ts';

/** A field, and its place among all of them. */
export interface Slotted {
  readonly field: Field;
  readonly slot: number;
}

const slotted = (fields: readonly Field[]): Slotted[] =>
  fields.map((field) => ({ field, slot: slotOf(field.name) }));

/** Event type → all its fields but the envelope's, which are those of its flow. */
const WHOLE: ReadonlyMap<string, readonly Slotted[]> = new Map(
  Object.entries(recordFields).map(([type, fields]) => [
    type,
    // The fields of a flow are read of its row.
    type === 'flow' || type === 'flow_update' ? [] : slotted(fields),
  ]),
);

/** Event type → the fields that detectors look at. */
function lookedAt(all: readonly Detector[]): Map<string, readonly Slotted[]> {
  const names = new Map<string, Set<string>>();
  const whole = new Set<string>();
  for (const { looksAt } of all)
    for (const [type, fields] of Object.entries(looksAt)) {
      if (fields === 'whole') whole.add(type);
      names.set(type, new Set([...(names.get(type) ?? []), ...(fields === 'whole' ? [] : fields)]));
    }
  return new Map(
    [...names].map(([type, wanted]) => {
      const fields = WHOLE.get(type) ?? [];
      return [type, whole.has(type) ? fields : fields.filter(({ field }) => wanted.has(field.name))];
    }),
  );
}

export class Sieve {
  readonly #rules: RuleSet;
  readonly #looked = lookedAt(detectors);
  readonly #signatures: SignatureMatch | undefined;
  #holds = false;
  readonly #hit = (): void => {
    this.#holds = true;
  };

  constructor(rules: RuleSet) {
    this.#rules = rules;
    if (rules.signatures.rules.length > 0)
      this.#signatures = new SignatureMatch(rules.signatures, { raise: () => {} });
  }

  /** A rule or an indicator holds for it. Correlations count such events, and no others. */
  matches(event: Event): boolean {
    const { rows, dispatch, lookups } = this.#rules;
    const { type } = event;
    this.#holds = false;
    rows.get(type)?.at(event);
    dispatch.get(type)?.match(this.#hit);
    if (!this.#holds) lookups.get(type)?.find(this.#hit);
    const isFound = this.#signatures?.mayHold(event) ?? false;
    return this.#holds || isFound;
  }

  /** Of the event that was just looked at: the Suricata rules that may hold for it; undefined when none are loaded. */
  get signatures(): readonly string[] | undefined {
    return this.#signatures?.found;
  }

  /** Suricata's rules that look at packets; undefined when there are none. */
  get packets(): SignatureMatch | undefined {
    return this.#rules.signatures.ofScope.packet.length > 0 ? this.#signatures : undefined;
  }

  /** What goes over of an event; undefined when nothing does. */
  fieldsOf(event: Event, isMatched: boolean): readonly Slotted[] | undefined {
    return (isMatched ? WHOLE : this.#looked).get(event.type);
  }
}
