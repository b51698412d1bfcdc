// Lines as a Suricata writes them, for tests that need some.
import { setTimeout as sleep } from 'node:timers/promises';

/** Suricata's form: local time with its offset, no colon in it. @param ms since 1970 */
export const theirTime = (ms: number): string =>
  new Date(ms + 9 * 3_600_000).toISOString().replace(/(\.\d{3})Z$/, '$1000+0900');

const ends = (n: number): object => ({
  src_ip: `10.1.${(n >> 8) & 255}.${n & 255}`,
  src_port: 1024 + (n % 60_000),
  dest_ip: '198.51.100.9',
  dest_port: 80,
  proto: 'TCP',
});

const line = (record: object): string =>
  `${JSON.stringify({ timestamp: theirTime(Date.now()), ...record })}\n`;

/** An alert of rule number `n`. */
export const alertLine = (n: number, more: object = {}): string =>
  line({
    ...{ flow_id: n + 1, event_type: 'alert', ...ends(n), app_proto: 'http', direction: 'to_server' },
    alert: {
      ...{ action: 'allowed', gid: 1, signature_id: 1_000_000 + n, rev: 1, category: 'Attempted Recon' },
      ...{ signature: `TEST rule ${n}`, severity: 1 + (n % 3) },
    },
    http: { hostname: `host${n}.example`, url: '/a', http_method: 'GET', protocol: 'HTTP/1.1', status: 200 },
    ...more,
  });

export const questionLine = (n: number, name: string): string =>
  line({
    ...{ flow_id: n + 1, event_type: 'dns', ...ends(n), dest_port: 53, proto: 'UDP' },
    dns: { type: 'query', id: n & 0xffff, rrname: name, rrtype: 'A', tx_id: 0, opcode: 0 },
  });

export const statsLine = (uptime: number, packets: number, drops: number): string =>
  line({ event_type: 'stats', stats: { uptime, capture: { kernel_packets: packets, kernel_drops: drops } } });

/** Adds lines through `add` a few at a time, as long as it is wanted. */
export async function drip(lines: readonly string[], add: (text: string) => void, every = 5): Promise<void> {
  for (let at = 0; at < lines.length; at += 20) {
    add(lines.slice(at, at + 20).join(''));
    await sleep(every);
  }
}
