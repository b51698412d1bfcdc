// `npm run build`: the sensor as it is installed: its sources joined into a few files of JavaScript, which start in half
// the time and a third less memory than four hundred files that are stripped of their types one by one.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const SENSOR = join(import.meta.dirname, '../../sensor');
const OUT = join(SENSOR, 'dist');

rmSync(OUT, { recursive: true, force: true });
const bundle = await rolldown({
  input: {
    main: join(SENSOR, 'src/main.ts'),
    worker: join(SENSOR, 'src/crew/worker.ts'),
    'list-builder': join(SENSOR, 'src/rules/list-builder.ts'),
  },
  platform: 'node',
  // What is not ours is installed beside it.
  external: /^(?!\.{0,2}\/)/,
});
await bundle.write({
  dir: OUT,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
});
await bundle.close();
process.stdout.write(`built ${OUT}\n`);
