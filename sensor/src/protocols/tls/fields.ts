// The fields of a `tls` record (Suricata 8 EVE; Zeek's ssl and x509 logs as aliases): of TLS over TCP, and of DTLS.
import { u16 } from '../../bytes/read.ts';
import type { Field, Value } from '../protocol.ts';
import type { Certificate } from './certificate.ts';
import { fingerprintFields } from './fingerprints.ts';
import { alpnNames, offeredVersion, selectedVersion, serverName } from './hello.ts';
import { alertName, cipherName, groupName, versionName } from './names.ts';
import type { Session } from './session.ts';

type Spec = Omit<Field<Session>, 'read' | 'type'> & { type?: Field['type'] };
const field = (spec: Spec, read: (s: Session) => Value): Field<Session> => ({
  type: 'string',
  ...spec,
  read,
});

const hasChain = (s: Session): boolean => s.chain !== undefined;
const hasClientChain = (s: Session): boolean => s.clientChain !== undefined;

/** Of the server's certificate. */
const ofServer = (spec: Spec, read: (c: Certificate) => Value): Field<Session> =>
  field({ ...spec, when: hasChain }, ({ chain }) => {
    const leaf = chain?.leaf;
    return leaf && read(leaf);
  });
/** Of the client's certificate: it is somebody's. */
const ofClient = (spec: Omit<Spec, 'class'>, read: (c: Certificate) => Value): Field<Session> =>
  field({ ...spec, class: 'identifier', when: hasClientChain }, ({ clientChain }) => {
    const leaf = clientChain?.leaf;
    return leaf && read(leaf);
  });

const isSet = (flag: boolean | undefined): true | undefined => (flag === true ? true : undefined);

/** How an earlier session is taken up. */
function resumption(s: Session): string | undefined {
  if (!s.resumed) return undefined;
  if (!s.isOld) return 'psk';
  const { client } = s;
  const hasTicket =
    client !== undefined && client.ticketAt >= 0 && u16(client.bytes, client.ticketAt - 2) > 0;
  return hasTicket ? 'ticket' : 'session_id';
}

