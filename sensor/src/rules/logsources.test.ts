// Log sources of other people's products: which of our events each means, and by which words.
import { describe, expect, test } from 'vitest';
import { at, event, rulesOf, show, stageWords } from '../../../test/support/stage.ts';
import { KNOWN } from './logsources/known.ts';
import { WORDS } from './logsources/words.ts';
import { logSource } from './logsources.ts';
import { Row } from './row.ts';

const rule = (source: string, lines: string) =>
  `title: Case\nlogsource:\n${source.replace(/^/gm, '    ')}\ndetection:\n    s:\n        ${lines.replaceAll('\n', '\n        ')}\n    condition: s\n`;
/** Types of events, of those given, that the rule holds for. */
function holdsFor(text: string, events: Record<string, Record<string, unknown>>): string[] {
  const rules = rulesOf({ 'case.yml': text });
  expect(rules.problems.map(({ message }) => message)).toEqual([]);
  return Object.entries(events).flatMap(([type, values]) => {
    const found: string[] = [];
    show(rules, event(type, values, at(0)), () => found.push(type));
    return found;
  });
}

test.each<[string, string, string, Record<string, unknown>]>([
  ['ssh', 'client: SSH-2.0-x', 'ssh', { 'ssh.client.banner': 'SSH-2.0-x' }],
  ['smtp', 'trans_depth: 2', 'smtp', { 'smtp.trans_depth': 2 }],
  ['ftp', 'command: STOR', 'ftp', { 'ftp.command': 'STOR' }],
  [
    'smb_files',
    "name|endswith: '.tmp'\npath|contains: 'ADMIN$'",
    'smb',
    { 'smb.filename': 'a.TMP', 'smb.share': '\\\\x\\admin$' },
  ],
  [
    'kerberos',
    'request_type: TGS\ncipher: rc4-hmac\nservice|startswith: krb',
    'krb5',
    { 'krb5.request_type': 'TGS', 'krb5.encryption': 'rc4-hmac', 'krb5.sname': 'krbtgt/X' },
  ],
  ['rdp', 'cookie: x', 'rdp', { 'rdp.cookie': 'x' }],
  ['dhcp', 'host_name: x', 'dhcp', { 'dhcp.hostname': 'x' }],
  ['mqtt_publish', 'topic: a/b', 'mqtt', { 'mqtt.publish.topic': ['a/b'] }],
  ['mqtt_connect', 'client_id: x', 'mqtt', { 'mqtt.connect.client_id': 'x' }],
  ['modbus', 'func: WRITE', 'modbus', { 'modbus.func': 'WRITE' }],
  ['dnp3', 'fc_request: WRITE', 'dnp3', { 'dnp3.fc_request': 'WRITE' }],
  ['ntlm', 'username: x', 'smb', { 'smb.ntlmssp.user': 'x' }],
  [
    'conn',
    'conn_state: S0\norig_bytes|lt: 5',
    'flow',
    { 'flow.conn_state': 'S0', 'flow.payload_bytes_toserver': 3 },
  ],
  ['weird', 'name: x', 'anomaly', { 'anomaly.event': 'x' }],
  ['x509', 'certificate.subject|contains: evil', 'tls', { 'tls.subject': 'CN=evil' }],
])('Zeek’s %s: %s', (service, lines, type, values) => {
  expect(
    holdsFor(
      rule(
        `product: zeek\nservice: ${service}`,
        lines.replace('name: x', type === 'anomaly' ? 'weird.name: x' : 'name: x'),
      ),
      { [type]: values },
    ),
  ).toEqual([type]);
});

describe('one rule on several events', () => {
  const called = {
    dcerpc: { 'dcerpc.interfaces.procedure': ['EfsRpcOpenFileRaw'] },
    smb: { 'smb.dcerpc.interfaces.procedure': ['EfsRpcOpenFileRaw'] },
  };
  test('calls go over TCP, and through pipes of SMB', () => {
    const text = rule('product: zeek\nservice: dce_rpc', 'operation|startswith: efs');
    expect(holdsFor(text, called)).toEqual(['dcerpc', 'smb']);
    expect(rulesOf({ 'a.yml': text }).rules.length).toBe(1);
  });
  test('what the RPC firewall writes down is a call that the wire shows', () => {
    const text = rule(
      'product: rpc_firewall\ncategory: application',
      'EventLog: RPCFW\nEventID: 3\nInterfaceUuid: e3514235-4b06-11d1-ab04-00c04fc2dcd2\nOpNum: 3',
    );
    const uuid = ['e3514235-4b06-11d1-ab04-00c04fc2dcd2'];
    const calls = (opnum: number) => ({
      dcerpc: { 'dcerpc.interfaces.uuid': uuid, 'dcerpc.req.opnum': opnum },
      smb: { 'smb.dcerpc.interfaces.uuid': uuid, 'smb.dcerpc.opnum': opnum },
    });
    expect(holdsFor(text, calls(3))).toEqual(['dcerpc', 'smb']);
    expect(holdsFor(text, calls(4))).toEqual([]);
  });
  test('a name that is connected to stands in what is said first, not in the flow', () => {
    const text = rule(
      'product: windows\ncategory: network_connection',
      "Initiated: 'true'\nDestinationHostname|endswith: '.evil.example'",
    );
    const name = 'c2.evil.example';
    expect(
      holdsFor(text, {
        flow: {},
        tls: { 'tls.sni': name },
        http: { 'http.hostname': name },
        quic: { 'quic.sni': name },
        dns: { 'dns.queries.rrname': [name] },
      }),
    ).toEqual(['tls', 'http', 'quic']);
  });
  test('a group by a field that all of them have counts all of them', () => {
    const base = rule('product: zeek\nservice: dce_rpc', 'operation: X').replace(
      'title: Case',
      'title: Case\nname: base',
    );
    const set = rulesOf({
      'a.yml': `${base}---\ntitle: C\ncorrelation:\n    type: event_count\n    rules: [base]\n    group-by: [id.orig_h]\n    timespan: 1m\n    condition:\n        gte: 2\n`,
    });
    expect(set.problems).toEqual([]);
    expect(set.correlations[0].inputs.map(({ rule: { identity } }) => identity.name)).toEqual([
      'Case',
      'Case',
    ]);
  });
});

