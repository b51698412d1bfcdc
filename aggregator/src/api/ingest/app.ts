// The ingest listener: TLS 1.3 only, asks every client for a certificate, serves sensors and nobody else.
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { newListener } from '../listener.ts';
import type { Parts } from '../parts.ts';
import { notFound } from '../problems.ts';
import { batches } from './batches.ts';
import { enrol } from './enrol.ts';

export function ingestApp(parts: Parts, log: FastifyBaseLogger): FastifyInstance {
  const { ca } = parts;
  const app = newListener({
    log,
    https: {
      key: ca.server.key,
      cert: ca.server.chain,
      ca: ca.certificate,
      minVersion: 'TLSv1.3',
      requestCert: true,
      // A sensor that enrols has no certificate yet; every other route checks it (identity.ts).
      rejectUnauthorized: false,
    },
  });
  app.setNotFoundHandler(notFound);
  enrol(app, parts);
  batches(app, parts);
  return app;
}
