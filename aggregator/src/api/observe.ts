// The metrics listener: /metrics for Prometheus, /-/healthy and /-/ready for whoever keeps the process running.
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { Problem } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import { newListener } from './listener.ts';
import { notFound } from './problems.ts';

/** @param ready false while starting or stopping, or when the store cannot be read */
export function observeApp(
  metrics: Metrics,
  ready: () => Promise<boolean>,
  log: FastifyBaseLogger,
): FastifyInstance {
  const app = newListener({ log });
  app.setNotFoundHandler(notFound);
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  app.get('/-/healthy', async (_request, reply) => reply.type('text/plain').send('healthy\n'));
  app.get('/-/ready', async (_request, reply) => {
    if (!(await ready())) throw new Problem('stopping', 'Not ready to serve.', 1);
    return reply.type('text/plain').send('ready\n');
  });
  return app;
}
