// The sample body of `npm start`: a ministry that does not exist, its authority, its sensor, and what it records.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Programs } from './programs.ts';

const BODY = 'sample-ministry';
const SENSOR = 'tap-1';
/** Addresses of the recorded captures' inside. */
const PREFIXES = ['10.20.0.0/16', 'fd00::/8', '2001:db8::/32'];
/** Lasts hours; it stands first, so that the timeline before the other captures is not empty. */
const FIRST = 'tls-beacon';

export const SAMPLE = {
  /** The recorded captures in the order of the replay. */
  captures(root: string): string[] {
    const folder = join(root, 'test/captures');
    const names = readdirSync(folder)
      .filter((name) => name.endsWith('.pcap.zst'))
      .sort();
    const first = names.filter((name) => name.startsWith(FIRST));
    return [...first, ...names.filter((name) => !first.includes(name))].map((name) => join(folder, name));
  },
};

/** Makes the body, its authority and its sensor, unless an earlier start did. */
export async function addSampleBody(programs: Programs, ingest: string): Promise<void> {
  if (existsSync(join(programs.sensorState, 'identity.json'))) return;
  const year = new Date().getUTCFullYear();
  const bodies = await programs.run('aggregator', ['list', 'bodies']);
  if (!bodies.includes(BODY)) {
    await programs.run('aggregator', [
      'body',
      'add',
      BODY,
      '--name-en',
      'Sample Ministry',
      '--name-ja',
      '見本省',
      '--kind',
      'ministry',
    ]);
    await programs.run('aggregator', [
      'authority',
      'add',
      '--body',
      BODY,
      '--article',
      'Basic Act on Cybersecurity, article 13',
      '--instrument',
      'Sample order 1',
      ...PREFIXES.flatMap((prefix) => ['--prefix', prefix]),
      '--from',
      `${year}-01-01`,
      '--until',
      `${year + 1}-04-01`,
    ]);
  }
  const token = await programs.run('aggregator', ['token', '--body', BODY, '--sensor', SENSOR]);
  await programs.run('sensor', [
    'enrol',
    '--aggregator',
    ingest,
    '--token',
    token,
    '--state',
    programs.sensorState,
  ]);
}
