// A storm of sources through every detector: each comes once and never again. What is kept stays within the share of memory
// that the usual setting leaves, the rest is forgotten and counted. YAGURA_STORM=large is ten million of them.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { evictionsOf, startDetectors } from '../../sensor/src/detectors/index.ts';
import { Heap } from '../../sensor/src/heap.ts';
import { shareOut, usualMemory } from '../../sensor/src/memory.ts';
import type { Event, FlowView } from '../../sensor/src/protocols/event.ts';
import { at, event, flow, remember, rulesOf } from '../support/stage.ts';

const SOURCES = process.env['YAGURA_STORM'] === 'large' ? 10_000_000 : 300_000;
/** Events between two looks at the heap, as the detecting thread takes them. */
const LOOK_EVERY = 256;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const usedBytes = (): number => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** An address of its own for each number, and others by turns: half of version 6. */
const source = (n: number): string =>
  n % 2 === 0
    ? `10.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`
    : `2001:db8:${(n >>> 16).toString(16)}:${(n & 0xffff).toString(16)}::1`;

/** One flow and one event of each kind, rewritten for each source: what a sensor hands out is reused, too. */
function kinds() {
  const held: Record<string, unknown> = {};
  const make = (type: string, protocol: number, port: number): Writable<Event> => ({
    ...event(
      type,
      held,
      0,
      flow({ protocol, dest_port: port, payload_toserver: 300, payload_toclient: 900 }),
    ),
  });
  return {
    held,
    events: [
      make('tls', 6, 443),
      make('http', 6, 80),
      make('dns', 17, 53),
      make('krb5', 17, 88),
      make('smb', 6, 445),
      make('arp', 0, 0),
      make('flow', 6, 22),
      make('flow', 6, 443),
      make('flow', 17, 4_433),
    ],
  };
}

test(`${SOURCES} sources that come once`, { timeout: 7_200_000 }, () => {
  const { raised, sink } = remember();
  const all = startDetectors(
    rulesOf({}),
    {},
    { raise: (...told) => raised.length < 1_000 && sink.raise(...told) },
  );
  const { heapBytes } = shareOut(usualMemory());
  const relieve = (): void => all.relieve();
  const heap = new Heap(heapBytes, () => 0, [relieve, relieve]);
  const before = usedBytes();
  const { held, events } = kinds();
  const opening = flow() as Writable<FlowView>;
  let seen = 0;
  for (let n = 0; n < SOURCES; n++) {
    const src = source(n);
    const dest = n % 3 === 0 ? source(n * 7 + 1) : `198.51.${(n >> 3) & 255}.${n & 255}`;
    const time = at(n / 500);
    Object.assign(opening, {
      id: n + 1,
      src_ip: src,
      dest_ip: dest,
      dest_port: n & 0xffff,
      start: time,
      last: time,
    });
    opening.protocol = n % 5 === 0 ? 1 : 6;
    opening.icmp_type = n % 5 === 0 ? 8 : undefined;
    all.opened(opening);
    if (n % 3 === 0) all.refused(opening);
    else if (n % 3 === 1) all.answered(opening);
    Object.assign(held, {
      'tls.sni': `n${n}.example`,
      'http.hostname': `w${n}.example`,
      'http.status': 401,
      'http.authorization_scheme': 'Basic',
      'dns.type': n % 2 === 0 ? 'request' : 'response',
      'dns.rcode': 'NXDOMAIN',
      'dns.queries.rrname': [`k${n}.q${n % 9}.d${n}.example`],
      'dns.queries.rrtype': ['TXT'],
      'dns.answers.rrtype': ['A'],
      'dns.answers.ttl': [60],
      'dns.answers.rdata': [dest],
      'krb5.msg_type': 'KRB_ERROR',
      'krb5.error_code': 'KDC_ERR_PREAUTH_FAILED',
      'krb5.client': `user${n}`,
      'smb.command': 'SMB2_COMMAND_SESSION_SETUP',
      'smb.status': 'STATUS_LOGON_FAILURE',
      'smb.ntlmssp.user': `user${n}`,
      'arp.opcode': 'request',
      'arp.src_ip': src,
      'arp.dest_ip': dest,
    });
    const one = events[n % events.length];
    one.time = time;
    Object.assign(one.flow, { id: n + 1, src_ip: src, dest_ip: dest, start: time, last: time });
    all.event(one);
    if (n % 500 === 0) all.tick(time);
    if (++seen % LOOK_EVERY === 0) heap.look();
  }
  const grown = usedBytes() - before;
  const evicted = evictionsOf(all);
  console.log(
    `${SOURCES} sources: ${(grown / 1e6).toFixed(1)} MB of ${(heapBytes / 1e6).toFixed(1)} kept; forgotten:`,
    evicted,
  );
  expect(grown).toBeLessThan(heapBytes * 1.1);
  for (const name of ['port-scan', 'beacon', 'dns-tunnel', 'login-failure', 'dns-exhaustion'])
    expect(evicted[name], name).toBeGreaterThan(0);
});
