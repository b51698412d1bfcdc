// All formats in which events are written: a new one is one file and one line here.
import { eve } from './eve.ts';
import type { EventFormat } from './output.ts';

export const eventFormats = [eve] as const satisfies readonly EventFormat[];
