// tshark finds in every wrapping what our decoder finds there: the builder writes what others read.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NOON, pcap } from '../support/packets/capture.ts';
import { ethernet, ip } from '../support/packets/frame.ts';
import { STACKS, TUNNELS } from '../support/packets/stacks.ts';

/** What tshark 4.0 does not look into by itself. */
const UNREAD: Readonly<Record<string, string>> = {
  'VXLAN on the old port of Linux': 'knows the registered port only',
  'Teredo between peers': 'knows the port of servers only',
  'CAPWAP around 802.11': 'takes frame control for swapped, as its preference says',
  'labels at once': 'has no reader for this link type',
  "OpenBSD's filter": 'reads the header, whose fields the test leaves empty',
  'OpenBSD within IPsec': 'goes by the address family, which the test leaves empty',
  'a probe of netANALYZER': 'checks the header of the probe, which the test leaves empty',
  FireWire: 'has no reader for the addresses that the test leaves empty',
};
const OUTER = { src: '192.0.2.1', dest: '192.0.2.2' };
const all = [
  ...TUNNELS.map(([name, tunnel]) => ({ name, link: 1, bytes: ethernet(ip(OUTER, tunnel)) })),
  ...STACKS.map(([name, link, bytes]) => ({ name, link, bytes })),
].filter(({ name }) => UNREAD[name] === undefined);

const installed = ((): boolean => {
  try {
    return execFileSync('tshark', ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] }).length > 0;
  } catch {
    return false;
  }
})();

test.skipIf(!installed).each([...Map.groupBy(all, ({ link }) => link)])(
  'frames of link type %i',
  (link, wrapped) => {
    const folder = mkdtempSync(join(tmpdir(), 'yagura-layers-'));
    try {
      const path = join(folder, 'x.pcap');
      writeFileSync(
        path,
        pcap(
          wrapped.map(({ bytes }, i) => ({ time: NOON + i, bytes })),
          { link },
        ),
      );
      const fields = ['tcp.dstport', 'udp.dstport', '_ws.malformed'].flatMap((field) => ['-e', field]);
      const said = execFileSync('tshark', ['-n', '-r', path, '-T', 'fields', ...fields], {
        stdio: ['ignore', 'pipe', 'ignore'],
      }).toString();
      const found = said
        .split('\n')
        .slice(0, wrapped.length)
        .map((line, i) => {
          const [tcp, udp, malformed] = line.split('\t');
          return [wrapped[i].name, [tcp, udp].includes('2') || udp?.endsWith(',2'), malformed];
        });
      expect(found).toEqual(wrapped.map(({ name }) => [name, true, '']));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  30_000,
);
