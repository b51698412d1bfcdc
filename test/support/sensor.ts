// A sensor for tests of the aggregator: enrols with its own key and posts batches over mutual TLS, byte by byte as told.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { Agent, request } from 'node:https';
import { zstdCompressSync } from 'node:zlib';
import * as x509 from '@peculiar/x509';
import {
  type Alert,
  BATCH_PATH,
  type BatchHeader,
  type BatchReply,
  ENROL_PATH,
  type EnrolReply,
  encodeBatch,
  type Series,
} from '../../sensor/src/wire/index.ts';

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: T;
}

/** One HTTPS request; the answer's body is parsed as JSON. */
export function post<T>(
  url: URL,
  agent: Agent,
  headers: Record<string, string>,
  body: Uint8Array | string,
): Promise<Answer<T>> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: JSON.parse(text || 'null') as T,
        });
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A new key and a request for it. */
export async function newRequest(): Promise<{ key: string; csr: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=anything',
    keys,
    signingAlgorithm: algorithm,
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'), csr: csr.toString('pem') };
}

/** Asks for a certificate. */
export const askToEnrol = (
  ingest: string,
  ca: string,
  body: object,
): Promise<Answer<EnrolReply & { code?: string }>> =>
  post(
    new URL(ENROL_PATH, ingest),
    new Agent({ ca }),
    { 'content-type': 'application/json' },
    JSON.stringify(body),
  );

export class TestSensor {
  readonly id: string;
  readonly agent: Agent;
  readonly prefixes: readonly string[];
  readonly #ingest: string;
  readonly #reply: EnrolReply;
  readonly #key: string;
  epoch = '0123456789abcdef';
  #next = 0;

  constructor(ingest: string, reply: EnrolReply, key: string) {
    this.id = reply.sensor;
    this.prefixes = reply.prefixes;
    this.#ingest = ingest;
    this.#reply = reply;
    this.#key = key;
    this.agent = new Agent({ ca: reply.ca, cert: reply.certificate, key, keepAlive: true, maxSockets: 8 });
  }

  static async enrol(ingest: string, token: string, ca: string): Promise<TestSensor> {
    const { key, csr } = await newRequest();
    const { status, body } = await askToEnrol(ingest, ca, { token, csr });
    if (status !== 200) throw new Error(`enrolment refused: ${body.code}`);
    return new TestSensor(ingest, body, key);
  }

  header(count: number, firstSeq: number, more: Partial<BatchHeader> = {}): BatchHeader {
    return {
      v: 1,
      sensor: this.id,
      epoch: this.epoch,
      first_seq: firstSeq,
      count,
      profile: 'strict',
      ...more,
    };
  }

  /** Sends records under the next sequence numbers, or under those given. */
  send(
    records: readonly object[],
    more: Partial<BatchHeader> = {},
  ): Promise<Answer<BatchReply & { code?: string }>> {
    const header = this.header(records.length, this.#next, more);
    this.#next = Math.max(this.#next, header.first_seq + records.length);
    return this.raw(
      zstdCompressSync(
        encodeBatch(
          header,
          records.map((record) => JSON.stringify(record)),
        ),
      ),
    );
  }

  /** Sends a body as it is. */
  raw(
    body: Uint8Array | string,
    encoding = 'zstd',
    agent = this.agent,
  ): Promise<Answer<BatchReply & { code?: string }>> {
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': encoding };
    return post(new URL(BATCH_PATH, this.#ingest), agent, headers, body);
  }

  /** The same sensor towards an aggregator that came back elsewhere. */
  at(ingest: string): TestSensor {
    return new TestSensor(ingest, this.#reply, this.#key);
  }

  close(): void {
    this.agent.destroy();
  }
}

/** An alert inside the test body's scope; `n` varies the time by seconds. */
export function anAlert(more: Partial<Alert> = {}, n = 0): Alert {
  return {
    kind: 'alert',
    time: new Date(Date.UTC(2026, 3, 1, 10, 0, n)).toISOString().replace('Z', '000Z'),
    rule: {
      id: 'rule-1',
      name: 'A rule',
      kind: 'sigma',
      severity: 'high',
      confidence: 80,
      tags: ['attack.t1046'],
    },
    reason: { en: 'It fired.', ja: '発火した。' },
    event_type: 'dns',
    src_ip: '10.1.2.3',
    src_port: 40_000,
    dest_ip: '192.0.2.9',
    dest_port: 53,
    proto: 'UDP',
    app_proto: 'dns',
    evidence: { 'dns.queries.rrname': 'bad.example' },
    matched: ['dns.queries.rrname'],
    withheld: [],
    ...more,
  };
}

export function aSeries(second: number, more: Partial<Series> = {}): Series {
  const bucket = new Date(Date.UTC(2026, 3, 1, 10, 0, second)).toISOString().replace('Z', '000Z');
  return {
    kind: 'series',
    bucket,
    seconds: 10,
    packets: 100,
    bytes: 64_000,
    flows: 3,
    events: { dns: 4, tls: 2 },
    ...more,
  };
}
