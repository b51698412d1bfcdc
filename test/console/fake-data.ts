// What a quiet Monday in a federated network looks like: bodies, sensors, groups and their alerts, from one seed.
import { createHash } from 'node:crypto';
import type { Alert, Health, Severity } from 'yagura-sensor/wire';

/** mulberry32: small, seeded, good enough to look real. */
export function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const iso = (ms: number): string => `${new Date(ms).toISOString().slice(0, -1)}000Z`;
const hex = (text: string): string => createHash('sha256').update(text).digest('hex');

type RuleOf = Alert['rule'] & {
  event: string;
  port: number;
  app?: string;
  reason: Alert['reason'];
  evidence: Alert['evidence'];
  matched: string[];
  withheld: string[];
};

const rule = (
  id: string,
  name: string,
  kind: Alert['rule']['kind'],
  severity: Severity,
  tags: string[],
  rest: Omit<RuleOf, keyof Alert['rule']>,
): RuleOf => ({ id, name, kind, severity, confidence: 60 + ((id.length * 7) % 40), tags, ...rest });

export const RULES: readonly RuleOf[] = [
  rule(
    'ygr-scan-001',
    'Many ports of one host tried in a short time',
    'behaviour',
    'medium',
    ['attack.discovery', 'attack.t1046'],
    {
      event: 'flow',
      port: 0,
      reason: {
        en: 'One address tried 212 different ports of the same host within 60 seconds, and 209 of them did not answer.',
        ja: '一つのアドレスが 60 秒以内に同じホストの 212 個のポートへ接続を試み、うち 209 個は応答しませんでした。',
      },
      evidence: {
        'flow.state': 'rejected',
        'flow.pkts_toserver': 1,
        'flow.bytes_toserver': 60,
        'scan.ports': 212,
        'scan.unanswered': 209,
        'scan.window_s': 60,
      },
      matched: ['scan.ports', 'scan.unanswered'],
      withheld: [],
    },
  ),
  rule(
    'ygr-dnstun-001',
    'Data carried in DNS queries (tunnel)',
    'behaviour',
    'critical',
    ['attack.command_and_control', 'attack.exfiltration', 'attack.t1071.004', 'attack.t1048.003'],
    {
      event: 'dns',
      port: 53,
      app: 'dns',
      reason: {
        en: '1,840 different long names of high entropy were asked under one domain within five minutes; ordinary domains see fewer than thirty.',
        ja: '5 分間に一つのドメイン配下で、長くランダム性の高い名前が 1,840 種類問い合わされました。通常は 30 種類未満です。',
      },
      evidence: {
        'dns.type': 'request',
        'dns.rrname': 'paaqc3d2mfzxi2lpnu.t1.update-cdn.example',
        'dns.rrtype': 'NULL',
        'dns.tx_id': 40961,
        'dns.rcode': 'NOERROR',
        'dns.labels': 4,
        'dns.entropy': 4.71,
        'dns.distinct_names': 1840,
      },
      matched: ['dns.rrname', 'dns.entropy', 'dns.distinct_names', 'dns.answers.text'],
      withheld: ['dns.answers.text'],
    },
  ),
  rule(
    'ygr-beacon-001',
    'Regular calls to one outside host (beacon)',
    'behaviour',
    'high',
    ['attack.command_and_control', 'attack.t1071.001', 'attack.t1573'],
    {
      event: 'tls',
      port: 443,
      app: 'tls',
      reason: {
        en: 'The host called the same server 96 times, every 300 seconds with 4 % jitter, each time with nearly the same size.',
        ja: 'このホストは同じサーバーに 300 秒間隔（ゆらぎ 4 %）で 96 回接続し、毎回ほぼ同じ大きさの通信をしました。',
      },
      evidence: {
        'tls.sni': 'telemetry.weather-now.example',
        'tls.version': 'TLS 1.3',
        'tls.ja3.hash': '6734f37431670b3ab4292b8f60f29984',
        'tls.ja4': 't13d1516h2_8daaf6152771_e5627efa2ab1',
        'tls.alpn': ['h2', 'http/1.1'],
        'beacon.interval_s': 300.4,
        'beacon.jitter': 0.041,
        'beacon.calls': 96,
      },
      matched: ['beacon.interval_s', 'beacon.jitter', 'tls.sni'],
      withheld: [],
    },
  ),
  rule(
    'ygr-ssh-brute-001',
    'SSH log-in tried many times',
    'correlation',
    'high',
    ['attack.credential_access', 'attack.t1110.001'],
    {
      event: 'ssh',
      port: 22,
      app: 'ssh',
      reason: {
        en: 'The same address opened 148 short SSH sessions to this host within ten minutes.',
        ja: '同じアドレスが 10 分間にこのホストへ短い SSH セッションを 148 回開きました。',
      },
      evidence: {
        'ssh.client.software_version': 'libssh_0.10.6',
        'ssh.client.proto_version': '2.0',
        'ssh.server.software_version': 'OpenSSH_9.2p1',
        'ssh.hassh': 'f80b2f0a1a5f0c8a0d2a1f6cbf0a8f5e',
        'correlation.events': 148,
      },
      matched: ['correlation.events', 'ssh.client.software_version', 'ssh.user'],
      withheld: ['ssh.user'],
    },
  ),
  rule(
    'ygr-web-brute-001',
    'Web log-in tried many times',
    'correlation',
    'medium',
    ['attack.credential_access', 'attack.t1110.003'],
    {
      event: 'http',
      port: 80,
      app: 'http',
      reason: {
        en: '412 POST requests to a log-in page of this server were answered 401 or 403 within ten minutes.',
        ja: 'このサーバーのログイン画面への POST が 10 分間に 412 回、401 または 403 で拒否されました。',
      },
      evidence: {
        'http.hostname': 'intranet.city.example.lg.jp',
        'http.http_method': 'POST',
        'http.status': 401,
        'http.http_user_agent': 'Hydra',
        'http.length': 431,
        'correlation.events': 412,
      },
      matched: ['http.http_method', 'http.status', 'http.url', 'correlation.events'],
      withheld: ['http.url', 'http.username'],
    },
  ),
  rule(
    'ygr-ioc-ja4-017',
    'TLS fingerprint of a known remote-control tool',
    'indicator',
    'critical',
    ['attack.command_and_control', 'attack.t1219'],
    {
      event: 'tls',
      port: 8443,
      app: 'tls',
      reason: {
        en: 'The client’s TLS fingerprint (JA4) is on the list of remote-control tools seen in attacks on public bodies.',
        ja: 'クライアントの TLS フィンガープリント（JA4）が、公的機関への攻撃で確認された遠隔操作ツールの一覧と一致しました。',
      },
      evidence: {
        'tls.sni': 'cdn-sync.example',
        'tls.ja4': 't12i110600_6a6d9cfb8c5a_3e5a0b2f1d77',
        'tls.version': 'TLS 1.2',
        'tls.subject': 'CN=cdn-sync.example',
        'tls.issuerdn': 'CN=cdn-sync.example',
        'tls.notafter': '2027-01-04T09:00:00',
      },
      matched: ['tls.ja4'],
      withheld: [],
    },
  ),
  rule(
    'ygr-smb-lateral-003',
    'Administrative share opened from a workstation',
    'sigma',
    'high',
    ['attack.lateral_movement', 'attack.t1021.002'],
    {
      event: 'smb',
      port: 445,
      app: 'smb',
      reason: {
        en: 'A workstation opened the ADMIN$ share of another workstation; administrators here use a jump host.',
        ja: '業務端末が別の業務端末の ADMIN$ 共有を開きました。当機関では管理者は踏み台を使います。',
      },
      evidence: {
        'smb.dialect': '3.1.1',
        'smb.command': 'SMB2_COMMAND_TREE_CONNECT',
        'smb.share_type': 'FILE',
        'smb.status': 'STATUS_SUCCESS',
      },
      matched: ['smb.command', 'smb.share'],
      withheld: ['smb.share', 'smb.ntlmssp.user', 'smb.filename'],
    },
  ),
  rule('ygr-tls-old-002', 'TLS 1.0 offered by a server of this body', 'sigma', 'low', ['attack.t1557'], {
    event: 'tls',
    port: 443,
    app: 'tls',
    reason: {
      en: 'A server answered with TLS 1.0, which RFC 8996 forbids.',
      ja: 'サーバーが RFC 8996 で禁止された TLS 1.0 で応答しました。',
    },
    evidence: {
      'tls.sni': 'legacy.pref.example.lg.jp',
      'tls.version': 'TLSv1',
      'tls.ja3s.hash': 'ec74a5c51106f0419184d0dd08fb05bc',
    },
    matched: ['tls.version'],
    withheld: [],
  }),
  rule(
    'ygr-upload-001',
    'Unusually large upload to one outside host',
    'behaviour',
    'high',
    ['attack.exfiltration', 'attack.t1048'],
    {
      event: 'flow',
      port: 443,
      app: 'tls',
      reason: {
        en: '4.2 GiB went to one outside host; the host’s median day is 38 MiB.',
        ja: '外部の一つのホストに 4.2 GiB が送信されました。この端末の一日の中央値は 38 MiB です。',
      },
      evidence: {
        'flow.bytes_toserver': 4_509_715_660,
        'flow.bytes_toclient': 21_883_204,
        'flow.pkts_toserver': 3_120_442,
        'flow.age': 1804,
        'upload.median_bytes': 39_845_888,
      },
      matched: ['flow.bytes_toserver', 'upload.median_bytes'],
      withheld: [],
    },
  ),
  rule(
    'ygr-http-cli-004',
    'Program download by a command-line client',
    'sigma',
    'medium',
    ['attack.command_and_control', 'attack.t1105'],
    {
      event: 'http',
      port: 80,
      app: 'http',
      reason: {
        en: 'A command-line client fetched an executable content type over plain HTTP.',
        ja: 'コマンドラインのクライアントが、平文の HTTP で実行形式のファイルを取得しました。',
      },
      evidence: {
        'http.hostname': '203.0.113.77',
        'http.http_user_agent': 'curl/8.5.0',
        'http.http_content_type': 'application/x-dosexec',
        'http.http_method': 'GET',
        'http.status': 200,
        'http.length': 734_208,
      },
      matched: ['http.http_user_agent', 'http.http_content_type', 'http.url'],
      withheld: ['http.url', 'fileinfo.filename'],
    },
  ),
  rule(
    'ygr-mqtt-ext-001',
    'Control system’s message broker reached from outside',
    'sigma',
    'critical',
    ['attack.initial_access', 'attack.t1190', 'attack.t0883'],
    {
      event: 'mqtt',
      port: 1883,
      app: 'mqtt',
      reason: {
        en: 'An address outside the body’s networks opened an MQTT session to a broker of the water works.',
        ja: '機関のネットワーク外のアドレスが、水道設備の MQTT ブローカーへセッションを開きました。',
      },
      evidence: {
        'mqtt.connect.protocol_string': 'MQTT',
        'mqtt.connect.protocol_version': 5,
        'mqtt.connack.return_code': 0,
      },
      matched: ['mqtt.connack.return_code', 'mqtt.connect.client_id'],
      withheld: ['mqtt.connect.client_id', 'mqtt.subscribe.topics'],
    },
  ),
  rule(
    'ygr-dns-nx-002',
    'Many names that do not exist',
    'correlation',
    'low',
    ['attack.command_and_control', 'attack.t1568.002'],
    {
      event: 'dns',
      port: 53,
      app: 'dns',
      reason: {
        en: 'The host asked for 340 different names that do not exist within ten minutes.',
        ja: 'この端末は 10 分間に存在しない名前を 340 種類問い合わせました。',
      },
      evidence: {
        'dns.rrname': 'kqzvtrwpxm.example',
        'dns.rcode': 'NXDOMAIN',
        'dns.rrtype': 'A',
        'correlation.distinct': 340,
      },
      matched: ['dns.rcode', 'correlation.distinct'],
      withheld: [],
    },
  ),
  rule(
    'ygr-flow-new-001',
    'New service seen inside the network',
    'behaviour',
    'informational',
    ['attack.t1133'],
    {
      event: 'flow',
      port: 8080,
      reason: {
        en: 'A host that never served anything accepted connections on a new port.',
        ja: 'これまでサービスを提供していなかったホストが、新しいポートで接続を受け付けました。',
      },
      evidence: { 'flow.state': 'established', 'service.port': 8080, 'service.first': true },
      matched: ['service.port'],
      withheld: [],
    },
  ),
];

