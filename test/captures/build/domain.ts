// A Windows domain: a desktop that goes from machine to machine and takes what opens them, and an ordinary morning.
import { message as dhcp, option } from '../../laws/conversations/dhcp.ts';
import {
  application,
  asRequest,
  body,
  encrypted,
  error,
  spoken as krb5,
  overTcp as lengthed,
  name,
  padata,
  REALM,
  text,
} from '../../laws/conversations/krb5.ts';
import { spoken as ldap, message, result, search, simpleBind } from '../../laws/conversations/ldap.ts';
import { spoken as rdp } from '../../laws/conversations/rdp.ts';
import { spoken as smb } from '../../laws/conversations/smb.ts';
import { spoken as ssh } from '../../laws/conversations/ssh.ts';
import { element, int, octetString, sequence, tagged } from '../../support/packets/ber.ts';
import { loginAs, manyFiles, onShare, openOnly, overTcp, type Service, throughPipe } from './pipes.ts';
import { part, Scene, type Take, type Talk } from './scene.ts';
import { takeover } from './takeover.ts';
import { fetch } from './web.ts';

const MISUSED = '10.20.1.66';
const DESK = '10.20.1.11';
const CONTROLLER = '10.20.0.10';
const FILES = '10.20.0.44';
const OUTSIDE = '203.0.113.50';
const desktop = (n: number): string => `10.20.2.${10 + n}`;

const service = (uuid: string, version: number): Service => ({ uuid, version });
const SERVICES = service('367abb81-9844-35f1-ad32-98f038001003', 2);
const SHARES = service('4b324fc8-1670-01d3-1278-5a47bf6ee188', 3);
const ACCOUNTS = service('12345778-1234-abcd-ef00-0123456789ac', 1);
const REGISTRY = service('338cd001-2244-31f1-aaaa-900038001003', 1);
const TASKS = service('86d35949-83c9-4044-b424-db363231fd0c', 1);
const PRINTERS = service('12345678-1234-abcd-ef00-0123456789ab', 1);
const FILE_KEYS = service('c681d488-d850-11d0-8c52-00c04fd90f7e', 1);
const FILE_TREES = service('4fc742e0-4a10-11cf-8273-00aa004ae673', 3);
const REPLICATION = service('e3514235-4b06-11d1-ab04-00c04fc2dcd2', 4);
const LOGON = service('12345678-1234-abcd-ef00-01234567cffb', 1);
const MANAGEMENT = service('9556dc99-828c-11cf-a37e-00aa003240c7', 0);
const ACTIVATION = service('000001a0-0000-0000-c000-000000000046', 0);

type Messages = Talk['messages'];

const answer = (type: 11 | 13, user: string, own: number, ticket: number, ...sname: string[]): Uint8Array =>
  application(
    type,
    tagged(0, int(5)),
    tagged(1, int(type)),
    tagged(3, text(REALM)),
    tagged(4, name(1, user)),
    tagged(
      5,
      application(
        1,
        tagged(0, int(5)),
        tagged(1, text(REALM)),
        tagged(2, name(2, ...sname)),
        tagged(3, encrypted(ticket)),
      ),
    ),
    tagged(6, encrypted(own)),
  );
const ticketFor = (encryption: number, ...sname: string[]): Messages => [
  [
    'client',
    lengthed(
      application(
        12,
        tagged(1, int(5)),
        tagged(2, int(12)),
        tagged(3, sequence(padata(1, encrypted(18)))),
        tagged(4, body(undefined, sname, encryption === 23 ? [23] : [18, 17])),
      ),
    ),
  ],
  ['server', lengthed(answer(13, 'taro', 18, encryption, ...sname))],
];

const equal = (attribute: string, value: string): Uint8Array =>
  element(0xa3, octetString(attribute), octetString(value));
const present = (attribute: string): Uint8Array => element(0x87, attribute);
/** A bit of userAccountControl, by the rule that Microsoft gave that purpose. */
const bit = (value: number): Uint8Array =>
  element(
    0xa9,
    element(0x81, '1.2.840.113556.1.4.803'),
    element(0x82, 'userAccountControl'),
    element(0x83, String(value)),
  );
