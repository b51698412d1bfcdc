// What is wrong with a rule of Suricata: no Suricata would take it, or it asks for what is not kept here.

/** `invalid`: it breaks the rules of the language. `unsupported`: it is right, and cannot be answered from metadata. */
export class RuleFault extends Error {
  readonly kind: 'invalid' | 'unsupported';
  /** Character of the rule that it begins at. */
  readonly at: number;
  /** The word that is to blame. */
  readonly keyword: string;

  constructor(kind: 'invalid' | 'unsupported', keyword: string, what: string, at: number) {
    super(what);
    this.kind = kind;
    this.keyword = keyword;
    this.at = at;
  }
}

export const invalid = (keyword: string, what: string, at: number): RuleFault =>
  new RuleFault('invalid', keyword, what, at);
export const unsupported = (keyword: string, what: string, at: number): RuleFault =>
  new RuleFault('unsupported', keyword, what, at);
