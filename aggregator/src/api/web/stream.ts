// GET /api/v1/stream: the live tail as server-sent events. Each client reads the store at its own pace and can resume.

import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Parts } from '../parts.ts';
import { traceRead } from './gate.ts';
import { bodyNames, showGroup } from './groups.ts';
import { showSensor } from './sensors.ts';

const PING_MS = 15_000;
/** Alerts read at once. */
const PAGE = 200;
/** Who is further behind is told how many were left out, and goes on from near the end: nobody can read thousands. */
const FURTHEST_BEHIND = 2_000;
/** Bytes that may wait for a slow reader before we stop reading for it. */
const BACKLOG_BYTES = 1 << 20;
/** Least time between two looks at the store, and between two reports of one sensor; ms. */
const PAUSE_MS = 100;
const SENSOR_PAUSE_MS = 1_000;

const Query = Type.Object({
  after: Type.Optional(Type.Integer({ minimum: 0, description: 'Row number of the last alert seen.' })),
});
const Headers = Type.Object({ 'last-event-id': Type.Optional(Type.String({ pattern: '^\\d{1,15}$' })) });

export function stream(app: FastifyInstance, parts: Parts): void {
  const { records, tail } = parts;
  const open = new Set<Follower>();

  app.get<{ Querystring: Static<typeof Query>; Headers: Static<typeof Headers> }>('/api/v1/stream', {
    schema: {
      operationId: 'followAlerts',
      summary: 'Live tail as server-sent events: alert, sensor, skipped',
      tags: ['alerts'],
      querystring: Query,
      headers: Headers,
      response: { 200: Type.String({ description: 'text/event-stream' }) },
    },
    async handler(request, reply) {
      const resume = request.headers['last-event-id'] ?? request.query.after;
      const from = resume === undefined ? await records.lastRow() : Number(resume);
      await traceRead(parts, request, 'stream.opened', 'alerts', 0);
      reply.hijack();
      const { raw } = reply;
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) raw.setHeader(name, value);
      raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
      const follower = new Follower(parts, raw, from, request.session!.until);
      open.add(follower);
      const stop = tail.follow((event) => follower.hear(event.kind === 'sensor' ? event.sensor : undefined));
      raw.once('close', () => {
        stop();
        follower.stop();
        open.delete(follower);
      });
    },
  });

  app.addHook('preClose', async () => {
    for (const follower of open) follower.end();
  });
}

/** One client: where it is in the order of arrival, and what it has yet to be told. */
class Follower {
  readonly #parts: Parts;
  readonly #out: ServerResponse;
  readonly #ping: NodeJS.Timeout;
  readonly #until: number;
  #row: number;
  #sensors = new Map<string, number>();
  #waiting = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #busy = false;
  #again = false;

  /** @param until µs; end of the session */
  constructor(parts: Parts, out: ServerResponse, row: number, until: number) {
    this.#parts = parts;
    this.#out = out;
    this.#row = row;
    this.#until = until;
    this.#ping = setInterval(() => this.#tick(), PING_MS);
    out.on('drain', () => this.#soon());
    out.write(': following\n\n');
    this.#soon();
  }

  hear(sensor: string | undefined): void {
    if (sensor !== undefined) this.#waiting.add(sensor);
    this.#soon();
  }

  stop(): void {
    clearInterval(this.#ping);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  end(): void {
    this.stop();
    this.#out.end();
  }

  #tick(): void {
    if (Date.now() * 1_000 >= this.#until) {
      this.end();
      return;
    }
    this.#out.write(': ping\n\n');
    this.#soon();
  }

  #soon(): void {
    if (this.#busy) this.#again = true;
    else if (!this.#out.writableEnded) this.#timer ??= setTimeout(() => this.#look(), PAUSE_MS);
  }

  async #look(): Promise<void> {
    this.#timer = undefined;
    this.#busy = true;
    this.#again = false;
    try {
      await this.#alerts();
      await this.#health();
    } catch {
      // The store is closing, or worse: the client comes back and resumes.
      this.end();
    }
    this.#busy = false;
    if (this.#again) this.#soon();
  }

  #send(event: string, data: unknown, id?: number): void {
    this.#out.write(
      `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`,
    );
  }

  async #alerts(): Promise<void> {
    const { records } = this.#parts;
    const last = await records.lastRow();
    if (last - this.#row > FURTHEST_BEHIND) {
      const count = last - PAGE - this.#row;
      this.#row += count;
      this.#send('skipped', { count }, this.#row);
    }
    while (this.#row < last && this.#out.writableLength < BACKLOG_BYTES && !this.#out.writableEnded) {
      const page = await records.alertsAfter(this.#row, PAGE);
      if (page.length === 0) return;
      const names = await bodyNames(this.#parts);
      const groups = await records.groupsById([...new Set(page.map(({ alert }) => alert.group))]);
      const shown = new Map(groups.map((group) => [group.id, showGroup(group, names)]));
      for (const { row, alert } of page) this.#send('alert', { alert, group: shown.get(alert.group) }, row);
      this.#row = page.at(-1)!.row;
    }
  }

  async #health(): Promise<void> {
    const { records } = this.#parts;
    const at = Date.now();
    for (const id of this.#waiting) {
      if (at - (this.#sensors.get(id) ?? 0) < SENSOR_PAUSE_MS) continue;
      this.#waiting.delete(id);
      this.#sensors.set(id, at);
      const sensor = await records.sensor(id);
      if (sensor !== undefined)
        this.#send('sensor', await showSensor(sensor, await bodyNames(this.#parts), this.#parts));
    }
  }
}
