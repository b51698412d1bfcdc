// Under which authority a body's sensors may send right now; asked for every batch.

import type { Vocabulary, Warrant } from '../../alerts/flight.ts';
import { type Authority, current, statusOf } from '../../authority/authority.ts';
import { Scope } from '../../authority/scope.ts';
import { Problem } from '../../errors.ts';
import type { Records } from '../../stores/records/index.ts';

const REFUSAL = {
  none: 'authority_missing',
  lapsed: 'authority_lapsed',
  not_yet: 'authority_not_yet',
} as const;

export class Warrants {
  readonly #records: Records;
  readonly #vocabulary: Vocabulary;
  /** Compiled networks by authority; an authority's record never changes, a renewal is a new one. */
  readonly #scopes = new Map<string, Scope>();

  constructor(records: Records, vocabulary: Vocabulary) {
    this.#records = records;
    this.#vocabulary = vocabulary;
  }

  /** @throws Problem authority_missing, authority_lapsed, authority_not_yet */
  async of(body: string, at: number): Promise<Warrant> {
    const authority = current(await this.#records.authorities(body), at);
    const status = statusOf(authority, at);
    if (authority === undefined || status === 'none') throw new Problem('authority_missing');
    if (status !== 'valid') throw new Problem(REFUSAL[status], `${authority.id} does not hold now.`);
    return { authority, scope: this.#scopeOf(authority), vocabulary: this.#vocabulary };
  }

  #scopeOf({ id, prefixes }: Authority): Scope {
    let scope = this.#scopes.get(id);
    if (scope === undefined) this.#scopes.set(id, (scope = new Scope(prefixes)));
    return scope;
  }
}
