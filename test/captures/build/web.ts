// Web requests and answers as text, names asked for, and TLS sessions up to where they are encrypted.
import { chain, cipherChange, done } from '../../laws/conversations/tls.ts';
import { answer, dns, query } from '../../support/packets/dns.ts';
import { type Octets, octets } from '../../support/packets/octets.ts';
import { clientHello, extension, handshake, records, serverHello } from '../../support/packets/tls.ts';
import type { Scene } from './scene.ts';

export const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

export interface Asked {
  readonly method?: string;
  readonly host?: string;
  readonly agent?: string;
  readonly fields?: readonly string[];
  readonly body?: Octets;
  readonly status?: string;
  readonly answer?: readonly string[];
  readonly page?: Octets;
  readonly port?: number;
  readonly segment?: number;
}

export const head = (line: string, ...fields: readonly string[]): string =>
  [line, ...fields, '', ''].join('\r\n');

/** One request over HTTP/1.1 and its answer. */
export function fetch(scene: Scene, client: string, server: string, url: string, asked: Asked = {}): Scene {
  const { method = 'GET', host = 'www.example.jp', agent = BROWSER, fields = [], body = [] } = asked;
  const { status = '200 OK', answer = ['Content-Type: text/html'], page = '<p>hello</p>' } = asked;
  const sent = octets(body);
  const names = [`Host: ${host}`, ...(agent === '' ? [] : [`User-Agent: ${agent}`]), ...fields];
  const length = sent.length > 0 ? [`Content-Length: ${sent.length}`] : [];
  return scene.talk(
    client,
    server,
    {
      transport: 'tcp',
      port: asked.port ?? 80,
      messages: [
        ['client', octets(head(`${method} ${url} HTTP/1.1`, ...names, ...length), sent)],
        [
          'server',
          octets(head(`HTTP/1.1 ${status}`, ...answer, `Content-Length: ${octets(page).length}`), page),
        ],
      ],
    },
    asked.segment === undefined ? {} : { segment: asked.segment },
  );
}

/** A name that is asked for at the house's resolver, and its address. */
export const resolve = (scene: Scene, client: string, server: string, name: string): Scene =>
  scene.udp(client, server, 53, ['client', query(name)], ['server', answer(name, ['198.51.100.80'])]);

/** The same for a name that does not exist, or with another result. */
export const refused = (
  scene: Scene,
  client: string,
  server: string,
  name: string,
  type: number,
  flags = 0x8183,
): Scene =>
  scene.udp(
    client,
    server,
    53,
    ['client', query(name, type)],
    ['server', dns({ flags, questions: [{ name, type }] })],
  );

const SESSION = new Uint8Array(32).fill(3);

export interface Session {
  readonly name?: string;
  readonly cipher?: number;
  readonly version?: number;
  readonly certificate?: Uint8Array;
  readonly more?: Parameters<typeof clientHello>[0]['extensions'];
  readonly port?: number;
}

/** A session of TLS 1.2 or older: its certificate is in clear. */
export function encrypt(scene: Scene, client: string, server: string, session: Session = {}): Scene {
  const { name, cipher = 0xc02b, version = 0x0303, certificate, more = [], port = 443 } = session;
  const named = name === undefined ? [] : [extension.serverName(name)];
  const flight = octets(
    serverHello({ version, ciphers: [cipher], session: SESSION, extensions: [extension.empty(23)] }),
    certificate === undefined ? [] : chain(certificate),
    done,
  );
  return scene.tcp(
    client,
    server,
    port,
    [
      'client',
      records(
        clientHello({
          version,
          ciphers: [...new Set([0xc02b, 0xc02f, cipher])],
          session: certificate === undefined ? SESSION : [],
          extensions: [...named, extension.groups([23, 24]), ...more],
        }),
      ),
    ],
    ['server', records(flight, { version })],
    ['client', octets(records(handshake(16, new Uint8Array(66).fill(4)), { version }), cipherChange)],
    ['client', records(new Uint8Array(40).fill(0x5a), { version, type: 22 })],
    ['server', octets(cipherChange, records(new Uint8Array(40).fill(0xa5), { version, type: 22 }))],
    ['client', records(new Uint8Array(300).fill(0x5a), { version, type: 23 })],
    ['server', records(new Uint8Array(900).fill(0xa5), { version, type: 23 })],
  );
}
