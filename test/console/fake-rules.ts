// Rules as a sensor would name them, each with one event that fired it.
import type { Alert, Severity } from 'yagura-sensor/wire';

export type FakeRule = Alert['rule'] & {
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
  rest: Omit<FakeRule, keyof Alert['rule']>,
): FakeRule => ({ id, name, kind, severity, confidence: 60 + ((id.length * 7) % 40), tags, ...rest });

export const RULES: readonly FakeRule[] = [
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
