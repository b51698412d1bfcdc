// Conversations that the benchmark's traffic repeats: built once, then stamped with other addresses, ports and names.

import type { Frame } from '../support/packets/capture.ts';
import { Conversation, datagrams, type Ends } from '../support/packets/conversation.ts';
import { answer, query } from '../support/packets/dns.ts';
import { ethernet, icmp, ip } from '../support/packets/frame.ts';
import { head } from '../support/packets/http.ts';
import { ordinaryClient, ordinaryServer, records } from '../support/packets/tls.ts';

/** Eight characters that stand for a name of their own in each flow. */
export const STAMP = 'stamp000';
const HOST = `www.${STAMP}.example`;
export const CLIENT_PORT = 50_505;

export interface Template {
  readonly name: string;
  /** Flows of this kind among a thousand. */
  readonly share: number;
  readonly frames: readonly Frame[];
}

const V4: Ends = { client: '10.1.2.3', server: '198.51.100.9', clientPort: CLIENT_PORT };
const V6: Ends = { client: '2001:db8:1::1:203', server: '2001:db8:ffff::9', clientPort: CLIENT_PORT };
const bytes = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => (i * 131 + (i >> 7)) & 255);

function web(ends: Ends, size: number): Conversation {
  const talk = new Conversation({ ...ends, serverPort: 80 }).handshake();
  talk.send(
    'client',
    head(`GET /page HTTP/1.1`, `Host: ${HOST}`, 'User-Agent: Mozilla/5.0 (bench)', 'Accept: */*'),
  );
  talk.send(
    'server',
    head('HTTP/1.1 200 OK', 'Server: nginx', 'Content-Type: text/html', `Content-Length: ${size}`),
  );
  return body(talk, bytes(size)).close();
}

/** The server sends, the client acknowledges every second segment. */
function body(talk: Conversation, data: Uint8Array): Conversation {
  for (let at = 0; at < data.length; at += 2920)
    talk.send('server', data.subarray(at, at + 2920)).acknowledge('client');
  return talk;
}

function tls(ends: Ends, size: number): Conversation {
  const talk = new Conversation({ ...ends, serverPort: 443 }).handshake();
  talk.send('client', records(ordinaryClient(HOST)));
  talk.send('server', records(ordinaryServer()));
  talk.send('server', records(bytes(2600), { type: 23 })).acknowledge('client');
  talk.send('client', records(bytes(500), { type: 23 }));
  return body(talk, records(bytes(size), { type: 23 })).close();
}

const names = (ends: Ends, address: string): Frame[] =>
  datagrams(ends, [
    ['client', query(HOST)],
    ['server', answer(HOST, [address])],
  ]);

const ping = (): Frame[] => {
  const rest = [0, 1, 0, 1, ...bytes(48)];
  const there = { src: V4.client!, dest: V4.server! };
  const back = { src: V4.server!, dest: V4.client! };
  return [ethernet(ip(there, icmp(8, 0, rest))), ethernet(ip(back, icmp(0, 0, rest)))].map((frame, i) => ({
    time: i,
    bytes: frame,
  }));
};

/** Roughly what leaves an office: mostly names and TLS, a few large transfers that hold most packets. */
export const TEMPLATES: readonly Template[] = [
  { name: 'dns', share: 380, frames: names(V4, '192.0.2.1') },
  { name: 'dns over IPv6', share: 70, frames: names(V6, '2001:db8::1') },
  { name: 'tls', share: 250, frames: tls(V4, 12_000).frames },
  { name: 'tls over IPv6', share: 60, frames: tls(V6, 12_000).frames },
  { name: 'http', share: 110, frames: web(V4, 9_000).frames },
  { name: 'http in a VLAN', share: 40, frames: web({ ...V4, vlans: [100] }, 9_000).frames },
  { name: 'bulk', share: 6, frames: tls(V4, 700_000).frames },
  { name: 'ping', share: 44, frames: ping() },
  {
    name: 'refused',
    share: 40,
    frames: new Conversation({ ...V4, serverPort: 8443 })
      .packet('client', { flags: 'S' })
      .packet('server', { flags: 'RA' }).frames,
  },
];
