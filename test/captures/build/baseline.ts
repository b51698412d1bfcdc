// What the network of a ministry must not show, old and in clear; and the same work done as it should be.
import { spoken as ftp } from '../../laws/conversations/ftp.ts';
import { spoken as ike } from '../../laws/conversations/ike.ts';
import { spoken as imap } from '../../laws/conversations/imap.ts';
import { message as ldapMessage, result, simpleBind } from '../../laws/conversations/ldap.ts';
import { spoken as mysql } from '../../laws/conversations/mysql.ts';
import { encoded, header, spoken as nbns } from '../../laws/conversations/nbns.ts';
import { spoken as ntp } from '../../laws/conversations/ntp.ts';
import { spoken as pgsql } from '../../laws/conversations/pgsql.ts';
import { spoken as pop3 } from '../../laws/conversations/pop3.ts';
import { spoken as radius } from '../../laws/conversations/radius.ts';
import { spoken as rdp } from '../../laws/conversations/rdp.ts';
import { spoken as rfb } from '../../laws/conversations/rfb.ts';
import { spoken as rlogin } from '../../laws/conversations/rlogin.ts';
import { spoken as rsh } from '../../laws/conversations/rsh.ts';
import { spoken as smb } from '../../laws/conversations/smb.ts';
import { spoken as smtp } from '../../laws/conversations/smtp.ts';
import { spoken as snmp } from '../../laws/conversations/snmp.ts';
import { spoken as ssdp } from '../../laws/conversations/ssdp.ts';
import { kexInit, spoken as ssh } from '../../laws/conversations/ssh.ts';
import { spoken as syslog } from '../../laws/conversations/syslog.ts';
import { spoken as tds } from '../../laws/conversations/tds.ts';
import { request as tftp, spoken as tftpBook } from '../../laws/conversations/tftp.ts';
import { chain, done } from '../../laws/conversations/tls.ts';
import { dns, name, query } from '../../support/packets/dns.ts';
import { addressOctets, be16, octets } from '../../support/packets/octets.ts';
import { ntlmAuthenticate } from '../../support/packets/rpc.ts';
import { extension, ordinaryClient, records, serverHello } from '../../support/packets/tls.ts';
import { rsaCertificate } from './certificates.ts';
import { part, Scene, type Take } from './scene.ts';
import { encrypt, fetch, refused } from './web.ts';

/** Bytes of an answer in version 1 of NTLM. */
const OLD_PROOF = 24;
const DESK = '10.20.1.13';
const OTHER = '10.20.1.14';
const RESOLVER = '10.20.0.53';
const INTRANET = '10.20.0.80';
const SWITCH = '10.20.0.2';
const CONTROLLER = '10.20.0.10';
const LIAR = '10.20.1.66';
const OUTSIDE = '198.51.100.80';
const STRANGER = '203.0.113.50';

/** A name asked for by multicast or broadcast, and the machine that says it is its own. */
function falseNames(scene: Scene): void {
  for (const asked of ['wpad', 'filez', 'pritner', 'intarnet', 'proxysrv', 'fileserv']) {
    const question = { name: asked, type: 1 };
    const answers = [{ name: asked, type: 1, ttl: 30, data: addressOctets(LIAR) }];
    scene.talk(
      DESK,
      '224.0.0.252',
      { transport: 'udp', port: 5355, messages: [['client', dns({ flags: 0, questions: [question] })]] },
      { clientPort: 50_123 },
    );
    scene.talk(
      LIAR,
      DESK,
      {
        transport: 'udp',
        port: 50_123,
        messages: [['client', dns({ flags: 0x8000, questions: [question], answers })]],
      },
      { clientPort: 5355 },
    );
  }
  const mine = octets(
    header(1, 0x8500, 0, 1, 0, 0),
    encoded('WPAD', 0),
    [0, 32, 0, 1, 0, 4, 147, 224, 0, 6, 0, 0],
    addressOctets(LIAR),
  );
  scene.talk(
    DESK,
    '10.20.255.255',
    {
      transport: 'udp',
      port: 137,
      messages: [['client', octets(header(1, 0x0110, 1, 0, 0, 0), encoded('WPAD', 0), be16(32), be16(1))]],
    },
    { clientPort: 137 },
  );
  scene.talk(LIAR, DESK, { transport: 'udp', port: 137, messages: [['client', mine]] }, { clientPort: 137 });
  refused(scene, DESK, RESOLVER, 'wpad.ministry.go.example', 1);
  fetch(scene, DESK, LIAR, '/wpad.dat', { host: 'wpad' });
}

