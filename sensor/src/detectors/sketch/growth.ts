// How much a flow has grown since it was last told: long ones are told every few minutes, and once more at their end.
import type { FlowView } from '../../protocols/event.ts';
import { Key } from './key.ts';
import { Slots } from './slots.ts';

export class Growth {
  /** Payload bytes that are new, to the server and to the client. */
  sent = 0;
  received = 0;
  readonly #flows: Slots;
  readonly #sent;
  readonly #received;
  readonly #key = new Key();

  /** @param cap most long flows at a time; those above count twice at worst */
  constructor(cap: number) {
    this.#flows = new Slots(cap);
    this.#sent = this.#flows.floats();
    this.#received = this.#flows.floats();
  }

  /** @param isOver it is told for the last time */
  of(flow: FlowView, isOver: boolean): this {
    const key = this.#key.begin().word(flow.id);
    // Most flows are told once.
    const slot = isOver ? this.#flows.find(key) : this.#flows.claim(key);
    const { payload_toserver, payload_toclient } = flow;
    this.sent = payload_toserver;
    this.received = payload_toclient;
    if (slot < 0) return this;
    // Less than before: another recording numbers its flows from the beginning.
    this.sent -= Math.min(payload_toserver, this.#sent.cells[slot]);
    this.received -= Math.min(payload_toclient, this.#received.cells[slot]);
    this.#sent.cells[slot] = isOver ? 0 : payload_toserver;
    this.#received.cells[slot] = isOver ? 0 : payload_toclient;
    return this;
  }

  age(): void {
    this.#flows.age();
  }
}
