// Gives the console the privacy class of every field, read from the sensor's own declarations at build time.
import type { Plugin } from 'vite';
import { words } from 'yagura-sensor/rules';

const NAME = 'virtual:field-classes';

export function fieldClasses(): Plugin {
  return {
    name: 'yagura-field-classes',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load: (id) =>
      id === `\0${NAME}`
        ? `export default ${JSON.stringify(Object.fromEntries([...words.words].map(([path, field]) => [path, field.class])))}`
        : undefined,
  };
}
