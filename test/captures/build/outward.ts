// What goes out that should not: calls home, tunnels, uploads; and a day's ordinary traffic to the outside.
import { spoken as bittorrent } from '../../laws/conversations/bittorrent.ts';
import { spoken as dht } from '../../laws/conversations/bittorrent-dht.ts';
import { spoken as http2 } from '../../laws/conversations/http2.ts';
import { spoken as ike } from '../../laws/conversations/ike.ts';
import { spoken as irc } from '../../laws/conversations/irc.ts';
import { spoken as openvpn } from '../../laws/conversations/openvpn.ts';
import { spoken as quic } from '../../laws/conversations/quic.ts';
import { spoken as socks } from '../../laws/conversations/socks.ts';
import { spoken as ssh } from '../../laws/conversations/ssh.ts';
import { spoken as stun } from '../../laws/conversations/stun.ts';
import { spoken as tls } from '../../laws/conversations/tls.ts';
import { spoken as wireguard } from '../../laws/conversations/wireguard.ts';
import { certificate } from '../../support/packets/certificate.ts';
import { ip, udp } from '../../support/packets/frame.ts';
import { octets } from '../../support/packets/octets.ts';
import { extension } from '../../support/packets/tls.ts';
import { gre } from '../../support/packets/wrap.ts';
import { part, Scene, type Take } from './scene.ts';
import { encrypt, fetch, resolve } from './web.ts';

const MISUSED = '10.20.1.66';
const DESK = '10.20.1.12';
const RESOLVER = '10.20.0.53';
const FAR = '203.0.113.77';
const MAIL = '10.20.0.25';
const FREE_MAIL = '198.51.100.25';
const MEGABYTES = 3_200_000;

/** Names whose mere mention says what a machine is up to. */
const NAMES: readonly string[] = [
  'expyuzz4wqqyqhjn.onion',
  'api.ipify.org',
  'pool.supportxmr.com',
  'abc123.ngrok.io',
  'quiet-hill.trycloudflare.com',
  'relay.anydesk.com',
  'controlplane.tailscale.com',
  'pastebin.com',
  'api.telegram.org',
  'gfs270n001.userstorage.mega.co.nz',
  'transfer.sh',
];

