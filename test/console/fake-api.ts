// A stand-in for the aggregator's web listener: the HTTP API as written down, over data that stays the same.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { type FakeAlert, type FakeGroup, makeAlert, makeGroup, seeded } from './fake-groups.ts';
import { BODIES, iso, sensors } from './fake-network.ts';

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'informational'] as const;
const MEDIA: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
/** As strict as the aggregator's own: a console that needs more is refused here first. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const QUERY: Record<string, readonly string[]> = {
  groups: ['state', 'severity', 'body', 'sensor', 'rule', 'address', 'q', 'since', 'sort', 'limit', 'cursor'],
  alerts: ['limit', 'cursor'],
  series: ['metric', 'from', 'until', 'step', 'body', 'sensor', 'by'],
};

export interface FakeApi {
  readonly url: string;
  /** A new group with its first alert, told to all who listen; the answer is the group. */
  newGroup(): FakeGroup;
  /** One more alert for the group at this place of the queue. */
  moreOf(index: number): FakeGroup;
  /** Somebody else sets this group's state; this analyst is not told. */
  changeBehind(id: string, state: string): void;
  /** What was written, in order. */
  readonly writes: readonly { path: string; body: unknown }[];
  /** Every answer of the API is this refusal while it is set. */
  refusal: { status: number; code: string; title: string; detail: string; mend?: string } | null;
  close(): Promise<void>;
}

export interface FakeOptions {
  /** Folder of the built console. */
  readonly dist: string;
  readonly groups?: number;
  readonly sensors?: 'mixed' | 'all-live' | 'none';
}

const isOpen = ({ state }: FakeGroup): boolean => state === 'new' || state === 'in_progress';

