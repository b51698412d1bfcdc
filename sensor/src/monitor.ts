// The sensor's listener for operators: metrics, rules, alive, ready. Nothing else is served, and nothing is written.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { SensorError } from './errors.ts';

export interface MonitorOptions {
  /** Loopback unless the operator says otherwise: there is no password. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly registry: Registry;
  /** What each rule cost and found: all of them, where metrics name the dearest alone. */
  readonly rules: () => readonly object[];
  /** What keeps the sensor from working, in a few words; undefined when it works. */
  readonly notReady: () => string | undefined;
}

export interface Monitor {
  readonly url: string;
  close(): Promise<void>;
}

/** @throws SensorError output_unwritable when the port is taken */
export async function startMonitor(options: MonitorOptions): Promise<Monitor> {
  const { host = '127.0.0.1', port, registry, rules, notReady } = options;
  const server = createServer((request, response) => {
    request.resume();
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return say(response, 405, 'only GET is known here');
    switch (request.url?.split('?')[0]) {
      case '/metrics':
        return void registry.metrics().then(
          (text) => say(response, 200, text, registry.contentType),
          (error: Error) => say(response, 500, error.message),
        );
      case '/rules':
        return say(response, 200, JSON.stringify(rules()), 'application/json');
      case '/-/healthy':
        return say(response, 200, 'healthy');
      case '/-/ready': {
        const why = notReady();
        return say(response, why === undefined ? 200 : 503, why ?? 'ready');
      }
      default:
        return say(response, 404, 'known here: /metrics /rules /-/healthy /-/ready');
    }
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new SensorError(
      'output_unwritable',
      `the metrics cannot be served on ${host}:${port}: ${(error as Error).message}`,
      'Give another address for the metrics.',
    );
  }
  const at = server.address() as AddressInfo;
  return {
    url: `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function say(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  const body = text.endsWith('\n') ? text : `${text}\n`;
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}