function callsHome(scene: Scene): void {
  for (const name of NAMES) resolve(scene, MISUSED, RESOLVER, name);
  scene.talk(MISUSED, FAR, part(irc, 0));
  const onion = certificate({ subject: 'www.k5f2wzqvnp4c.net', issuer: 'www.bq3xmyl7tr.com' });
  encrypt(scene, MISUSED, FAR, { name: 'www.ha6kq3vd2zl5.com', certificate: onion, port: 9001 });
  const tool = certificate({ subject: 'Major Cobalt Strike', issuer: 'Major Cobalt Strike' });
  encrypt(scene, MISUSED, FAR, { name: 'updates.example', certificate: tool });
  encrypt(scene, MISUSED, FAR, { name: 'front.example', more: [[0xffce, new Uint8Array(40)]] });
  fetch(scene, MISUSED, FAR, '/submit.php?id=81943', { method: 'POST', host: FAR, body: 'x'.repeat(80) });
  fetch(scene, MISUSED, FAR, '/gate.php', { method: 'POST', host: FAR, body: 'id=7' });
  for (const agent of ['CertUtil URL Agent', 'Microsoft BITS/7.8', 'NSIS_Inetc (Mozilla)', 'rclone/v1.66.0'])
    fetch(scene, MISUSED, FAR, '/a.bin', { host: 'cdn.example', agent });
  scene.talk(MISUSED, FAR, part(http2, 1));
  scene.tcp(
    MISUSED,
    FAR,
    8080,
    [
      'client',
      `GET /ws HTTP/1.1\r\nHost: ${FAR}:8080\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'User-Agent: Mozilla/5.0\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    ],
    ['server', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'],
    ['client', octets([0x81, 0x85, 1, 2, 3, 4], [0x69, 0x67, 0x6f, 0x68, 0x6e])],
    ['server', octets([0x81, 5], 'hello')],
  );
}

function tunnels(scene: Scene): void {
  scene.tcp(
    MISUSED,
    FAR,
    80,
    [
      'client',
      'GET /v1/events HTTP/1.1\r\nHost: front.example\r\nUpgrade: websocket\r\nConnection: upgrade\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: v1\r\n\r\n',
    ],
    [
      'server',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Protocol: v1\r\n\r\n',
    ],
    ['client', octets([0x82, 0x85, 1, 2, 3, 4], [0x69, 0x67, 0x6f, 0x68, 0x6e])],
    ['server', octets([0x82, 5], 'hello')],
  );
  scene.talk(MISUSED, FAR, part(wireguard, 0));
  scene.talk(MISUSED, FAR, part(openvpn, 1));
  scene.talk(MISUSED, FAR, part(socks, 0));
  scene.talk(MISUSED, FAR, part(ike, 1));
  scene.talk(MISUSED, FAR, part(ssh, 0), { port: 8022 });
  scene.talk(MISUSED, FAR, part(stun, 1));
  scene.talk(MISUSED, FAR, part(quic, 0), { port: 4443 });
  const inner = ip({ src: '192.168.7.1', dest: '192.168.7.2' }, udp({ from: 5000, to: 5001 }, 'inside'));
  for (let i = 0; i < 4; i++) {
    scene.packet(MISUSED, FAR, gre(0x0800, inner));
    scene.packet(
      FAR,
      MISUSED,
      gre(0x0800, ip({ src: '192.168.7.2', dest: '192.168.7.1' }, udp({ from: 5001, to: 5000 }, 'out'))),
    );
  }
  const v6 = ip({ src: '2001:0:cb00:714d::1', dest: '2001:db8::7' }, udp({ from: 5000, to: 5001 }, 'inside'));
  for (let i = 0; i < 3; i++) scene.packet(MISUSED, FAR, udp({ from: 50_500, to: 3544 }, v6));
  scene.talk(MISUSED, FAR, part(bittorrent, 0));
  scene.talk(MISUSED, FAR, part(dht, 0));
}

function uploads(scene: Scene): void {
  // A packed file in a name: the host that is asked writes it down.
  resolve(scene, MISUSED, RESOLVER, 'H4sICAAAAAAAA3Rlc3QudHh0AAvJyCxWAKJEAN9Qk2gPAAAA.drop.example');
  scene.tcp(
    MISUSED,
    FAR,
    21,
    ['server', '220 FTP\r\n'],
    ['client', 'USER drop\r\n'],
    ['server', '331 which password\r\n'],
    ['client', 'PASS hush\r\n'],
    ['server', '230 in\r\n'],
    ['client', 'STOR archive.7z\r\n'],
    ['server', '150 coming\r\n226 done\r\n'],
  );
  fetch(scene, MISUSED, FAR, '/up', {
    method: 'PUT',
    host: 'drop.example',
    agent: 'curl/8.5.0',
    body: new Uint8Array(1_200_000).fill(0x61),
    segment: 8900,
  });
  // The same in pieces, each of which is nothing much.
  for (let i = 0; i < 12; i++)
    fetch(scene, MISUSED, FAR, `/part/${i}`, {
      method: 'POST',
      host: 'drop.example',
      body: new Uint8Array(220_000).fill(0x61 + i),
      segment: 8900,
    });
  const mail = octets(
    'From: taro@ministry.go.example\r\nTo: taro@gmail.com\r\nSubject: files\r\n\r\n',
    `${'x'.repeat(70)}\r\n`.repeat(Math.ceil(MEGABYTES / 72)),
    '.\r\n',
  );
  scene.talk(
    MAIL,
    FREE_MAIL,
    {
      transport: 'tcp',
      port: 25,
      messages: [
        ['server', '220 mx\r\n'],
        ['client', 'EHLO mail.ministry.go.example\r\n'],
        ['server', '250 mx\r\n'],
        ['client', 'MAIL FROM:<taro@ministry.go.example>\r\n'],
        ['server', '250 ok\r\n'],
        ['client', 'RCPT TO:<taro@gmail.com>\r\n'],
        ['server', '250 ok\r\n'],
        ['client', 'DATA\r\n'],
        ['server', '354 go\r\n'],
        ['client', mail],
        ['server', '250 taken\r\n'],
        ['client', 'QUIT\r\n'],
        ['server', '221 bye\r\n'],
      ],
    },
    { segment: 8900 },
  );
}

export function attack(): Take {
  const scene = new Scene();
  callsHome(scene);
  tunnels(scene);
  uploads(scene);
  return {
    scene,
    about: {
      kind: 'attack',
      title: 'A misused desktop and the outside: calls home, tunnels of every kind, uploads',
      origin:
        'pc66 asks for names of onions, tunnels, pools and drops, speaks IRC, Tor-like and tool-like TLS, posts to bare ' +
        'addresses, opens WireGuard, OpenVPN, SOCKS, IPsec, SSH, TURN, QUIC, GRE and Teredo to one place outside, ' +
        'shares by BitTorrent and uploads by FTP, HTTP and mail (large transfers in jumbo frames).',
      attacker: [MISUSED, MAIL],
      // Two are inside a tunnel.
      victims: [FAR, '192.168.7.1', '2001:0:cb00:714d::1'],
    },
  };
}

export function normal(): Take {
  const scene = new Scene();
  const names = ['www.example.jp', 'cdn.example.jp', 'pool.ntp.example', 'mail.example.jp'];
  for (const name of names) {
    resolve(scene, DESK, RESOLVER, name);
    encrypt(scene, DESK, '198.51.100.80', {
      name,
      certificate: certificate({ subject: name, issuer: 'Example CA', hosts: [name] }),
      more: [extension.alpn('h2', 'http/1.1')],
    });
    scene.wait(12);
  }
  scene.talk(DESK, '198.51.100.80', part(quic, 0));
  scene.talk(DESK, '198.51.100.80', part(tls, 3));
  scene.talk(DESK, '198.51.100.81', part(stun, 0));
  scene.talk('10.20.0.1', '10.20.9.1', part(wireguard, 0));
  scene.talk(DESK, '10.20.0.22', part(ssh, 0));
  fetch(scene, DESK, '198.51.100.80', '/apply', {
    method: 'POST',
    host: 'www.example.jp',
    body: 'x'.repeat(20_000),
  });
  return {
    scene,
    about: {
      kind: 'benign',
      title: 'A desktop and the outside on an ordinary day: TLS, QUIC, a call, a form',
      origin:
        'pc12 resolves and visits four sites over TLS 1.2, one over QUIC and one by TLS 1.3 with an encrypted hello, ' +
        'finds its address for a call, sends a form; the router keeps a tunnel within the house.',
    },
  };
}
