// Gives the console the privacy class of every field that may be withheld, from the sensor's own declarations, at build time.
import type { Plugin } from 'vite';
import { words } from 'yagura-sensor/rules';
import { leaves } from 'yagura-sensor/wire';

const NAME = 'virtual:field-classes';

/** One field in six: what leaves under the strictest profile is never shown as withheld. */
const withheld = (): object =>
  Object.fromEntries(
    [...words.words]
      .filter(([, field]) => !leaves('strict', field.class))
      .map(([path, field]) => [path, field.class]),
  );

export function fieldClasses(): Plugin {
  return {
    name: 'yagura-field-classes',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load: (id) => (id === `\0${NAME}` ? `export default ${JSON.stringify(withheld())}` : undefined),
  };
}
