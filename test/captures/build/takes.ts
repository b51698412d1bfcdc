// The captures that are built, by name: each attack with its counterpart of ordinary days.
import * as baseline from './baseline.ts';
import * as databases from './databases.ts';
import * as domain from './domain.ts';
import * as industrial from './industrial.ts';
import * as intrusion from './intrusion.ts';
import * as outward from './outward.ts';
import * as recon from './recon.ts';
import type { Take } from './scene.ts';

export const takes: Readonly<Record<string, () => Take>> = {
  'built-baseline': baseline.attack,
  'built-baseline-normal': baseline.normal,
  'built-databases': databases.attack,
  'built-databases-normal': databases.normal,
  'built-domain': domain.attack,
  'built-domain-normal': domain.normal,
  'built-industrial': industrial.attack,
  'built-industrial-normal': industrial.normal,
  'built-intrusion': intrusion.attack,
  'built-intrusion-normal': intrusion.normal,
  'built-outward': outward.attack,
  'built-outward-normal': outward.normal,
  'built-recon': recon.attack,
  'built-recon-normal': recon.normal,
};
