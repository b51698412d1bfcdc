// A host that may not be looked at: after the whole program ran, its address stands in no event, record, metric, message or file.
import { execFileSync } from 'node:child_process';
import { createWriteStream, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { nameOf, Stand } from '../faults/stand.ts';
import { type Frame, NOON, pcap } from '../support/packets/capture.ts';
import { Conversation, datagrams } from '../support/packets/conversation.ts';
import { answer, query } from '../support/packets/dns.ts';
import { ethernet, fragments, icmp, ip, tcp, udp } from '../support/packets/frame.ts';
import { addressOctets, octets } from '../support/packets/octets.ts';
import { toPort, vxlan } from '../support/packets/wrap.ts';
import { start } from '../support/program.ts';

let stand: Stand;
afterEach(() => stand.end());

const within = { timeout: 20_000, interval: 50 };
const OURS = '10.1.0.7';
const HIDDEN = '203.0.113.77';
const HIDDEN6 = '2001:db8:dead::77';

/** Everything that can name an address: alerts, flows of three kinds, a tunnel, fragments, an ICMP error, ARP, oddities. */
function traffic(): Frame[] {
  const frames: Frame[] = [];
  const put = (bytes: Uint8Array): void => void frames.push({ time: 0, bytes });
  const asked = nameOf(0);
  for (const server of ['10.1.0.53', HIDDEN])
    frames.push(
      ...datagrams({ client: OURS, server }, [
        ['client', query(asked)],
        ['server', answer(asked, ['192.0.2.1'])],
      ]),
    );
  for (const [client, server] of [
    [OURS, HIDDEN],
    [HIDDEN, OURS],
    ['2001:db8::7', HIDDEN6],
  ]) {
    const talk = new Conversation({ client, server }).handshake();
    talk
      .send('client', `GET /${asked} HTTP/1.1\r\nHost: ${asked}\r\n\r\n`)
      .send('server', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    frames.push(...talk.close().frames);
  }
  const hidden = { src: OURS, dest: HIDDEN };
  const syn = tcp({ from: 40_001, to: 22, flags: 'S' });
  put(ethernet(ip({ src: '10.1.0.2', dest: '10.1.0.3' }, toPort(4789, vxlan(7, ethernet(ip(hidden, syn)))))));
  put(
    ethernet(
      ip(
        { src: '10.1.0.2', dest: HIDDEN },
        toPort(4789, vxlan(7, ethernet(ip({ src: OURS, dest: '10.1.0.9' }, syn)))),
      ),
    ),
  );
  for (const piece of fragments(hidden, udp({ from: 5353, to: 53 }, new Uint8Array(200)), 64))
    put(ethernet(piece));
  put(ethernet(ip({ src: '10.1.0.1', dest: OURS }, icmp(3, 1, octets(new Uint8Array(4), ip(hidden, syn))))));
  put(ethernet(ip({ ...hidden, options: [7, 4, 0, 0] }, syn)));
  put(
    octets(
      [255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1],
      addressOctets(OURS),
      new Uint8Array(6),
      addressOctets(HIDDEN),
    ),
  );
  // A whole scan, for the detectors.
  for (let port = 1; port <= 200; port++)
    put(ethernet(ip(hidden, tcp({ from: 50_000, to: port, flags: 'S' }))));
  return frames.map(({ bytes }, i) => ({ time: NOON + i * 1000, bytes }));
}

/** Every file below, but for the capture. */
function written(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

test.each([false, true])('hidden: %s', { timeout: 90_000 }, async (isHidden) => {
  stand = new Stand();
  await stand.prepare();
  const pipe = join(stand.folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const settings = join(stand.folder, 's.yaml');
  const lines = [
    `sources: [{capture: ${pipe}}]`,
    `rules: ${stand.rules}`,
    `uplink: ${stand.sensor}`,
    `events: ${join(stand.folder, 'eve.json')}`,
    'metrics: 127.0.0.1:0',
    'profile: strict',
    'stats_seconds: 1',
    'allow_root: true',
  ];
  // Written as networks: the settings must not be where the address is found.
  const scope = [
    'scope_look: [10.1.0.0/16, "2001:db8::/32"]',
    'scope_never: [203.0.113.0/24, "2001:db8:dead::/48"]',
  ];
  writeFileSync(settings, [...lines, ...(isHidden ? scope : [])].join('\n'));
  const program = start('sensor', 'run', '--config', settings);
  const [, metrics] = await program.says(/^metrics at (\S+)$/m);
  const recorder = createWriteStream(pipe);
  const frames = traffic();
  recorder.write(pcap(frames));
  await expect.poll(() => stand.arrived().names.length, within).toBeGreaterThanOrEqual(1);
  const told = await (await fetch(metrics)).text();
  const count = (name: string): number =>
    Number(new RegExp(`^yagura_sensor_${name} (\\d+)$`, 'm').exec(told)?.[1]);
  await program.stop();
  recorder.destroy();
  expect(await program.ended).toBe(0);

  const texts = [told, program.said(), ...written(stand.folder).map((path) => readFileSync(path, 'latin1'))];
  const naming = (address: string): boolean => texts.some((text) => text.includes(address));
  expect([naming(OURS), naming(HIDDEN), naming(HIDDEN6)]).toEqual([true, !isHidden, !isHidden]);
  expect(count('packets_total')).toBe(frames.length);
  // All but the first exchange, the tunnel that is ours, and the error, which fall by what is inside.
  expect(count('out_of_scope_total\\{where="frame"\\}')).toBe(isHidden ? frames.length - 4 : 0);
  expect(count('out_of_scope_total\\{where="inside"\\}')).toBe(isHidden ? 2 : 0);
});