export async function startFakeApi({
  dist,
  groups: size = 640,
  sensors: kind = 'mixed',
}: FakeOptions): Promise<FakeApi> {
  const started = Date.now();
  const groups = Array.from({ length: size }, (_, n) => makeGroup(n, started));
  const writes: { path: string; body: unknown }[] = [];
  const listeners = new Set<ServerResponse>();
  let row = 1_000;
  let made = size;
  let refusal: FakeApi['refusal'] = null;

  const publicGroup = ({ history: _, rule: { id, name, kind, tags, confidence }, ...group }: FakeGroup) => ({
    ...group,
    rule: { id, name, kind, tags, confidence },
  });

  function json(response: ServerResponse, body: unknown, status = 200): void {
    response.writeHead(status, {
      'content-type': status < 400 ? 'application/json' : 'application/problem+json',
      'cache-control': 'no-store',
    });
    response.end(JSON.stringify(body));
  }
  const problem = (
    response: ServerResponse,
    status: number,
    code: string,
    title: string,
    detail = title,
  ): void => json(response, { type: `/problems/${code}`, title, status, detail, code }, status);

  function listGroups(query: URLSearchParams) {
    const state = query.get('state') ?? 'open';
    const least = query.get('severity');
    const text = query.get('q')?.toLowerCase();
    const found = groups.filter(
      (group) =>
        (state === 'all' || (state === 'open' ? isOpen(group) : group.state === state)) &&
        (!least || SEVERITIES.indexOf(group.severity) <= SEVERITIES.indexOf(least as 'low')) &&
        (!query.get('body') || group.body.id === query.get('body')) &&
        (!text ||
          [group.rule.name, group.src.ip, group.dest.ip].some((one) => one.toLowerCase().includes(text))),
    );
    const late = (a: FakeGroup, b: FakeGroup): number => b.last_seen.localeCompare(a.last_seen);
    found.sort(query.get('sort') === 'last_seen' ? late : (a, b) => b.priority - a.priority || late(a, b));
    const open = groups.filter(isOpen);
    return {
      ...page(found.map(publicGroup), query),
      counts: {
        open: open.length,
        by_severity: Object.fromEntries(
          SEVERITIES.map((one) => [one, open.filter(({ severity }) => severity === one).length]),
        ),
      },
    };
  }

  function page<Item>(all: readonly Item[], query: URLSearchParams) {
    const from = Number(query.get('cursor') ?? 0);
    const limit = Number(query.get('limit') ?? 100);
    return {
      items: all.slice(from, from + limit),
      next: from + limit < all.length ? String(from + limit) : null,
    };
  }

  function series(query: URLSearchParams) {
    const from = Date.parse(query.get('from') ?? '') / 1_000;
    const until = Date.parse(query.get('until') ?? '') / 1_000;
    const step = Number(query.get('step'));
    const metric = query.get('metric') ?? '';
    const level = { packets: 42_000, bytes: 31e6, flows: 610, events: 900, alerts: 0.004 }[metric] ?? 1;
    const value = (name: string, share: number) =>
      Array.from({ length: Math.floor((until - from) / step) }, (_, index) => {
        const at = from + index * step;
        if (at * 1_000 > started) return null;
        const noise = seeded(Math.floor(at / step) * 31 + name.length * 7 + metric.length)();
        const daily = 0.55 + 0.45 * Math.sin(((at % 86_400) / 86_400) * 2 * Math.PI - 0.9);
        const amount =
          metric === 'alerts'
            ? share * level * step * (noise > 0.8 ? 14 * noise : noise)
            : level * daily * (0.85 + 0.3 * noise) * step;
        return Math.round(amount);
      });
    const names =
      query.get('by') === 'severity'
        ? SEVERITIES.map((one, index) => [one, [0.1, 0.3, 0.9, 1.4, 1][index]!] as const)
        : [['all', 1] as const];
    return {
      from: query.get('from'),
      until: query.get('until'),
      step,
      unit: metric,
      coverage: value('coverage', 1).map((one, index) => (one === null ? null : index % 10 === 3 ? 0.97 : 1)),
      series: names.map(([name, share]) => ({ name, values: value(name, share) })),
    };
  }

  const ledger = () =>
    page(
      Array.from({ length: 160 }, (_, index) => {
        const seq = 160 - index;
        return {
          seq,
          time: iso(started - index * 95_000),
          actor: ['sato', 'suzuki', 'operator', 'yagura://sakura/sakura-1'][index % 4],
          action: [
            'groups.read',
            'group.read',
            'alerts.read',
            'group.archived',
            'series.read',
            'session.opened',
          ][index % 6],
          object: ['groups', groups[index % Math.max(1, groups.length)]?.id ?? '-', 'alerts'][index % 3],
          detail: { rows: (index * 37) % 200, q: index % 5 === 0 ? '203.0.113' : undefined },
          hash: createHash('sha256').update(String(seq)).digest('hex'),
        };
      }),
      new URLSearchParams({ limit: '500' }),
    );

  const nowSensors = () => {
    const all = sensors(Date.now());
    if (kind === 'none') return [];
    return kind === 'mixed'
      ? all
      : all.filter(({ status, blind }) => status === 'live' && blind.length === 0);
  };

  async function patch(
    request: IncomingMessage,
    response: ServerResponse,
    group: FakeGroup,
    path: string,
  ): Promise<void> {
    if (request.headers['x-yagura-csrf'] !== '1')
      return problem(response, 403, 'csrf_required', 'The header x-yagura-csrf is missing');
    const expected = request.headers['if-match'];
    if (expected && expected !== group.etag)
      return problem(response, 412, 'group_changed', 'The group was changed meanwhile');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as { state: string; note?: string };
    writes.push({ path, body });
    group.state = body.state;
    group.etag = `"${Number(group.etag.slice(1, -1)) + 1}"`;
    group.history.unshift({
      time: iso(Date.now()),
      actor: 'analyst',
      action: body.state,
      note: body.note ?? null,
    });
    json(response, { ...publicGroup(group), history: group.history });
  }

  function stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': ping\n\n');
    listeners.add(response);
    response.on('close', () => listeners.delete(response));
  }

  async function api(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const [resource = '', id, part] = url.pathname.slice('/api/v1/'.length).split('/');
    if (refusal) return json(response, refusal, refusal.status);
    const allowed = QUERY[part ?? (id ? '' : resource)];
    const unknown = allowed && [...url.searchParams.keys()].find((name) => !allowed.includes(name));
    if (unknown) return problem(response, 400, 'unknown_parameter', `There is no parameter ${unknown}`);
    if (resource === 'session')
      return json(response, { name: 'analyst', role: 'analyst', until: iso(started + 8 * 3_600_000) });
    if (resource === 'stream') return stream(response);
    if (resource === 'bodies')
      return json(response, {
        items: BODIES.map(({ prefixes, ...body }, index) => ({
          ...body,
          authority: {
            id: `auth-${body.id}`,
            article: ['サイバーセキュリティ基本法 第25条', '同法 第13条', '同法 第25条', '協定'][index],
            instrument: [
              '令和8年内閣告示第12号',
              '令和8年3月1日付 協定書',
              '令和8年内閣告示第12号',
              '令和7年度 協定書',
            ][index],
            prefixes,
            valid_from: iso(started - 200 * 86_400_000),
            valid_until: iso(started + [400, 12, 400, -3][index]! * 86_400_000),
            status: index === 3 ? 'lapsed' : 'valid',
          },
          sensors: nowSensors().filter((sensor) => sensor.body.id === body.id).length,
          open_groups: groups.filter((group) => isOpen(group) && group.body.id === body.id).length,
        })),
        next: null,
      });
    if (resource === 'sensors') return json(response, { items: nowSensors() });
    if (resource === 'series') return json(response, series(url.searchParams));
    if (resource === 'ledger') return json(response, ledger());
    if (resource === 'groups' && !id) return json(response, listGroups(url.searchParams));
    const group = groups.find((one) => one.id === id);
    if (resource !== 'groups' || !group) return problem(response, 404, 'not_found', 'There is no such thing');
    if (part === 'alerts') {
      const all = Array.from({ length: Math.min(group.count, 2_000) }, (_, k) => k);
      const { items, next } = page(all, url.searchParams);
      return json(response, { items: items.map((k) => makeAlert(group, k)), next });
    }
    if (request.method === 'PATCH') return patch(request, response, group, url.pathname);
    json(response, { ...publicGroup(group), history: group.history });
  }

  async function file(response: ServerResponse, pathname: string): Promise<void> {
    const wanted = extname(pathname) ? pathname : '/index.html';
    try {
      const body = await readFile(join(dist, normalize(wanted)));
      response.writeHead(200, {
        'content-type': MEDIA[extname(wanted)] ?? 'application/octet-stream',
        'content-security-policy': CONTENT_SECURITY_POLICY,
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  }

  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    const answer = url.pathname.startsWith('/api/v1/')
      ? api(request, response, url)
      : file(response, url.pathname);
    answer.catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));

  function tell(group: FakeGroup, alert: FakeAlert): void {
    const data = JSON.stringify({ alert, group: publicGroup(group) });
    row += 1;
    for (const listener of listeners) listener.write(`event: alert\nid: ${row}\ndata: ${data}\n\n`);
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    writes,
    get refusal() {
      return refusal;
    },
    set refusal(value) {
      refusal = value;
    },
    newGroup() {
      const now = iso(Date.now());
      const group: FakeGroup = {
        ...makeGroup(made++, Date.now()),
        state: 'new',
        severity: 'critical',
        priority: 100,
        count: 1,
        first_seen: now,
        last_seen: now,
        received_last: now,
        history: [],
        histogram: [...Array(23).fill(0), 1],
      };
      groups.push(group);
      tell(group, makeAlert(group, 0));
      return group;
    },
    moreOf(index) {
      const [listed] = listGroups(new URLSearchParams()).items.slice(index, index + 1);
      const group = groups.find(({ id }) => id === listed?.id)!;
      group.count += 1;
      group.last_seen = iso(Date.now());
      tell(group, makeAlert(group, 0));
      return group;
    },
    changeBehind(id, state) {
      const group = groups.find((one) => one.id === id)!;
      group.state = state;
      group.etag = `"${Number(group.etag.slice(1, -1)) + 1}"`;
    },
    async close() {
      for (const listener of listeners) listener.destroy();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