const users = (...more: readonly Uint8Array[]): Uint8Array =>
  element(0xa0, equal('objectClass', 'user'), ...more);
const asked = (id: number, filter: Uint8Array, ...attributes: string[]): Messages => [
  ['client', search(id, 'dc=example', 2, filter, ...attributes)],
  ['server', message(id, result(0x65, 0))],
];

function kerberosAttacks(scene: Scene): void {
  for (const host of ['sql1', 'sql2', 'web1', 'web2', 'crm', 'erp', 'mail'])
    scene.tcp(MISUSED, CONTROLLER, 88, ...ticketFor(23, 'MSSQLSvc', `${host}.example.test`));
  scene.udp(
    MISUSED,
    CONTROLLER,
    88,
    ['client', asRequest('legacy', [], [23])],
    ['server', answer(11, 'legacy', 23, 23, 'krbtgt', REALM)],
  );
  for (let i = 0; i < 14; i++) {
    scene.udp(MISUSED, CONTROLLER, 88, ['client', asRequest(`guess${i}`, [])], ['server', error(6)]);
    scene.udp(
      MISUSED,
      CONTROLLER,
      88,
      ['client', asRequest(`user${i}`, [padata(2, encrypted(18))])],
      ['server', error(24)],
    );
  }
}

function directoryAttacks(scene: Scene): void {
  scene.talk(MISUSED, CONTROLLER, part(ldap, 1, 0, 4));
  scene.tcp(
    MISUSED,
    CONTROLLER,
    389,
    ['client', simpleBind(1, 'cn=app,dc=example')],
    ['server', message(1, result(0x61, 0))],
    ...asked(2, users(present('servicePrincipalName')), 'cn', 'servicePrincipalName'),
    ...asked(3, users(bit(4_194_304)), 'cn'),
    ...asked(4, users(equal('adminCount', '1')), 'cn'),
    ...asked(5, users(bit(524_288)), 'cn'),
    ...asked(6, equal('objectClass', 'computer'), 'cn', 'ms-Mcs-AdmPwd'),
  );
  for (let i = 0; i < 24; i++)
    scene.tcp(
      MISUSED,
      CONTROLLER,
      389,
      ['client', simpleBind(1, 'cn=admin,dc=example')],
      ['server', message(1, result(0x61, 49))],
    );
  scene.tcp(MISUSED, OUTSIDE, 389, ...asked(1, present('objectClass'), 'javaCodeBase'));
}

function movement(scene: Scene): void {
  scene.talk(MISUSED, FILES, part(smb, 0));
  scene.talk(MISUSED, FILES, part(smb, 1));
  throughPipe(scene, MISUSED, FILES, 'atsvc', TASKS, [1, 12]);
  throughPipe(scene, MISUSED, FILES, 'winreg', REGISTRY, [2, 20, 22]);
  throughPipe(scene, MISUSED, FILES, 'spoolss', PRINTERS, [65, 89]);
  throughPipe(scene, MISUSED, CONTROLLER, 'efsrpc', FILE_KEYS, [0]);
  throughPipe(scene, MISUSED, CONTROLLER, 'netdfs', FILE_TREES, [12]);
  throughPipe(scene, MISUSED, CONTROLLER, 'samr', ACCOUNTS, [13]);
  openOnly(scene, MISUSED, FILES, 'psexesvc');
  openOnly(scene, MISUSED, FILES, 'msagent_8f');
  overTcp(scene, MISUSED, FILES, 49_670, SERVICES, [15, 12, 19]);
  overTcp(scene, MISUSED, FILES, 135, ACTIVATION, [4]);
  overTcp(scene, MISUSED, FILES, 49_671, MANAGEMENT, [24]);
  overTcp(scene, MISUSED, CONTROLLER, 49_672, REPLICATION, [0, 3]);
  overTcp(scene, MISUSED, CONTROLLER, 49_673, LOGON, Array<number>(24).fill(26));
  onShare(scene, MISUSED, CONTROLLER, 'C$', 'Windows\\NTDS\\ntds.dit', 'read');
  onShare(scene, MISUSED, CONTROLLER, 'SYSVOL', 'example.test\\Policies\\Groups.xml', 'read');
  onShare(scene, MISUSED, FILES, 'home', 'hanako\\passwords.kdbx', 'read');
  for (let i = 0; i < 12; i++) throughPipe(scene, MISUSED, desktop(i), 'srvsvc', SHARES, [15]);
  for (let i = 0; i < 8; i++) {
    scene.talk(MISUSED, desktop(i), part(rdp, 0));
    fetch(scene, MISUSED, desktop(i), '/wsman', {
      method: 'POST',
      host: desktop(i),
      agent: 'Microsoft WinRM Client',
      fields: ['Authorization: Negotiate oYG=', 'Content-Type: application/soap+xml;charset=UTF-8'],
      body: '<s:Envelope/>',
      port: 5985,
    });
  }
  for (let i = 0; i < 12; i++) scene.talk(MISUSED, desktop(i), part(ssh, 0));
}

