// What comes after the first machines of a domain: its log cleared, its services stopped, its files taken and renamed.
import { message, result, search } from '../../laws/conversations/ldap.ts';
import { element, enumerated, octetString, sequence } from '../../support/packets/ber.ts';
import { loginAs, manyFiles, overTcp, type Service, throughPipe } from './pipes.ts';
import type { Scene } from './scene.ts';

const service = (uuid: string, version: number): Service => ({ uuid, version });
const SERVICES = service('367abb81-9844-35f1-ad32-98f038001003', 2);
const SHARES = service('4b324fc8-1670-01d3-1278-5a47bf6ee188', 3);
const STATIONS = service('6bffd098-a112-3610-9833-46c3f87e345a', 1);
const ACCOUNTS = service('12345778-1234-abcd-ef00-0123456789ac', 1);
const LOG = service('82273fdc-e32a-18c3-3f78-827929dc23ea', 0);
const SHUTDOWN = service('894de0c0-0d55-11d3-a322-00c04fa321a1', 1);
const LOGON = service('12345678-1234-abcd-ef00-01234567cffb', 1);
const REPLICATION = service('e3514235-4b06-11d1-ab04-00c04fc2dcd2', 4);

const named = (count: number, ending: string): string[] =>
  Array.from({ length: count }, (_, i) => `plans\\${2000 + i}${ending}`);
const changed = (id: number, entry: string, attribute: string): Uint8Array =>
  message(
    id,
    element(
      0x66,
      octetString(entry),
      sequence(sequence(enumerated(2), sequence(octetString(attribute), element(0x31, octetString('x'))))),
    ),
  );

export function takeover(
  scene: Scene,
  client: string,
  files: string,
  controller: string,
  desktop: (n: number) => string,
): void {
  const asked = (value: string) => element(0xa3, octetString('objectClass'), octetString(value));
  scene.tcp(
    client,
    controller,
    389,
    ['client', search(1, 'cn=configuration,dc=example', 2, asked('pKICertificateTemplate'), 'cn')],
    ['server', message(1, result(0x65, 0))],
    ['client', search(2, 'dc=example', 2, asked('trustedDomain'), 'cn')],
    ['server', message(2, result(0x65, 0))],
    ['client', changed(3, 'cn=files,dc=example', 'msDS-AllowedToActOnBehalfOfOtherIdentity')],
    ['server', message(3, result(0x67, 0))],
    ['client', changed(4, 'cn=files,dc=example', 'msDS-KeyCredentialLink')],
    ['server', message(4, result(0x67, 0))],
  );
  for (let i = 0; i < 7; i++) throughPipe(scene, client, desktop(i), 'srvsvc', SHARES, [12]);
  for (let i = 0; i < 7; i++) throughPipe(scene, client, desktop(i), 'wkssvc', STATIONS, [2]);
  throughPipe(scene, client, controller, 'samr', ACCOUNTS, [50]);
  overTcp(scene, client, controller, 49_673, LOGON, [40]);
  overTcp(scene, client, controller, 49_672, REPLICATION, [17, 5]);
  throughPipe(scene, client, files, 'eventlog', LOG, [0]);
  throughPipe(scene, client, files, 'svcctl', SERVICES, [1, 1, 2, 1, 1, 1, 2]);
  throughPipe(scene, client, files, 'initshutdown', SHUTDOWN, [0]);
  scene.tcp(client, files, 445, ...loginAs('', '', 0));
  manyFiles(scene, client, files, 'home', named(110, '.pdf'), 'read');
  manyFiles(scene, client, files, 'home', named(60, '.docx'), 'rename');
}
