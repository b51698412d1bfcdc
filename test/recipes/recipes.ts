// The recipes of CONTRIBUTING as data: the blocks of each, and how a block is written into a tree of sources.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Block {
  readonly kind: 'file' | 'diff';
  /** Path from the root. */
  readonly path: string;
  readonly text: string;
}

export interface Recipe {
  /** `protocol`, `header or a tunnel` … : what follows "How to add a". */
  readonly name: string;
  readonly blocks: readonly Block[];
}

/** Reads every `### How to add a …` with its fenced blocks that name a file. */
export function recipesOf(markdown: string): Recipe[] {
  return markdown
    .split(/^### How to add an? /m)
    .slice(1)
    .map((section) => ({
      name: section.slice(0, section.indexOf('\n')),
      blocks: [...section.matchAll(/^```(\w+) (\S+)\n([\s\S]*?)^```$/gm)].map(
        ([, language, path, text]): Block => ({ kind: language === 'diff' ? 'diff' : 'file', path, text }),
      ),
    }));
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `…` stands for anything up to the next bracket, and keeps it. */
function patch(text: string, hunk: string, path: string): string {
  const lines = hunk.split('\n').filter((line) => line !== '');
  const side = (mark: string): string =>
    lines
      .filter((line) => line.startsWith(' ') || line.startsWith(mark))
      .map((line) => line.slice(1))
      .join('\n');
  const pattern = new RegExp(`(?<=^|\\n)${escaped(side('-')).replaceAll('…', '([^\\]]*?),?\\s*')}`, 'g');
  const places = [...text.matchAll(pattern)];
  if (places.length !== 1)
    throw new Error(`${path}: the recipe's lines stand there ${places.length} times:\n${side('-')}`);
  const [whole, kept = ''] = places[0];
  return text.replace(whole, () => side('+').replace('…', () => kept));
}

/** Writes a block into the tree below `root`. @throws Error when a new file exists, or changed lines are not found */
export function stamp(root: string, { kind, path, text }: Block): void {
  const file = join(root, path);
  if (kind === 'file') {
    if (existsSync(file)) throw new Error(`${path} exists: the recipe needs another example`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  let changed = readFileSync(file, 'utf8');
  for (const hunk of text.split(/^@@\n/m)) changed = patch(changed, hunk, path);
  writeFileSync(file, changed);
}
