// Builds the web console when its sources are newer than what was built.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** @returns the folder with the built console. @throws Error when the build fails */
export function buildConsole(root: string): string {
  const folder = join(root, 'aggregator/console');
  const built = join(folder, 'dist');
  if (newest(join(folder, 'src')) <= newest(built)) return built;
  process.stderr.write('Building the console …\n');
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error('the console could not be built: see the message above');
  return built;
}

/** Latest change below a folder, ms since 1970; 0 when there is none. */
function newest(folder: string): number {
  if (!existsSync(folder)) return 0;
  let latest = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) latest = Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  return latest;
}