export const BODIES = [
  {
    id: 'sakura',
    name: { en: 'City of Sakura', ja: '桜見本市' },
    kind: 'municipality',
    prefixes: ['10.20.0.0/16', '2001:db8:20::/48'],
  },
  {
    id: 'mizu',
    name: { en: 'Mizuho Water Works', ja: '瑞穂水道事業団' },
    kind: 'critical-infrastructure',
    prefixes: ['10.31.0.0/16'],
  },
  {
    id: 'kensetsu',
    name: { en: 'Ministry of Samples, Regional Bureau', ja: '見本省 地方整備局' },
    kind: 'ministry',
    prefixes: ['10.40.0.0/14', '192.0.2.0/24'],
  },
  {
    id: 'daigaku',
    name: { en: 'Mihon University Hospital', ja: '見本大学病院' },
    kind: 'hospital',
    prefixes: ['10.52.0.0/16'],
  },
] as const;

const health = (packets: number, dropped: number, spool: number): Health => ({
  time: iso(Date.now()),
  version: '0.1.0',
  packets,
  bytes: packets * 611,
  dropped_kernel: dropped,
  dropped_decoder: 12,
  flows_active: 1_200 + (packets % 9_000),
  rules: 148,
  spool_bytes: spool * 900,
  spool_records: spool,
  spool_shed: 0,
});

