// The console as tests serve it: built from the sources as they are, into a folder of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

const CONSOLE = join(import.meta.dirname, '../../aggregator/console');

/** @returns the folder and how to remove it */
export async function buildConsole(): Promise<{ dist: string; remove(): void }> {
  const dist = mkdtempSync(join(tmpdir(), 'yagura-console-'));
  await build({ configFile: join(CONSOLE, 'vite.config.ts'), logLevel: 'error', build: { outDir: dist } });
  return { dist, remove: () => rmSync(dist, { recursive: true, force: true }) };
}