function clearLogins(scene: Scene): void {
  scene.talk(DESK, INTRANET, part(ftp, 1));
  scene.talk(DESK, INTRANET, part(rlogin, 0));
  scene.talk(DESK, INTRANET, part(rsh, 0));
  fetch(scene, DESK, INTRANET, '/', { host: 'intra', fields: ['Authorization: Basic aGFuYWtvOmh1c2g='] });
  scene.talk(DESK, OUTSIDE, part(pop3, 0));
  scene.talk(DESK, OUTSIDE, part(imap, 0));
  scene.talk(DESK, OUTSIDE, part(smtp, 2));
  scene.tcp(
    DESK,
    CONTROLLER,
    389,
    ['client', simpleBind(1, 'cn=app,dc=example')],
    ['server', ldapMessage(1, result(0x61, 0))],
  );
  scene.talk(DESK, '10.20.0.70', part(mysql, 0));
  scene.talk(DESK, '10.20.0.71', part(pgsql, 0));
  scene.talk(DESK, '10.20.0.72', part(tds, 0));
  scene.talk(DESK, OTHER, part(rfb, 0));
  scene.talk(DESK, OTHER, part(rfb, 2));
  scene.talk(DESK, OTHER, part(rdp, 1));
}

function oldVersions(scene: Scene): void {
  scene.talk(DESK, '10.20.0.45', part(smb, 2));
  const proof = Buffer.from(ntlmAuthenticate('EXAMPLE', 'taro', 'PC13', OLD_PROOF)).toString('base64');
  fetch(scene, DESK, INTRANET, '/start', { host: 'intra', fields: [`Authorization: NTLM ${proof}`] });
  scene.talk(DESK, INTRANET, part(ssh, 1));
  const weak = kexInit(
    ...[
      'diffie-hellman-group1-sha1',
      'ssh-dss',
      '3des-cbc',
      '3des-cbc',
      'hmac-md5',
      'hmac-md5',
      'none',
      'none',
    ],
  );
  scene.tcp(
    DESK,
    SWITCH,
    22,
    ['server', 'SSH-2.0-Switch_1.2\r\n'],
    ['client', 'SSH-2.0-Terminal_9\r\n'],
    ['client', weak],
    ['server', weak],
  );
  const old = rsaCertificate({ subject: 'printer', issuer: 'Printer maker', bits: 1024, hash: 'sha1' });
  encrypt(scene, DESK, '10.20.0.61', { name: 'printer.example', cipher: 0x0005, certificate: old });
  encrypt(scene, DESK, '10.20.0.62', {
    name: 'meter.example',
    cipher: 0x000a,
    version: 0x0301,
    certificate: old,
  });
  scene.talk(STRANGER, '10.20.0.1', part(ike, 0));
  scene.talk('10.20.0.1', STRANGER, part(ike, 2, 0, 1));
}

/** Both can do 1.3, and somebody between them made it 1.2 (RFC 8446 §4.1.3). */
function lowered(scene: Scene): void {
  const flight = octets(
    serverHello({ ciphers: [0xc02f], extensions: [extension.empty(23)] }),
    chain(rsaCertificate({ subject: 'bank.example' })),
    done,
  );
  const random = 6;
  flight.set(octets('DOWNGRD', [1]), random + 24);
  scene.tcp(
    DESK,
    '198.51.100.82',
    443,
    ['client', records(ordinaryClient('bank.example'))],
    ['server', records(flight)],
  );
}

