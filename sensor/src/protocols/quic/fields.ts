// The fields of a `quic` record (Suricata 8 EVE; Zeek's quic log as aliases).
import { md5Hex } from '../../bytes/hash.ts';
import { u16 } from '../../bytes/read.ts';
import { hex } from '../../bytes/text.ts';
import type { Field, Value } from '../protocol.ts';
import { fingerprintFields } from '../tls/fingerprints.ts';
import { alpnNames, extensionTypes, type Hello, selectedGroup, serverName } from '../tls/hello.ts';
import { cipherName, groupName } from '../tls/names.ts';
import { extensionName } from './extension-names.ts';
import { cyuVersion, type GoogleHello } from './google.ts';
import type { QuicRecord } from './talk.ts';
import { versionText } from './versions.ts';

type Spec = Omit<Field<QuicRecord>, 'read' | 'type' | 'class'> & {
  type?: Field['type'];
  class?: Field['class'];
};
const field = (spec: Spec, read: (r: QuicRecord) => Value): Field<QuicRecord> => ({
  type: 'string',
  class: 'protocol',
  ...spec,
  read,
});

const clientHello = (r: QuicRecord): Hello | undefined => (r.fromServer ? undefined : r.hello);
const serverHello = (r: QuicRecord): Hello | undefined => (r.fromServer ? r.hello : undefined);
/** Connection ids of the packet that the record comes from. */
const scid = ({ bytes, header }: QuicRecord): string | undefined =>
  header.scidLength > 0 ? hex(bytes, header.scidAt, header.scidAt + header.scidLength) : undefined;
const dcid = ({ bytes, header }: QuicRecord): string | undefined =>
  header.dcidLength > 0 ? hex(bytes, header.dcidAt, header.dcidAt + header.dcidLength) : undefined;

const isSet = (flag: boolean | undefined): true | undefined => (flag === true ? true : undefined);

/** What CYU is the MD5 of: the version, and the tags of the hello. */
const cyuText = (version: number, hello: GoogleHello): string => `${cyuVersion(version)},${hello.tags}`;

export const fields: readonly Field<QuicRecord>[] = [
  field({ name: 'quic.version', about: 'Version of the protocol: hex, or the letters of Google’s.' }, (r) =>
    versionText(r.version),
  ),
  field(
    {
      name: 'quic.sni',
      class: 'name',
      aliases: ['server_name'],
      about: 'Server name that the client asked for.',
    },
    (r) => {
      const hello = clientHello(r);
      return hello === undefined ? r.google?.sni : serverName(hello);
    },
  ),
  field(
    { name: 'quic.ua', about: 'Program that the client says it is (Google’s versions).' },
    (r) => r.google?.userAgent,
  ),
  field(
    {
      name: 'quic.client_alpns',
      aliases: ['client_protocol'],
      about: 'Application protocols that the client offers.',
    },
    (r) => {
      const hello = clientHello(r);
      return hello && alpnNames(hello);
    },
  ),
  field(
    { name: 'quic.extensions[].name', about: 'Name of an extension of the hello.' },
    (r) => r.hello && extensionTypes(r.hello).map(extensionName),
  ),
  field(
    { name: 'quic.extensions[].type', type: 'integer', about: 'Its number.' },
    (r) => r.hello && extensionTypes(r.hello),
  ),
  field({ name: 'quic.cipher', aliases: ['cipher'], about: 'Cipher suite that the server chose.' }, (r) => {
    const hello = serverHello(r);
    return hello && cipherName(u16(hello.bytes, hello.ciphersAt));
  }),
  field({ name: 'quic.curve', aliases: ['curve'], about: 'Group of the key exchange.' }, (r) => {
    const hello = serverHello(r);
    const group = hello === undefined ? 0 : selectedGroup(hello);
    return group === 0 ? undefined : groupName(group);
  }),
  field(
    {
      name: 'quic.session_resumed',
      type: 'boolean',
      aliases: ['resumed'],
      about: 'An earlier session was taken up again.',
    },
    (r) => isSet(serverHello(r)?.hasPsk),
  ),
  field(
    {
      name: 'quic.early_data',
      type: 'boolean',
      about: 'The client sends data before the server has answered.',
    },
    (r) => isSet(clientHello(r)?.hasEarlyData),
  ),
  field(
    {
      name: 'quic.ech',
      type: 'boolean',
      about: 'The hello holds an Encrypted ClientHello or its likeness: the server name may be an outer one.',
    },
    (r) => isSet(clientHello(r)?.hasEch),
  ),
  field(
    {
      name: 'quic.retry',
      type: 'boolean',
      about: 'The server had asked the client to prove its address first.',
    },
    (r) => isSet(r.retry),
  ),
  field({ name: 'quic.versions', about: 'Versions that the server offers instead.' }, (r) =>
    r.versions?.map(versionText),
  ),
  field(
    {
      name: 'quic.client_initial_dcid',
      about: 'Connection id that the client first chose for the server; all Initial keys come from it.',
    },
    (r) => (r.fromServer || r.retry ? undefined : dcid(r)),
  ),
  field({ name: 'quic.client_scid', about: 'Connection id that the client chose for itself.' }, (r) =>
    r.fromServer ? undefined : scid(r),
  ),
  field({ name: 'quic.server_scid', about: 'Connection id that the server chose for itself.' }, (r) =>
    r.fromServer ? scid(r) : undefined,
  ),
  ...fingerprintFields<QuicRecord>('quic', {
    client: (r) => (r.fromServer ? undefined : r.hello),
    server: (r) => (r.fromServer ? r.hello : undefined),
    transport: () => 'q',
  }),
  field(
    { name: 'quic.cyu[].hash', about: 'Fingerprint of a client of Google’s versions (CYU).' },
    (r) => r.google && [md5Hex(cyuText(r.version, r.google))],
  ),
  field(
    { name: 'quic.cyu[].string', about: 'What CYU is the MD5 of.' },
    (r) => r.google && [cyuText(r.version, r.google)],
  ),
];
