// How old the rules are: the age of the newest file among them, since a pack that is kept up changes somewhere.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MAX_DEPTH = 8;

/** ms since 1970 of the newest file; undefined when there is none that can be read. */
export function newestFile(paths: readonly string[], depth = 0): number | undefined {
  let newest: number | undefined;
  for (const path of paths) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    // Ends: folders are followed to a bounded depth, and hold what they hold.
    const found = !stat.isDirectory()
      ? stat.mtimeMs
      : depth < MAX_DEPTH
        ? newestFile(
            readdirSync(path).map((name) => join(path, name)),
            depth + 1,
          )
        : undefined;
    if (found !== undefined && found > (newest ?? 0)) newest = found;
  }
  return newest;
}