export function sensors(now: number) {
  const day = 86_400_000;
  const list = [
    {
      body: 0,
      name: 'sakura-1',
      status: 'live',
      ago: 3_000,
      health: health(184_220_311, 0, 0),
      drops: 0,
      blind: [],
      days: 81,
      skew: 0.1,
      refused: {},
    },
    {
      body: 0,
      name: 'sakura-2',
      status: 'live',
      ago: 6_000,
      health: health(90_112_054, 31_220, 14),
      drops: 0.000346,
      blind: [{ from: iso(now - 5_400_000), until: iso(now - 5_340_000), reason: 'dropped', count: 31_220 }],
      days: 81,
      skew: 0.2,
      refused: {},
    },
    {
      body: 1,
      name: 'mizu-edge',
      status: 'silent',
      ago: 47 * 60_000,
      health: health(8_220_004, 0, 0),
      drops: 0,
      blind: [
        { from: iso(now - 47 * 60_000), until: iso(now), reason: 'silent', count: 0 },
        { from: iso(now - 3 * day), until: iso(now - 3 * day + 720_000), reason: 'restart', count: 0 },
      ],
      days: 9,
      skew: 4.3,
      refused: { outside_scope: 18 },
    },
    {
      body: 2,
      name: 'bureau-tokyo',
      status: 'live',
      ago: 1_500,
      health: health(2_406_554_912, 0, 0),
      drops: 0,
      blind: [],
      days: 203,
      skew: 0,
      refused: {},
    },
    {
      body: 3,
      name: 'hospital-core',
      status: 'live',
      ago: 4_200,
      health: health(611_300_870, 0, 220),
      drops: 0,
      blind: [],
      days: 44,
      skew: -0.3,
      refused: { malformed: 2 },
    },
    {
      body: 3,
      name: 'hospital-lab',
      status: 'never',
      ago: null,
      health: null,
      drops: null,
      blind: [],
      days: 89,
      skew: null,
      refused: {},
    },
  ] as const;
  return list.map((one) => {
    const { id, name } = BODIES[one.body];
    return {
      id: `yagura://${id}/${one.name}`,
      name: one.name,
      body: { id, name },
      status: one.status,
      last_seen: one.ago === null ? null : iso(now - one.ago),
      health: one.health,
      drops_ratio: one.drops,
      blind: one.blind,
      certificate_until: iso(now + one.days * day),
      clock_skew_s: one.skew,
      refused: one.refused,
    };
  });
}

