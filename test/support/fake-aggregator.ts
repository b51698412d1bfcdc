// An aggregator that keeps what it is sent in memory and misbehaves on request.
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { zstdDecompressSync } from 'node:zlib';
import { BATCH_PATH, type BatchHeader } from '../../sensor/src/wire/batch.ts';
import { decodeHeader, decodeRecord } from '../../sensor/src/wire/codec.ts';
import type { TestAuthority } from './authority.ts';

/** What happens to the next batch with records; `ok` when the list is empty. */
export type Behaviour =
  | 'ok'
  | 'reset' // hangs up before it keeps anything
  | 'reset after keeping' // the reply is lost
  | 'half a reply' // hangs up in the middle of it
  | 'no reply'
  | 'nonsense' // 200, but no reply of ours
  | 'take one' // acknowledges the first record only
  | 'take nothing'
  | 'reject all' // refuses every record for good
  | { readonly status: number; readonly code?: string; readonly retryAfter?: string };

export interface FakeAggregator {
  readonly url: string;
  /** `<epoch>/<seq>` → line, each kept once. */
  readonly kept: Map<string, string>;
  readonly batches: BatchHeader[];
  readonly heartbeats: BatchHeader[];
  /** SAN of the certificates that came. */
  readonly callers: Set<string>;
  readonly script: Behaviour[];
  /** Records resent although they were kept already. */
  resent: number;
  /** Answer 413 to a batch of more records than this. */
  most: number;
  close(): Promise<void>;
}

export async function startFakeAggregator(authority: TestAuthority): Promise<FakeAggregator> {
  const server = createServer(
    { ...authority.server, ca: authority.certificate, requestCert: true, minVersion: 'TLSv1.3' },
    (request, response) => void answer(request, response),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const fake: FakeAggregator = {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    kept: new Map(),
    batches: [],
    heartbeats: [],
    callers: new Set(),
    script: [],
    resent: 0,
    most: 1000,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    fake.callers.add((request.socket as TLSSocket).getPeerX509Certificate()?.subjectAltName ?? 'nobody');
    if (request.url !== BATCH_PATH || request.headers['content-encoding'] !== 'zstd')
      return void response.writeHead(404).end();
    const [head, ...lines] = zstdDecompressSync(Buffer.concat(parts)).toString('utf8').trimEnd().split('\n');
    const header = decodeHeader(head!);
    if (!header.ok || header.value.count !== lines.length || !lines.every((line) => decodeRecord(line).ok))
      return void response.writeHead(400).end();
    const { epoch, first_seq, count } = header.value;
    const reply = (acked: number, duplicates = 0, rejected: object[] = []) => {
      const text = JSON.stringify({ acked_through: acked, duplicates, rejected });
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      });
      return text;
    };
    if (count === 0) {
      fake.heartbeats.push(header.value);
      return void response.end(reply(-1));
    }
    fake.batches.push(header.value);
    if (count > fake.most) return void response.writeHead(413).end();
    const behaviour = fake.script.shift() ?? 'ok';
    if (typeof behaviour === 'object') {
      const { status, code, retryAfter } = behaviour;
      if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
      return void response.writeHead(status).end(JSON.stringify({ code }));
    }
    if (behaviour === 'reset') return void request.socket.destroy();
    if (behaviour === 'no reply') return;
    if (behaviour === 'nonsense') return void response.end('{"acked":"yes"}');
    if (behaviour === 'take nothing') return void response.end(reply(first_seq - 1));
    if (behaviour === 'reject all') {
      const rejected = lines.map((_, index) => ({
        index,
        code: 'outside_scope',
        reason: lines[index]!.slice(0, 400),
      }));
      return void response.end(reply(first_seq + count - 1, 0, rejected));
    }
    const taken = behaviour === 'take one' ? 1 : count;
    let duplicates = 0;
    for (const [index, line] of lines.slice(0, taken).entries()) {
      const key = `${epoch}/${first_seq + index}`;
      if (fake.kept.has(key)) duplicates++;
      fake.kept.set(key, line);
    }
    fake.resent += duplicates;
    if (behaviour === 'reset after keeping') return void request.socket.destroy();
    const text = reply(first_seq + taken - 1, duplicates);
    if (behaviour !== 'half a reply') return void response.end(text);
    response.write(text.slice(0, text.length >> 1), () => request.socket.destroy());
  }
  return fake;
}