test.each([
  [
    'product: fortinet\nservice: traffic',
    'dstport: 443\nsentbyte|gte: 10',
    'flow',
    { 'flow.bytes_toserver': 10 },
  ],
  ['product: paloalto\nservice: url', 'url.domain: x', 'http', { 'http.hostname': 'x' }],
  ['product: cisco\nservice: asa', 'dst_port: 443', 'flow', {}],
  ['category: firewall\nproduct: huawei', 'dst_ip: 198.51.100.9', 'flow', {}],
  [
    'category: network\nservice: dns',
    'dns.question.name: x',
    'dns',
    { 'dns.type': 'request', 'dns.queries.rrname': ['x'] },
  ],
  [
    'category: proxy',
    'cs-User-Agent: x\ncs-Referer: y',
    'http',
    { 'http.http_user_agent': 'x', 'http.http_refer': 'y' },
  ],
  [
    'category: webserver',
    'url.path: /a\nurl.query: b=1\nhttp.response.status_code: 200',
    'http',
    { 'http.url': '/a?b=1', 'http.status': 200 },
  ],
  ['category: network_connection', "SourceIsIpv6: 'false'\nDestinationIsIpv6: 'false'", 'flow', {}],
  [
    'category: dns_query',
    "QueryStatus: '9003'\nQueryName: x",
    'dns',
    { 'dns.type': 'response', 'dns.rcode': 'NXDOMAIN', 'dns.queries.rrname': ['x'] },
  ],
])('%s: %s', (source, lines, type, values) =>
  expect(holdsFor(rule(source, lines), { [type]: values })).toEqual([type]),
);

test.each([
  [
    'product: cisco\nservice: aaa',
    'no wire shows the log source "cisco/aaa": what a network device writes about itself',
  ],
  [
    'product: windows\nservice: security',
    'no wire shows the log source "windows/security": what the operating system of a host',
  ],
  ['product: zeek\nservice: notice', 'no wire shows the log source "zeek/notice": what Zeek concludes'],
  ['product: zek\nservice: dns', '(did you mean "zeek/dns"?)'],
])('%s is refused', (source, wanted) => {
  const { problems } = rulesOf({ 'a.yml': rule(source, 'a: b') });
  expect(problems.map(({ message }) => message).join()).toContain(wanted);
});

test.each([
  ['category: network_connection', 'Image: x', 'no wire shows "Image": only the host knows which process'],
  ['category: proxy', 'cs-username: x', 'no wire shows "cs-username": only the server knows'],
  ['category: firewall', 'action: x', 'no wire shows "action": only the device knows what it decided'],
])('%s with %s is refused', (source, line, wanted) =>
  expect(rulesOf({ 'a.yml': rule(source, line) }).problems[0].message).toContain(`a.yml:6:9: ${wanted}`),
);

test('every table speaks of events and fields that there are', () => {
  for (const { key, on } of KNOWN)
    expect([key, on.flat().filter((type) => !stageWords.types.has(type))]).toEqual([key, []]);
  for (const [type, words] of Object.entries(WORDS)) {
    const fields = stageWords.types.get(type);
    const strange = Object.entries(words).filter(
      ([, meaning]) => !fields?.has(typeof meaning === 'string' ? meaning : meaning.path),
    );
    expect([type, strange]).toEqual([type, []]);
  }
});

test('two values made of one field are two columns', () => {
  const [[{ columns }]] = logSource({ category: 'webserver' }, stageWords, () => new Row())!;
  const names = ['cs-uri-stem', 'cs-uri-query', 'SourceIsIpv6', 'Initiated'];
  expect(new Set(names.map((name) => columns.column(name))).size).toBe(names.length);
});
