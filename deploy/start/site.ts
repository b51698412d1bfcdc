// What `npm start` watches: a body, the authority under which it is watched, and its sensor.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Programs } from './programs.ts';

export interface Site {
  readonly body: string;
  readonly nameEn: string;
  readonly nameJa: string;
  readonly kind: string;
  readonly article: string;
  readonly instrument: string;
  /** Networks of the authority: alerts that touch none of them are refused. */
  readonly prefixes: readonly string[];
  readonly sensor: string;
}

/** A ministry that does not exist, with the addresses of the recorded captures. */
export const SAMPLE: Site = {
  body: 'sample-ministry',
  nameEn: 'Sample Ministry',
  nameJa: '見本省',
  kind: 'ministry',
  article: 'Basic Act on Cybersecurity, article 13',
  instrument: 'Sample order 1',
  prefixes: ['10.20.0.0/16', 'fd00::/8', '2001:db8::/32'],
  sensor: 'tap-1',
};

/** The network behind one of this machine's own interfaces. @throws Error when it has no address */
export function ownNetwork(name: string): Site {
  const prefixes = (networkInterfaces()[name] ?? []).flatMap(({ cidr }) => (cidr === null ? [] : [cidr]));
  if (prefixes.length === 0)
    throw new Error(
      `interface ${name} is not there or has no address: an authority needs at least one network`,
    );
  return {
    body: 'own-network',
    nameEn: 'Own network',
    nameJa: '自組織のネットワーク',
    kind: 'agency',
    article: "Consent of the network's owner",
    instrument: `npm start -- --interface ${name}`,
    prefixes,
    sensor: `live-${name.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')}`,
  };
}

/** Lasts hours; it stands first, so that the timeline before the other captures is not empty. */
const FIRST = 'tls-beacon';

/** The recorded captures in the order of the replay. */
export function recordedCaptures(root: string): string[] {
  const folder = join(root, 'test/captures');
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.pcap.zst'))
    .sort();
  const first = names.filter((name) => name.startsWith(FIRST));
  return [...first, ...names.filter((name) => !first.includes(name))].map((name) => join(folder, name));
}

/** True when an earlier start enrolled this sensor with the aggregator at this address. */
function isEnrolled(sensorState: string, ingest: string): boolean {
  const identity = join(sensorState, 'identity.json');
  if (!existsSync(identity)) return false;
  const { aggregators } = JSON.parse(readFileSync(identity, 'utf8')) as { aggregators: string[] };
  return aggregators.includes(ingest);
}

/** Makes the site's body, authority and sensor, as far as an earlier start did not. @returns the sensor's state folder */
export async function openSite(programs: Programs, site: Site, ingest: string): Promise<string> {
  const state = programs.sensorState(site.sensor);
  if (isEnrolled(state, ingest)) return state;
  const { body } = site;
  if (!(await programs.run('aggregator', ['list', 'bodies'])).includes(body)) {
    const names = ['--name-en', site.nameEn, '--name-ja', site.nameJa, '--kind', site.kind];
    await programs.run('aggregator', ['body', 'add', body, ...names]);
    const year = new Date().getUTCFullYear();
    const basis = ['--article', site.article, '--instrument', site.instrument];
    const dates = ['--from', `${year}-01-01`, '--until', `${year + 1}-04-01`];
    const prefixes = site.prefixes.flatMap((prefix) => ['--prefix', prefix]);
    await programs.run('aggregator', ['authority', 'add', '--body', body, ...basis, ...prefixes, ...dates]);
  }
  const token = await programs.run('aggregator', ['token', '--body', body, '--sensor', site.sensor]);
  await programs.run('sensor', ['enrol', '--aggregator', ingest, '--token', token, '--state', state]);
  return state;
}