function stranger(scene: Scene): void {
  scene.tcp(MISUSED, FILES, 445, ...loginAs('administrator', 'kali'));
  scene.tcp(MISUSED, OUTSIDE, 445, ...loginAs('taro', 'PC66'));
  scene.tcp(OUTSIDE, FILES, 445, ...loginAs('guest', 'HOST'));
  scene.talk(OUTSIDE, desktop(1), part(rdp, 0));
  fetch(scene, MISUSED, OUTSIDE, '/pixel.png', {
    host: 'img.example',
    status: '401 Unauthorized',
    answer: ['WWW-Authenticate: NTLM'],
    fields: ['Authorization: NTLM TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAAKAGFKAAAADw=='],
  });
  scene.udp('10.20.1.99', '10.20.0.1', 67, [
    'client',
    dhcp(1, [0, 0, 0, 0], option(53, [1]), option(12, 'kali')),
  ]);
}

export function attack(): Take {
  const scene = new Scene();
  kerberosAttacks(scene);
  directoryAttacks(scene);
  movement(scene);
  stranger(scene);
  takeover(scene, MISUSED, FILES, CONTROLLER, desktop);
  return {
    scene,
    about: {
      kind: 'attack',
      title: 'A misused desktop in a Windows domain: tickets, directory, services, shares, replication',
      origin:
        'pc66 asks a domain controller for weak tickets, guesses accounts, searches the directory, calls services of ' +
        'machines through pipes and connections, reads what holds passwords and speaks RDP, WinRM and SSH with many; ' +
        'a stranger outside speaks SMB and RDP with the house.',
      attacker: [MISUSED, OUTSIDE, '10.20.1.99'],
      victims: [CONTROLLER, FILES],
    },
  };
}

export function normal(): Take {
  const scene = new Scene();
  for (let round = 0; round < 3; round++) {
    const desk = `10.20.1.${11 + round}`;
    scene.talk(desk, CONTROLLER, part(krb5, 0));
    scene.tcp(desk, CONTROLLER, 88, ...ticketFor(18, 'cifs', 'files.example.test'));
    scene.talk(desk, CONTROLLER, part(ldap, 3));
    scene.talk(desk, CONTROLLER, part(ldap, 1));
    onShare(scene, desk, FILES, 'home', 'plan.txt', 'read');
    onShare(scene, desk, FILES, 'home', 'plan.txt', 'write');
    manyFiles(scene, desk, FILES, 'home', ['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf'], 'read');
    manyFiles(scene, desk, FILES, 'home', ['new.docx'], 'rename');
    throughPipe(scene, desk, FILES, 'srvsvc', SHARES, [15]);
    overTcp(scene, desk, CONTROLLER, 49_673, LOGON, [4, 26]);
    scene.wait(40);
  }
  scene.talk(DESK, '10.20.0.60', part(rdp, 0));
  scene.talk(DESK, '10.20.0.22', part(ssh, 0));
  scene.udp(DESK, '10.20.0.1', 67, ['client', dhcp(1, [0, 0, 0, 0], option(53, [1]), option(12, 'pc11'))]);
  return {
    scene,
    about: {
      kind: 'benign',
      title: 'A Windows domain on an ordinary morning: log-ins, tickets, files, one remote desktop',
      origin:
        'Three desktops log in by Kerberos with AES, find and ask their domain controller, read and write a file and ' +
        'list the shares of the file server; an administrator opens a remote desktop and an SSH session.',
    },
  };
}