export type FakeAlert = Alert & { id: string; group: string; body: string; sensor: string; received: string };
export interface FakeGroup {
  [member: string]: unknown;
  id: string;
  etag: string;
  state: string;
  severity: Severity;
  priority: number;
  count: number;
  rule: RuleOf;
  body: { id: string; name: { en: string; ja: string } };
  sensors: string[];
  src: { ip: string; distinct: number };
  dest: { ip: string; port: number; distinct: number };
  first_seen: string;
  last_seen: string;
  history: { time: string; actor: string; action: string; note: string | null }[];
}

const BASE: Record<Severity, number> = { critical: 88, high: 68, medium: 46, low: 24, informational: 8 };

/** Group number `n`; the same numbers give the same groups. */
export function makeGroup(n: number, now: number, random = seeded(n + 1)): FakeGroup {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const one = pick(RULES);
  const bodyIndex = Math.floor(random() * BODIES.length);
  const { id, name } = BODIES[bodyIndex]!;
  const inside =
    bodyIndex === 0 && random() < 0.2
      ? `2001:db8:20:${Math.floor(random() * 0xffff).toString(16)}::${Math.floor(random() * 0xffff).toString(16)}`
      : `10.${[20, 31, 40, 52][bodyIndex]}.${Math.floor(random() * 256)}.${1 + Math.floor(random() * 254)}`;
  const outside = pick([
    `203.0.113.${1 + Math.floor(random() * 254)}`,
    `198.51.100.${1 + Math.floor(random() * 254)}`,
  ]);
  const inbound = ['ygr-scan-001', 'ygr-ssh-brute-001', 'ygr-mqtt-ext-001', 'ygr-web-brute-001'].includes(
    one.id,
  );
  const count = Math.max(1, Math.floor(10 ** (random() * 4.2)));
  const last = now - Math.floor(random() ** 3 * 20 * 3_600_000) - 4_000;
  const first = count === 1 ? last : last - Math.floor(random() ** 2 * 18 * 3_600_000) - 60_000;
  const step = Math.max(10, Math.ceil((last - first) / 24_000));
  const shape = Array.from({ length: 24 }, () => random() ** 2);
  const total = shape.reduce((a, b) => a + b, 0);
  const histogram =
    count === 1 ? [...Array(23).fill(0), 1] : shape.map((part) => Math.round((part / total) * count));
  const state = n % 9 === 4 ? 'in_progress' : n % 17 === 11 ? 'resolved' : n % 13 === 7 ? 'archived' : 'new';
  return {
    id: hex(`group ${n}`).slice(0, 32),
    etag: '"1"',
    state,
    severity: one.severity,
    priority: Math.min(100, BASE[one.severity] + Math.floor(Math.log10(count) * 3)),
    rule: one,
    reason: one.reason,
    body: { id, name },
    sensors: [sensors(now).find(({ body }) => body.id === id)!.name],
    src: { ip: inbound ? outside : inside, distinct: Math.min(64, count) },
    dest: {
      ip: inbound ? inside : outside,
      port: one.port,
      distinct: one.id === 'ygr-scan-001' ? 1 + Math.floor(random() * 64) : 1,
    },
    direction: inbound ? 'inbound' : one.id === 'ygr-smb-lateral-003' ? 'internal' : 'outbound',
    proto: one.event === 'dns' ? 'UDP' : 'TCP',
    app_proto: one.app ?? null,
    count,
    first_seen: iso(first),
    last_seen: iso(last),
    received_last: iso(last + 2_000),
    histogram,
    histogram_from: iso(first),
    histogram_step_s: step,
    history:
      state === 'new'
        ? []
        : [
            {
              time: iso(last + 3_000),
              actor: 'sato',
              action: state,
              note:
                state === 'resolved' ? 'Vulnerability scan by the body itself, announced for today.' : null,
            },
          ],
  };
}

