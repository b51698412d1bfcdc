// The record of an ordinary session, written at once; of one with something rare in it, the fields are asked one by one.
import { JsonBytes, jsonKeys, Prepared } from '../../bytes/json.ts';
import { Texts } from '../../bytes/json-texts.ts';
import { u16 } from '../../bytes/read.ts';
import { latin1 } from '../../bytes/text.ts';
import type { Block } from '../protocol.ts';
import type { Certificate } from './certificate.ts';
import { fields } from './fields.ts';
import { dataEnd, type Hello, offeredVersion, selectedVersion } from './hello.ts';
import { ja3, ja3s } from './ja3.ts';
import { writeJa4 } from './ja4.ts';
import { cipherName, groupName, versionName } from './names.ts';
import type { Session } from './session.ts';

const KEY = jsonKeys('sni', 'chain_length', 'client_alpns', 'server_alpns');
const JA3 = new Prepared('"ja3":{"hash":"');
const JA3S = new Prepared('"ja3s":{"hash":"');
const STRING = new Prepared('","string":"');
const END_OF_JA3 = new Prepared('"},');
const JA4 = new Prepared('"ja4":"');
const END_OF_TEXT = new Prepared('",');

const versions = new Texts((version) => `"version":"${versionName(version)}",`);
const offers = new Texts((version) => `"client_handshake":{"version":"${versionName(version)}"},`);
const ciphers = new Texts((cipher) => `"cipher":"${cipherName(cipher)}",`);
const groups = new Texts((group) => `"curve":"${groupName(group)}",`);

const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/** Everything that a record says of a certificate, made once: servers show the same one to everybody. */
const certificateJson = (c: Certificate): Prepared => (c.json ??= writeCertificate(c));

function writeCertificate(c: Certificate): Prepared {
  const out = new JsonBytes(1024);
  const member = (name: string, value: string | number | undefined): void => {
    if (value !== undefined) out.member(new Prepared(`"${name}":`), value);
  };
  member('subject', c.subject);
  member('issuerdn', c.issuer);
  if (c.alternativeNames !== undefined && c.alternativeNames.length > 0) {
    out.ascii('"subjectaltname":[');
    for (const name of c.alternativeNames) {
      out.text(name);
      out.byte(COMMA);
    }
    out.bytes[out.at - 1] = CLOSE_LIST;
    out.byte(COMMA);
  }
  member('serial', c.serial);
  member('fingerprint', c.fingerprint);
  member('fingerprint_sha256', c.fingerprint256);
  member('notbefore', c.notBefore);
  member('notafter', c.notAfter);
  if (c.selfSigned) out.ascii('"self_signed":true,');
  member('key_type', c.keyType);
  member('key_length', c.keyLength);
  member('sig_alg', c.signature);
  return new Prepared(latin1(out.bytes, 0, out.at));
}

function name(h: Hello, out: JsonBytes): void {
  const { bytes, nameAt: at } = h;
  if (at < 0) return;
  const end = dataEnd(h, at);
  const from = at + 5; // list length(2) type(1) name length(2)
  if (from > end || bytes[at + 2] !== 0) return;
  const to = Math.min(end, from + u16(bytes, at + 3));
  if (to <= from) return;
  out.prepared(KEY.sni);
  out.octets(bytes, from, to);
  out.byte(COMMA);
}

function protocols(h: Hello, key: Prepared, out: JsonBytes): void {
  if (h.alpnAt < 0) return;
  const { bytes } = h;
  const end = dataEnd(h, h.alpnAt);
  let i = h.alpnAt + 2;
  if (i >= end || i + 1 + bytes[i] > end) return;
  out.prepared(key);
  out.byte(OPEN_LIST);
  // Ends: each turn goes at least one byte on.
  for (; i < end && i + 1 + bytes[i] <= end; i += 1 + bytes[i]) {
    out.octets(bytes, i + 1, i + 1 + bytes[i]);
    out.byte(COMMA);
  }
  out.bytes[out.at - 1] = CLOSE_LIST;
  out.byte(COMMA);
}

function fingerprint(of: ReturnType<typeof ja3>, begin: Prepared, out: JsonBytes): void {
  out.prepared(begin);
  of.writeHash(out);
  out.prepared(STRING);
  of.writeText(out);
  out.prepared(END_OF_JA3);
}

export const tlsBlock: Block<Session> = {
  root: 'tls',
  fields: fields.filter((field) => !field.name.startsWith('tls.client.')),
  write(s, { flow }, out) {
    const { client, server, chain } = s;
    if (s.resumed || s.alert >= 0 || flow.app_proto_orig !== undefined) return false;
    if (client !== undefined && (client.hasEch || client.hasEsni || client.hasEarlyData)) return false;
    if (client !== undefined) name(client, out);
    if (server !== undefined) out.prepared(versions.of(selectedVersion(server)));
    if (chain !== undefined) {
      const { leaf } = chain;
      if (leaf !== undefined) out.prepared(certificateJson(leaf));
      out.count(KEY.chain_length, chain.length);
    }
    if (client !== undefined) protocols(client, KEY.client_alpns, out);
    if (server !== undefined) {
      protocols(server, KEY.server_alpns, out);
      if (server.ciphersEnd > server.ciphersAt) out.prepared(ciphers.of(u16(server.bytes, server.ciphersAt)));
    }
    if (s.group !== 0) out.prepared(groups.of(s.group));
    if (client !== undefined) {
      out.prepared(offers.of(client.isSsl2 ? 2 : offeredVersion(client)));
      if (client.isWhole) fingerprint(ja3(client), JA3, out);
    }
    if (server?.isWhole) fingerprint(ja3s(server), JA3S, out);
    if (client?.isWhole) {
      out.prepared(JA4);
      writeJa4(client, s.transport, out);
      out.prepared(END_OF_TEXT);
    }
    return true;
  },
};
