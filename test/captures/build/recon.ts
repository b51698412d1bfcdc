// Looking around: names, shares, communities, banners and telephones asked for by the dozen; and an inventory at work.
import { spoken as nbns } from '../../laws/conversations/nbns.ts';
import { connection, negotiation, spoken as rdp } from '../../laws/conversations/rdp.ts';
import { spoken as snmp } from '../../laws/conversations/snmp.ts';
import { spoken as ssh } from '../../laws/conversations/ssh.ts';
import { dns } from '../../support/packets/dns.ts';
import { be16, octets } from '../../support/packets/octets.ts';
import { part, Scene, type Take } from './scene.ts';
import { fetch, refused, resolve } from './web.ts';

const MISUSED = '10.20.1.66';
const RESOLVER = '10.20.0.53';
const MONITOR = '10.20.0.68';
const host = (n: number): string => `10.20.2.${10 + n}`;
const POINTER = 12;
const TRANSFER = 252;

export function attack(): Take {
  const scene = new Scene();
  for (let i = 0; i < 15; i++) scene.talk(MISUSED, host(i), part(nbns, 2), { clientPort: 137 });
  for (let i = 0; i < 70; i++) refused(scene, MISUSED, RESOLVER, `${i}.2.20.10.in-addr.arpa`, POINTER);
  const zone = { name: 'ministry.go.example', type: TRANSFER };
  scene.tcp(
    MISUSED,
    RESOLVER,
    53,
    ['client', octets(be16(37), dns({ questions: [zone] }))],
    [
      'server',
      (() => {
        const answer = dns({
          flags: 0x8480,
          questions: [zone],
          answers: [{ name: 'dc1.ministry.go.example', type: 1, data: [10, 20, 0, 10] }],
        });
        return octets(be16(answer.length), answer);
      })(),
    ],
  );
  for (let i = 0; i < 14; i++) scene.talk(MISUSED, host(i), part(ssh, 2));
  scene.tcp(
    MISUSED,
    host(1),
    3389,
    ['client', connection(0xe0, 'Cookie: mstshash=nmap\r\n', negotiation(1, 0, 3))],
    ['server', connection(0xd0, negotiation(2, 0x1f, 2))],
  );
  return {
    scene,
    about: {
      kind: 'attack',
      title: 'A misused desktop looks around: NetBIOS tables, reverse names, a zone, banners',
      origin:
        'pc66 has fifteen machines list their NetBIOS names, asks for the names of seventy addresses and is given a ' +
        'whole zone, reads fourteen SSH banners and one remote desktop as nmap does.',
      attacker: [MISUSED],
      victims: [RESOLVER],
    },
  };
}

export function normal(): Take {
  const scene = new Scene();
  for (let i = 0; i < 12; i++) {
    scene.talk(MONITOR, host(i), part(snmp, 3, 1, 2));
    resolve(scene, MONITOR, RESOLVER, `pc${i}.ministry.go.example`);
    refused(scene, MONITOR, RESOLVER, `${i}.2.20.10.in-addr.arpa`, POINTER);
    fetch(scene, MONITOR, '10.20.0.80', '/health', { host: 'intra', agent: 'monitor/1.0' });
    scene.wait(5);
  }
  scene.talk(MONITOR, host(1), part(nbns, 2), { clientPort: 137 });
  scene.talk(MONITOR, host(2), part(rdp, 0));
  scene.talk(MONITOR, '10.20.0.22', part(ssh, 0));
  return {
    scene,
    about: {
      kind: 'benign',
      title: 'A monitoring server at its inventory',
      origin:
        'A monitoring server asks twelve machines over SNMPv3, resolves their names both ways, looks at a page.',
    },
  };
}
