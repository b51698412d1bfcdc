// Many texts looked for at once: the automaton of Aho and Corasick, one step per character however many texts there are.

/** Fewer texts than this are looked for one by one. */
export const MANY = 6;
/** Table entries (states × classes of characters); above this the texts are looked for one by one. */
const MAX_ENTRIES = 1_000_000;

/** @returns a test whether any of the texts (none empty) stands in a text; undefined when the automaton would be too large */
export function containsAny(texts: readonly string[]): ((text: string) => boolean) | undefined {
  // Class 0: characters that stand in none of the texts.
  const classes = new Map<number, number>();
  const ascii = new Uint8Array(128);
  for (const text of texts)
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (!classes.has(c)) classes.set(c, classes.size + 1);
    }
  const width = classes.size + 1;
  const most = 1 + texts.reduce((sum, text) => sum + text.length, 0);
  if (width > 255 || most * width > MAX_ENTRIES) return undefined;
  for (const [c, n] of classes) if (c < 128) ascii[c] = n;

  // Half the room where it does: a large rule set has thousands of these.
  const next = new (most < 2 ** 15 ? Int16Array : Int32Array)(most * width).fill(-1);
  const found = new Uint8Array(most);
  let states = 1;
  for (const text of texts) {
    let at = 0;
    for (let i = 0; i < text.length; i++) {
      const entry = at * width + classes.get(text.charCodeAt(i))!;
      if (next[entry] < 0) next[entry] = states++;
      at = next[entry];
    }
    found[at] = 1;
  }
  // Breadth first: what is missing is taken from the state of the longest suffix, which is shorter and done already.
  const suffix = new Int32Array(states);
  const queue: number[] = [0];
  for (const at of queue)
    for (let c = 0; c < width; c++) {
      const entry = at * width + c;
      const fallback = at === 0 ? 0 : next[suffix[at] * width + c];
      const to = next[entry];
      if (to < 0) next[entry] = fallback;
      else {
        suffix[to] = fallback;
        if (found[fallback] === 1) found[to] = 1;
        queue.push(to);
      }
    }

  return (text) => {
    let at = 0;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      at = next[at * width + (c < 128 ? ascii[c] : (classes.get(c) ?? 0))];
      if (found[at] === 1) return true;
    }
    return false;
  };
}