/** Alert number `k` of a group, 0 being the newest. */
export function makeAlert(group: FakeGroup, k: number): FakeAlert {
  const { rule: r } = group;
  const last = Date.parse(group.last_seen);
  const spacing = (last - Date.parse(group.first_seen)) / Math.max(1, group.count - 1);
  const time = k === group.count - 1 ? group.first_seen : iso(Math.round(last - k * spacing));
  return {
    kind: 'alert',
    id: hex(`${group.id} ${group.count - k}`).slice(0, 32),
    group: group.id,
    body: group.body.id,
    sensor: `yagura://${group.body.id}/${group.sensors[0]!}`,
    received: iso(Date.parse(time) + 2_000),
    time,
    rule: {
      id: r.id,
      name: r.name,
      kind: r.kind,
      severity: r.severity,
      confidence: r.confidence,
      tags: r.tags,
    },
    reason: r.reason,
    event_type: r.event,
    src_ip: group.src.ip,
    src_port: 40_000 + (((group.count - k) * 7919) % 20_000),
    dest_ip: group.dest.ip,
    dest_port: group.dest.port || 1 + (((group.count - k) * 331) % 65_000),
    proto: group['proto'] as string,
    ...(r.app && { app_proto: r.app }),
    community_id: `1:${createHash('sha1').update(group.id).digest('base64')}`,
    evidence: r.evidence,
    matched: r.matched,
    withheld: r.withheld,
  };
}
