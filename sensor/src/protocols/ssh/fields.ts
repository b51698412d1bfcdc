// What an `ssh` record says of the two programs and of what they agreed upon.
import type { Field, Value } from '../protocol.ts';
import {
  agreed,
  CIPHER_TO_SERVER,
  COMPRESSION_TO_SERVER,
  HOST_KEY,
  KEX,
  type KexInit,
  MAC_TO_SERVER,
} from './kexinit.ts';

/** What one side said of itself. */
export class Side {
  /** Its banner, without line end. */
  banner: string | undefined;
  kexInit: KexInit | undefined;
}

/** What an `ssh` record tells. */
export class Session {
  readonly client = new Side();
  readonly server = new Side();
}

type Spec = Omit<Field<Session>, 'read' | 'type' | 'class'> & Partial<Pick<Field, 'type'>>;
const field = (spec: Spec, read: (s: Session) => Value): Field<Session> => ({
  type: 'string',
  class: 'protocol',
  ...spec,
  read,
});

/** SSH-protoversion-softwareversion SP comments (RFC 4253 §4.2). */
const BANNER = /^SSH-([^-]*)-([^ ]*)/;
const MAX_SOFTWARE = 128;
const part = (side: Side, n: number): string | undefined =>
  BANNER.exec(side.banner ?? '')?.[n].substring(0, MAX_SOFTWARE);

const sideFields = (name: 'client' | 'server'): Field<Session>[] => [
  field({ name: `ssh.${name}.banner`, aliases: [`zeek.ssh.${name}`], about: `Banner of the ${name}.` }, (s) =>
    s[name].banner?.substring(0, MAX_SOFTWARE),
  ),
  field(
    { name: `ssh.${name}.proto_version`, about: `Version of the protocol that the ${name} names.` },
    (s) => part(s[name], 1),
  ),
  field({ name: `ssh.${name}.software_version`, about: `Program that the ${name} says it is.` }, (s) =>
    part(s[name], 2),
  ),
  field(
    {
      name: `ssh.${name}.hassh.hash`,
      aliases: [name === 'client' ? 'hassh' : 'hasshServer'],
      about: `HASSH of the ${name}: MD5 of hassh.string.`,
    },
    (s) => s[name].kexInit?.hassh(name === 'server'),
  ),
  field(
    {
      name: `ssh.${name}.hassh.string`,
      aliases: [name === 'client' ? 'hasshAlgorithms' : 'hasshServerAlgorithms'],
      about: `What the ${name} offers: key exchange, ciphers, MACs, compression of the way from it.`,
    },
    (s) => s[name].kexInit?.hasshString(name === 'server'),
  ),
  field(
    { name: `ssh.${name}.host_key_algs`, about: `Kinds of host keys that the ${name} offers or accepts.` },
    (s) => s[name].kexInit?.list(HOST_KEY),
  ),
];

const negotiated = (name: string, which: number, what: string): Field<Session> =>
  field(
    { name: `ssh.${name}`, aliases: [name], about: `${what} that both sides agree upon.` },
    ({ client, server }) =>
      client.kexInit === undefined || server.kexInit === undefined
        ? undefined
        : agreed(client.kexInit, server.kexInit, which),
  );

export const sshFields: readonly Field<Session>[] = [
  field(
    {
      name: 'ssh.version',
      type: 'integer',
      aliases: ['zeek.ssh.version'],
      about: 'Version that both sides can speak: 1 or 2.',
    },
    ({ client, server }) => {
      const versions = [part(client, 1), part(server, 1)].filter((v) => v !== undefined);
      return versions.every((v) => v === '1.99' || v.startsWith('2')) ? 2 : 1;
    },
  ),
  ...sideFields('client'),
  ...sideFields('server'),
  negotiated('kex_alg', KEX, 'Key exchange'),
  negotiated('host_key_alg', HOST_KEY, 'Kind of host key'),
  negotiated('cipher_alg', CIPHER_TO_SERVER, 'Cipher to the server'),
  negotiated('mac_alg', MAC_TO_SERVER, 'MAC to the server'),
  negotiated('compression_alg', COMPRESSION_TO_SERVER, 'Compression to the server'),
];
