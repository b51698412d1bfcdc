// Serves the built console; any address that is not the API's leads to its first page.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../errors.ts';
import { sendProblem } from '../problems.ts';

const NOT_BUILT = 'The console is not built; the API under /api/v1 works.\n';

export async function consolePages(app: FastifyInstance, directory: string): Promise<void> {
  const built = existsSync(join(directory, 'index.html'));
  if (built) {
    await app.register(fastifyStatic, {
      root: directory,
      // Files under assets/ carry a hash in their name.
      setHeaders: (reply, path) => {
        reply.header(
          'cache-control',
          path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const page =
      (request.method === 'GET' || request.method === 'HEAD') && !/^\/(api|assets|login)\//.test(request.url);
    if (!page) return sendProblem(new Problem('not_found'), request, reply);
    return built ? reply.sendFile('index.html') : reply.code(200).type('text/plain').send(NOT_BUILT);
  });
}
