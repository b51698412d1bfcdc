// The ends of a flow as words, read when the first rule asks, and whether they are those that a rule is about.
import type { FlowView } from '../../protocols/event.ts';
import { parseAddress } from '../prefix.ts';
import type { CompiledSignature } from './compiled.ts';
import type { AddressTest } from './header-tests.ts';
import type { AddressSpace } from './spaces.ts';

type Side = 0 | 1;

/** One end: version 0 until it was read, -1 when it has no address. */
class End {
  readonly words = new Uint32Array(4);
  version = 0;

  read(text: string): void {
    const words = parseAddress(text);
    this.version = words === undefined ? -1 : words.length === 1 ? 4 : 6;
    if (words !== undefined) this.words.set(words.length === 1 ? [0, 0, 0, words[0]] : words);
  }
}

export class Addresses {
  readonly #client = new End();
  readonly #server = new End();
  #flow!: FlowView;

  of(flow: FlowView): void {
    this.#flow = flow;
    this.#client.version = this.#server.version = 0;
  }

  /** Who sends on this way, or (`other`) receives. */
  #end(side: Side, isOther: boolean): End {
    const isServer = (side === 1) !== isOther;
    const end = isServer ? this.#server : this.#client;
    if (end.version === 0) end.read(isServer ? this.#flow.dest_ip : this.#flow.src_ip);
    return end;
  }

  get client(): End {
    return this.#end(0, false);
  }
  get server(): End {
    return this.#end(1, false);
  }

  /** Who sends on this way is in it. */
  isIn(space: AddressSpace, side: Side): boolean {
    const { version, words } = this.#end(side, false);
    return space.has(version, words);
  }

  fit(rule: CompiledSignature, side: Side): boolean {
    if (rule.version !== 0 && this.#end(0, false).version !== rule.version) return false;
    return this.#stands(rule, side) || (rule.isBoth && this.#stands(rule, side === 0 ? 1 : 0));
  }

  #stands({ ends }: CompiledSignature, side: Side): boolean {
    const flow = this.#flow;
    const { source, destination, sourcePorts, destinationPorts } = ends;
    if (sourcePorts?.has(side === 0 ? flow.src_port : flow.dest_port) === false) return false;
    if (destinationPorts?.has(side === 0 ? flow.dest_port : flow.src_port) === false) return false;
    if (source !== undefined && !this.isIn(source, side)) return false;
    return destination === undefined || this.isIn(destination, side === 0 ? 1 : 0);
  }

  answers({ which, ask }: AddressTest, side: Side): boolean {
    const of = (isOther: boolean): boolean => {
      const { words, version } = this.#end(side, isOther);
      return ask(words, version);
    };
    if (which === 'src') return of(false);
    if (which === 'dst') return of(true);
    return which === 'any' ? of(false) || of(true) : of(false) && of(true);
  }
}
