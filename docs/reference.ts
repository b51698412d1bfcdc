// `npm run reference`: writes docs/protocols.md and the catalogue of rules anew from what the code and the packs say.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from './catalogue.ts';
import { referencePage } from './page.ts';

const RULES = join(import.meta.dirname, '../rules');
const { page, layer } = catalogue();
writeFileSync(join(import.meta.dirname, 'protocols.md'), referencePage());
writeFileSync(join(RULES, 'CATALOGUE.md'), page);
writeFileSync(join(RULES, 'navigator.json'), layer);