export const fields: readonly Field<Session>[] = [
  field(
    {
      name: 'tls.sni',
      class: 'name',
      aliases: ['server_name'],
      about: 'Server name that the client asked for.',
    },
    ({ client }) => client && serverName(client),
  ),
  field(
    { name: 'tls.version', class: 'protocol', about: 'Version that the server chose.' },
    ({ server }) => server && versionName(selectedVersion(server)),
  ),
  field(
    {
      name: 'tls.session_resumed',
      type: 'boolean',
      class: 'protocol',
      aliases: ['resumed'],
      about: 'An earlier session was taken up again.',
    },
    (s) => isSet(s.resumed),
  ),
  field(
    {
      name: 'tls.resumption',
      class: 'protocol',
      about: 'By what it was taken up: session_id, ticket or psk.',
    },
    resumption,
  ),
  {
    name: 'tls.from_proto',
    type: 'string',
    class: 'protocol',
    about: 'What the flow spoke before it went over to TLS (STARTTLS, CONNECT).',
    read: (_, event) => event.flow?.app_proto_orig,
  },
  ofServer(
    { name: 'tls.subject', class: 'name', about: 'Subject of the server certificate.' },
    (c) => c.subject,
  ),
  ofServer(
    { name: 'tls.issuerdn', class: 'name', aliases: ['issuer'], about: 'Issuer of the server certificate.' },
    (c) => c.issuer,
  ),
  ofServer(
    {
      name: 'tls.subjectaltname',
      class: 'name',
      aliases: ['san.dns'],
      about: 'Other names of the server certificate: hosts, addresses, URIs.',
    },
    (c) => c.alternativeNames,
  ),
  ofServer(
    { name: 'tls.serial', class: 'protocol', about: 'Serial number of the server certificate.' },
    (c) => c.serial,
  ),
  ofServer(
    { name: 'tls.fingerprint', class: 'protocol', about: 'SHA-1 of the server certificate.' },
    (c) => c.fingerprint,
  ),
  ofServer(
    { name: 'tls.fingerprint_sha256', class: 'protocol', about: 'SHA-256 of the server certificate.' },
    (c) => c.fingerprint256,
  ),
  ofServer(
    { name: 'tls.notbefore', class: 'protocol', about: 'Start of its validity, UTC.' },
    (c) => c.notBefore,
  ),
  ofServer(
    { name: 'tls.notafter', class: 'protocol', about: 'End of its validity, UTC.' },
    (c) => c.notAfter,
  ),
  ofServer(
    {
      name: 'tls.self_signed',
      type: 'boolean',
      class: 'protocol',
      about: 'The server certificate names its subject as its issuer.',
    },
    (c) => isSet(c.selfSigned),
  ),
  ofServer(
    {
      name: 'tls.key_type',
      class: 'protocol',
      aliases: ['certificate.key_type'],
      about: 'Kind of the key in the server certificate: rsa, ecdsa, dsa, ed25519, ed448.',
    },
    (c) => c.keyType,
  ),
  ofServer(
    {
      name: 'tls.key_length',
      type: 'integer',
      class: 'protocol',
      aliases: ['certificate.key_length'],
      about: 'Its length in bits.',
    },
    (c) => c.keyLength,
  ),
  ofServer(
    {
      name: 'tls.sig_alg',
      class: 'protocol',
      aliases: ['certificate.sig_alg'],
      about: 'Algorithm with which the server certificate is signed.',
    },
    (c) => c.signature,
  ),
  field(
    {
      name: 'tls.chain_length',
      type: 'integer',
      class: 'protocol',
      about: 'Certificates that the server sent.',
    },
    ({ chain }) => chain?.length,
  ),
  ofClient({ name: 'tls.client.subject', about: 'Subject of the client certificate.' }, (c) => c.subject),
  ofClient({ name: 'tls.client.issuerdn', about: 'Issuer of the client certificate.' }, (c) => c.issuer),
  ofClient({ name: 'tls.client.serial', about: 'Its serial number.' }, (c) => c.serial),
  ofClient({ name: 'tls.client.fingerprint', about: 'Its SHA-1.' }, (c) => c.fingerprint),
  ofClient({ name: 'tls.client.fingerprint_sha256', about: 'Its SHA-256.' }, (c) => c.fingerprint256),
  ofClient({ name: 'tls.client.notbefore', about: 'Start of its validity, UTC.' }, (c) => c.notBefore),
  ofClient({ name: 'tls.client.notafter', about: 'End of its validity, UTC.' }, (c) => c.notAfter),
  field(
    { name: 'tls.client_alpns', class: 'protocol', about: 'Application protocols that the client offers.' },
    ({ client }) => client && alpnNames(client),
  ),
  field(
    {
      name: 'tls.server_alpns',
      class: 'protocol',
      aliases: ['next_protocol'],
      about: 'Application protocol that the server chose.',
    },
    ({ server }) => server && alpnNames(server),
  ),
  field(
    {
      name: 'tls.cipher',
      class: 'protocol',
      aliases: ['cipher'],
      about: 'Cipher suite that the server chose.',
    },
    ({ server }) =>
      server !== undefined && server.ciphersEnd > server.ciphersAt
        ? cipherName(u16(server.bytes, server.ciphersAt))
        : undefined,
  ),
  field(
    { name: 'tls.curve', class: 'protocol', aliases: ['curve'], about: 'Group of the key exchange.' },
    (s) => (s.group === 0 ? undefined : groupName(s.group)),
  ),
  field(
    {
      name: 'tls.client_handshake.version',
      class: 'protocol',
      about: 'Highest version that the client offers.',
    },
    ({ client }) => client && versionName(client.isSsl2 ? 2 : offeredVersion(client)),
  ),
  field(
    {
      name: 'tls.ech',
      type: 'boolean',
      class: 'protocol',
      about: 'The hello holds an Encrypted ClientHello or its likeness: the server name may be an outer one.',
    },
    ({ client }) => isSet(client?.hasEch),
  ),
  field(
    {
      name: 'tls.esni',
      type: 'boolean',
      class: 'protocol',
      about: 'The hello holds an encrypted server name, as drafts before ECH had it.',
    },
    ({ client }) => isSet(client?.hasEsni),
  ),
  field(
    {
      name: 'tls.early_data',
      type: 'boolean',
      class: 'protocol',
      about: 'The client sends data before the server has answered.',
    },
    ({ client }) => isSet(client?.hasEarlyData),
  ),
  field(
    {
      name: 'tls.last_alert',
      class: 'protocol',
      aliases: ['last_alert'],
      about: 'The last alert in clear, from either side.',
    },
    (s) => (s.alert < 0 ? undefined : alertName(s.alert)),
  ),
  ...fingerprintFields<Session>('tls', {
    client: (s) => s.client,
    server: (s) => s.server,
    transport: (s) => s.transport,
  }),
];

/** What is odd in a handshake, over TCP or UDP. */
export const anomalies = {
  invalid_record: 'Bytes in mid-handshake are no TLS record.',
  invalid_handshake: 'A hello contradicts its own lengths.',
  invalid_certificate: 'The server certificate is no X.509.',
  own_curve: 'A certificate brings an elliptic curve of its own instead of naming one (CVE-2020-0601).',
  heartbeat_overread: 'A heartbeat asks for more bytes than it carries (CVE-2014-0160, Heartbleed).',
  downgrade:
    'The server marks its answer as lower than what both sides could speak: somebody between them changed it.',
  fatal_alert: 'One side ended the handshake with a fatal alert.',
} as const;
