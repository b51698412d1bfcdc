// Up to when a sensor watched: the time of a file beside its spool, so that the next run can say since when nobody did.
import { closeSync, futimesSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';

const NAME = 'watched-until';

export class Mark {
  readonly #path: string;

  /** @param folder of the sensor's state */
  constructor(folder: string) {
    this.#path = join(folder, NAME);
  }

  /** ms since 1970; undefined before the first run. */
  last(): number | undefined {
    return statSync(this.#path, { throwIfNoEntry: false })?.mtimeMs;
  }

  /** A folder that cannot be written to is the spool's to complain of. */
  set(now: number): void {
    try {
      const fd = openSync(this.#path, 'a', 0o600);
      futimesSync(fd, now / 1000, now / 1000);
      closeSync(fd);
    } catch {
      // Then the next run tells more as blind than there was.
    }
  }
}
