// Keys of 64 bits of what detectors count by (addresses, ports, names), made without a text: two words in a reused object.
//
// The same parts give the same key in every run, so a replay counts as the live wire did. Two keys that differ meet by
// chance once in 2⁶⁴; what somebody makes meet on purpose is counted together, which hides nothing from anybody.
import { TableFlowView } from '../../flow/view.ts';
import type { FlowView } from '../../protocols/event.ts';
import { parseAddress } from '../../rules/prefix.ts';

export class Key {
  high = 0;
  low = 0;

  /** Begins a key. @param kind tells keys of one table apart that are made of different things */
  begin(kind = 0): this {
    this.high = 0x2f0b4f75 ^ kind;
    this.low = 0x7ed55d16;
    return this;
  }

  word(word: number): this {
    // The steps of MurmurHash3 (Appleby), in two lanes with different factors.
    let high = Math.imul(word, 0xcc9e2d51);
    high = this.high ^ Math.imul((high << 15) | (high >>> 17), 0x1b873593);
    this.high = (Math.imul((high << 13) | (high >>> 19), 5) + 0xe6546b64) | 0;
    let low = Math.imul(word, 0x239b961b);
    low = this.low ^ Math.imul((low << 16) | (low >>> 16), 0x38b34ae5);
    this.low = (Math.imul((low << 17) | (low >>> 15), 5) + 0x561ccd1b + this.high) | 0;
    return this;
  }

  /** Letters from `from` on, in lower case as far as ASCII goes. */
  text(text: string, from = 0): this {
    for (let i = from; i < text.length; i++) {
      const c = text.charCodeAt(i);
      this.word(c >= 65 && c <= 90 ? c | 32 : c);
    }
    return this.word(text.length - from);
  }

  source(flow: FlowView): this {
    return this.#address(flow, true);
  }

  destination(flow: FlowView): this {
    return this.#address(flow, false);
  }

  /** An address of which all four words are at hand. @param version of IP; of version 4 only the last word counts */
  address(words: Uint32Array, at: number, version: number): this {
    for (let i = version === 4 ? 3 : 0; i < 4; i++) this.word(words[at + i]);
    return this;
  }

  /** The sum of all, in 32 bits: for bitmaps and small sets. */
  get short(): number {
    let h = this.high ^ this.low;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  }

  #address(flow: FlowView, ofClient: boolean): this {
    if (flow instanceof TableFlowView) {
      if (flow.version !== 4) for (let i = 0; i < 3; i++) this.word(flow.addressWord(ofClient, i));
      return this.word(flow.addressWord(ofClient, 3));
    }
    const text = ofClient ? flow.src_ip : flow.dest_ip;
    const words = parseAddress(text);
    if (words === undefined) return this.text(text);
    for (const word of words) this.word(word);
    return this;
  }
}
