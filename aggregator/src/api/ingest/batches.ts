// POST /ingest/v1/batches: a sensor's records in, an answer only after they are durable.
import type { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BATCH_CONTENT_TYPE, BATCH_PATH, type BatchReply, MAX_BATCH_BYTES } from 'yagura-sensor/wire';
import type { Outcome } from '../../alerts/flight.ts';
import type { Sensor } from '../../authority/sensor.ts';
import { type ErrorCode, Problem } from '../../errors.ts';
import { now } from '../../time.ts';
import type { Parts } from '../parts.ts';
import { decodeBatch, unpack } from './decode.ts';
import { identify } from './identity.ts';

/** Refusals of a whole batch that are shown with the sensor, for its operator. */
const COUNTED: ReadonlySet<ErrorCode> = new Set([
  'authority_missing',
  'authority_lapsed',
  'authority_not_yet',
  'sensor_mismatch',
  'sensor_revoked',
  'malformed_batch',
  'batch_too_large',
]);

export function batches(app: FastifyInstance, parts: Parts): void {
  const { records, queue, warrants, metrics, limits } = parts;
  /** Batches on the way by sensor. */
  const onTheWay = new Map<string, number>();
  const senders = new WeakMap<FastifyRequest, Sensor>();

  app.addContentTypeParser(
    BATCH_CONTENT_TYPE,
    { parseAs: 'buffer', bodyLimit: MAX_BATCH_BYTES },
    (_request, body, done) => done(null, body),
  );

  async function take(request: FastifyRequest): Promise<BatchReply> {
    const received = now();
    const sender = senders.get(request)!;
    const plain = await unpack(request.body as Buffer, request.headers['content-encoding']);
    const { header, arrivals, refused } = decodeBatch(plain);
    if (header.sensor !== sender.id) throw new Problem('sensor_mismatch');
    const warrant = await warrants.of(sender.body, received);
    const { id: sensor, body, last_seen: heard_before } = sender;
    const submission = { sensor, body, heard_before, header, arrivals, refused, warrant, received };
    const outcome = await queue.offer(submission);
    return reply(header.first_seq + header.count - 1, outcome);
  }

  app.post(BATCH_PATH, {
    // Before the body is read: who it is, and whether there is room.
    async onRequest(request) {
      const sensor = await identify(request.raw.socket as TLSSocket, records);
      const already = onTheWay.get(sensor.id) ?? 0;
      if (already >= limits.sensorBatches) throw new Problem('sensor_too_eager', undefined, 1);
      onTheWay.set(sensor.id, already + 1);
      senders.set(request, sensor);
    },
    async handler(request) {
      const stop = metrics.ingestSeconds.startTimer();
      try {
        return await take(request);
      } catch (error) {
        if (error instanceof Problem && COUNTED.has(error.code)) {
          const { id } = senders.get(request)!;
          await records.write((writer) => writer.refused(id, error.code, 1));
          metrics.refused.inc({ code: error.code });
        }
        throw error;
      } finally {
        stop();
      }
    },
    async onResponse(request, response) {
      metrics.batches.inc({ code: String(response.statusCode) });
      release(request);
    },
    async onRequestAbort(request) {
      release(request);
    },
  });

  function release(request: FastifyRequest): void {
    const sender = senders.get(request);
    if (sender === undefined) return;
    senders.delete(request);
    const left = (onTheWay.get(sender.id) ?? 1) - 1;
    if (left > 0) onTheWay.set(sender.id, left);
    else onTheWay.delete(sender.id);
  }
}

const reply = (last: number, { duplicates, refused }: Outcome): BatchReply => ({
  acked_through: last,
  duplicates,
  rejected: refused
    .toSorted((a, b) => a.index - b.index)
    .map(({ index, code, reason }) => ({ index, code, reason })),
});
