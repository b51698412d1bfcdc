// A file of rules as rules: one a line, unless a backslash at its end says that it goes on.

export interface Line {
  /** The rule in one piece: a backslash at the end of a line, and the line's end, are blanks here. */
  readonly text: string;
  /** Line of the file, from 1, that a character of `text` stands in; and its column. */
  position(at: number): { readonly line: number; readonly column: number };
}

const COMMENT = /^\s*#/;

/** The rules of a file; comments and empty lines are none. */
export function rulesOf(text: string): Line[] {
  const out: Line[] = [];
  const lines = text.split('\n');
  for (let n = 0; n < lines.length; n++) {
    const first = n;
    let piece = lines[n].replace(/\r$/, '');
    if (piece.trim() === '' || COMMENT.test(piece)) continue;
    const starts = [0];
    while (piece.endsWith('\\') && n + 1 < lines.length) {
      const next = lines[++n].replace(/\r$/, '');
      piece = `${piece.slice(0, -1)} `;
      starts.push(piece.length);
      piece += next;
    }
    out.push({
      text: piece,
      position(at) {
        let k = starts.length - 1;
        while (k > 0 && starts[k] > at) k--;
        return { line: first + k + 1, column: at - starts[k] + 1 };
      },
    });
  }
  return out;
}