function devices(scene: Scene): void {
  scene.talk(DESK, SWITCH, part(snmp, 0));
  scene.talk(DESK, SWITCH, part(snmp, 1));
  for (let i = 0; i < 15; i++) scene.talk(LIAR, `10.20.3.${10 + i}`, part(snmp, 0));
  scene.talk(SWITCH, '10.20.0.69', part(tftpBook, 0));
  scene.udp(LIAR, STRANGER, 69, ['client', tftp(2, 'dump.bin', 'octet')], ['server', [0, 4, 0, 0]]);
  scene.talk(SWITCH, STRANGER, part(syslog, 0));
  scene.talk('10.20.0.3', '10.20.0.11', part(radius, 0));
  scene.talk(STRANGER, '10.20.0.1', part(ssdp, 0));
  scene.talk(STRANGER, '10.20.0.53', part(ntp, 2));
  scene.talk(STRANGER, '10.20.0.53', part(ntp, 3));
}

function resolvers(scene: Scene): void {
  scene.udp(
    DESK,
    '198.51.100.8',
    53,
    ['client', query('www.example.jp')],
    ['server', dns({ flags: 0x8183, questions: [{ name: name('www.example.jp'), type: 1 }] })],
  );
  encrypt(scene, DESK, '198.51.100.9', { name: 'dns.google', more: [extension.alpn('h2')] });
  encrypt(scene, DESK, '198.51.100.9', { name: 'dns.quad9.net', port: 853, more: [extension.alpn('dot')] });
}

export function attack(): Take {
  const scene = new Scene();
  falseNames(scene);
  clearLogins(scene);
  oldVersions(scene);
  devices(scene);
  resolvers(scene);
  lowered(scene);
  return {
    scene,
    about: {
      kind: 'attack',
      title:
        'What a ministry must not show: log-ins in clear, withdrawn versions, default words, foreign resolvers',
      origin:
        'pc13 uses everything that should be gone: anonymous FTP, rlogin, rsh, HTTP Basic, mail log-ins and LDAP binds ' +
        'in clear, databases and remote screens without TLS, SMB 1 with NTLMv1, SSH 1, weak suites, keys and hashes; ' +
        'pc66 answers names by LLMNR and NetBIOS that are not its own; devices speak SNMP with “public”, TFTP, syslog ' +
        'and IPsec with strangers. "attacker" lists the careless and the lying side.',
      attacker: [DESK, LIAR, STRANGER, SWITCH, '10.20.0.3'],
      victims: [INTRANET, CONTROLLER],
    },
  };
}

export function normal(): Take {
  const scene = new Scene();
  const good = rsaCertificate({ subject: 'intra.ministry.go.example', issuer: 'House CA' });
  encrypt(scene, DESK, INTRANET, { name: 'intra.ministry.go.example', certificate: good });
  scene.talk(DESK, INTRANET, part(ftp, 2));
  scene.talk(DESK, '10.20.0.25', part(pop3, 1));
  scene.talk(DESK, '10.20.0.25', part(imap, 1));
  scene.talk(DESK, '10.20.0.25', part(smtp, 3));
  scene.talk(DESK, '10.20.0.70', part(mysql, 3));
  scene.talk(DESK, '10.20.0.71', part(pgsql, 1));
  scene.talk(DESK, '10.20.0.72', part(tds, 2));
  scene.talk(DESK, '10.20.0.60', part(rdp, 0));
  scene.talk(DESK, OTHER, part(rfb, 3));
  scene.talk(DESK, INTRANET, part(ssh, 0));
  scene.talk(DESK, SWITCH, part(snmp, 3, 1, 2));
  scene.talk('10.20.0.1', '10.20.9.1', part(ike, 1));
  scene.talk(SWITCH, '10.20.0.68', part(syslog, 0));
  scene.talk(DESK, '10.20.0.53', part(ntp, 0));
  scene.talk(DESK, '239.255.255.250', part(ssdp, 0, 0, 1));
  scene.talk(DESK, '10.20.255.255', part(nbns, 1), { clientPort: 137 });
  return {
    scene,
    about: {
      kind: 'benign',
      title: 'The same work as it should be done: STARTTLS, TLS, NLA, SNMPv3, IKEv2',
      origin:
        'pc13 reads mail, asks databases, opens remote screens, asks a switch and the time, each over what protects it.',
    },
  };
}
