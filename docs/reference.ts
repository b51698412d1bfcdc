// `npm run reference`: writes docs/protocols.md anew from the registry of protocols.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { referencePage } from './page.ts';

writeFileSync(join(import.meta.dirname, 'protocols.md'), referencePage());
