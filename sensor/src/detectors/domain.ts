// The part of a name that somebody registered, and what stands before it.

/** Second levels under which countries register names (`go.jp`, `co.uk`). A shape, not the public suffix list. */
const SECOND = new Set(
  'ac ad co com ed edu go gob gov gr lg mil ne net nhs nic nom or org plc sch'.split(' '),
);

export interface NameParts {
  /** `example.co.jp` */
  readonly registered: string;
  /** What stands before it, without the dot; empty when nothing does. */
  readonly below: string;
}

/** The name split last: several detectors ask of the same event. */
let lastName = '';
let lastParts: NameParts | undefined;

/** Splits a name; undefined for names of one label, reverse names (`in-addr.arpa`) and the root. */
export function splitName(name: string): NameParts | undefined {
  if (name === lastName) return lastParts;
  lastName = name;
  return (lastParts = partsOf(name));
}

function partsOf(name: string): NameParts | undefined {
  const text = name.endsWith('.') ? name.slice(0, -1) : name;
  const last = text.lastIndexOf('.');
  if (last <= 0) return undefined;
  const top = text.slice(last + 1).toLowerCase();
  if (top === 'arpa') return undefined;
  let cut = text.lastIndexOf('.', last - 1);
  if (cut > 0 && top.length === 2 && SECOND.has(text.slice(cut + 1, last).toLowerCase()))
    cut = text.lastIndexOf('.', cut - 1);
  return cut < 0
    ? { registered: text.toLowerCase(), below: '' }
    : { registered: text.slice(cut + 1).toLowerCase(), below: text.slice(0, cut) };
}
