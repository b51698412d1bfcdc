// Replacing a small file so that a crash at any moment leaves the old text or the new, never a mixture.
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes beside the file, makes that durable, renames it over the file and makes the rename durable.
 * One writer at a time for one path.
 * @param mode permission bits of the file
 */
export async function replaceFile(path: string, text: string, mode = 0o600): Promise<void> {
  const fresh = `${path}.new`;
  const file = await open(fresh, 'w', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
