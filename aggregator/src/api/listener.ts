// What all listeners share: time-outs, bounds and a log that never names what was asked or who is watched.
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import { problems } from './problems.ts';

/** Slow or stuck peers are let go; ms. */
const REQUEST_TIMEOUT = 30_000;
const CONNECTION_TIMEOUT = 60_000;
const KEEP_ALIVE = 72_000;
/** A JSON body of a person's request; bytes. */
const BODY_LIMIT = 64 * 1024;

/** The structured log, one for all listeners. */
export const newLog = (level: string, stream: NodeJS.WritableStream): FastifyBaseLogger =>
  Fastify({ logger: { level, stream, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` } })
    .log;

export interface ListenerOptions {
  readonly log: FastifyBaseLogger;
  /** TLS settings; in clear when absent. */
  readonly https?: object;
  /** Extra framework settings. */
  readonly also?: Partial<FastifyServerOptions>;
}

export function newListener({ log, https, also }: ListenerOptions): FastifyInstance {
  const options = {
    loggerInstance: log,
    // Requests are counted, not logged: their paths and queries may name what is watched.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
    connectionTimeout: CONNECTION_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE,
    forceCloseConnections: 'idle' as const,
    return503OnClosing: true,
    ...also,
  };
  // The server's own type differs with TLS; routes see no difference.
  const app = (
    https === undefined ? Fastify(options) : Fastify({ ...options, https } as object)
  ) as FastifyInstance;
  // Schemas describe and check what comes in; what goes out is plain JSON, checked against them in tests.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  problems(app);
  // While it closes, each answer is the last of its connection: nobody has to be waited for.
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  return app;
}
