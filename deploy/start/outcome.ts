// The table that `npm start -- --once` ends with: what the sensor counted and what the aggregator made of it.

interface Report {
  readonly decoder: { readonly pkts: number };
  readonly flow: { readonly total: number };
  readonly events: Readonly<Record<string, number>>;
  readonly alerts_by_rule: Readonly<Record<string, number>>;
}

interface Groups {
  readonly counts: { readonly open: number; readonly by_severity: Readonly<Record<string, number>> };
}

/** @param link one-time log-in link: the groups are asked for as a person would */
export async function outcome(report: Report, web: string, link: string, seconds: number): Promise<string> {
  const login = await fetch(link, { redirect: 'manual' });
  const cookie = login.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ');
  const groups = (await (
    await fetch(new URL('/api/v1/groups?state=open&limit=1', web), { headers: { cookie } })
  ).json()) as Groups;
  const rows: [string, number | string][] = [
    ['packets', report.decoder.pkts],
    ['flows', report.flow.total],
    ...counted('events', report.events),
    ...counted('alerts', report.alerts_by_rule),
    ['groups', groups.counts.open],
    ...counted('groups', groups.counts.by_severity),
    ['seconds', seconds.toFixed(1)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, value]) => `${name.padEnd(width)}  ${value.toLocaleString('en-US').padStart(10)}\n`)
    .join('');
}

const counted = (what: string, counts: Readonly<Record<string, number>>): [string, number][] =>
  Object.entries(counts)
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => [`${what}: ${name}`, count]);
