// Lists all the way to alerts: which field of which event finds what, and what the alert then says, and does not.
import { describe, expect, test } from 'vitest';
import { at, event, flow, rulesOf, start } from '../../../../test/support/stage.ts';

/** Alerts of the rule-match detector over events, as `path: name`. */
function alerts(lists: Record<string, string | object>, ...events: ReturnType<typeof event>[]) {
  const texts = Object.fromEntries(
    Object.entries(lists).map(([file, held]) => [
      file,
      typeof held === 'string' ? held : JSON.stringify(held),
    ]),
  );
  const rules = rulesOf(texts, { strict: true });
  const { watch, raised } = start('rule-match', {}, rules);
  for (const happened of events) watch.event?.(happened);
  return raised.map(({ finding }) => finding);
}
const said = (found: ReturnType<typeof alerts>) =>
  found.map(({ matched, rule }) => `${matched[0]}: ${rule.name}`);
const http = (hostname: string, url: string, more: object = {}, seconds = 0, about = flow()) =>
  event('http', { 'http.hostname': hostname, 'http.url': url, ...more }, at(seconds), about);

const MD5 = '0123456789abcdef0123456789abcdef';
const SHA1 = 'aabbccddeeff00112233445566778899aabbccdd';

describe('places', () => {
  test.each([
    ['evil.example', 'tls', { 'tls.sni': 'a.evil.example' }, 'tls.sni: a: evil.example'],
    ['evil.example', 'quic', { 'quic.sni': 'evil.example' }, 'quic.sni: a: evil.example'],
    [
      'evil.example',
      'smtp',
      { 'smtp.mail_from_domain': 'evil.example' },
      'smtp.mail_from_domain: a: evil.example',
    ],
    [
      'evil.example',
      'dns',
      { 'dns.type': 'request', 'dns.queries.rrname': ['evil.example'] },
      'dns.queries.rrname: a: evil.example',
    ],
    [
      '192.0.2.0/24',
      'dns',
      { 'dns.type': 'response', 'dns.answers.rdata': ['x.example', '192.0.2.9'] },
      'dns.answers.rdata: a: 192.0.2.0/24',
    ],
    ['192.0.2.7', 'http', { 'http.hostname': '192.0.2.7' }, 'http.hostname: a: 192.0.2.7'],
    ['2001:db8:bad::/48', 'flow', { dest_ip: '2001:db8:bad::7' }, 'dest_ip: a: 2001:db8:bad::/48'],
    ['198.51.100.9:443', 'flow', { dest_ip: '198.51.100.9', dest_port: 443 }, 'dest_ip: a: 198.51.100.9:443'],
    [`ja3:${MD5}`, 'tls', { 'tls.ja3.hash': MD5 }, `tls.ja3.hash: a: ${MD5}`],
    [`ja3s:${MD5}`, 'quic', { 'quic.ja3s.hash': MD5 }, `quic.ja3s.hash: a: ${MD5}`],
    [`hassh:${MD5}`, 'ssh', { 'ssh.client.hassh.hash': MD5 }, `ssh.client.hassh.hash: a: ${MD5}`],
    [`hasshserver:${MD5}`, 'ssh', { 'ssh.server.hassh.hash': MD5 }, `ssh.server.hassh.hash: a: ${MD5}`],
    [
      `cert-sha1:${SHA1}`,
      'tls',
      { 'tls.fingerprint': SHA1.replace(/..(?=.)/g, '$&:') },
      `tls.fingerprint: a: ${SHA1}`,
    ],
    ['cert-serial:0A:1B', 'tls', { 'tls.serial': '0A:1B' }, 'tls.serial: a: 0a1b'],
    [
      'http://evil.example/a/b.php',
      'http',
      { 'http.hostname': 'EVIL.example', 'http.url': '/a/b.php?c=1' },
      'http.url: a: evil.example/…',
    ],
    [
      'http://evil.example:8080/',
      'http',
      { 'http.hostname': 'evil.example', 'http.http_port': 8080, 'http.url': '/' },
      'http.url: a: evil.example:8080/…',
    ],
    [
      'http://evil.example/a',
      'http',
      { 'http.hostname': 'proxy', 'http.url': 'http://evil.example/a' },
      'http.url: a: evil.example/…',
    ],
    [
      'who@evil.example',
      'smtp',
      { 'smtp.rcpt_to': ['<a@b.example>', '<Who@evil.example>'] },
      'smtp.rcpt_to: a: …@evil.example',
    ],
    [
      'user-agent:Evil/1.0 (x)',
      'http',
      { 'http.http_user_agent': 'evil/1.0 (X)' },
      'http.http_user_agent: a: user agent',
    ],
    ['user:svc-backup', 'ftp', { 'ftp.user': 'svc-backup' }, 'ftp.user: a: user name'],
  ] as const)('%s in %s', (value, type, values, wanted) => {
    const { dest_ip, dest_port } = values as { dest_ip?: string; dest_port?: number };
    const about = flow({ ...(dest_ip && { dest_ip }), ...(dest_port && { dest_port }) });
    expect(said(alerts({ 'a.txt': value }, event(type, values, at(0), about)))).toEqual([wanted]);
  });
  test.each([
    ['evil.example', 'dns', { 'dns.type': 'response', 'dns.queries.rrname': ['evil.example'] }],
    ['192.0.2.7', 'tls', { 'tls.sni': '192.0.2.70' }],
    ['198.51.100.9:80', 'flow', {}],
    ['http://evil.example/a', 'http', { 'http.hostname': 'evil.example', 'http.url': '/ab' }],
    ['ja3:0123456789abcdef0123456789abcdef', 'tls', { 'tls.ja3s.hash': MD5 }],
  ] as const)('%s not in %s %j', (value, type, values) =>
    expect(alerts({ 'a.txt': value }, event(type, values, at(0)))).toEqual([]),
  );
});

describe('what an alert says', () => {
  const dns = event('dns', { 'dns.type': 'request', 'dns.queries.rrname': ['x.evil.example'] }, at(0));
  const head = 'value,source,name,confidence,severity,tlp,valid_until,description,tags\n';
  test('whose list it is, how sure and grave, until when, and for whom', () => {
    const [one] = alerts(
      {
        'a.csv': `${head}evil.example,CSIRT,Dropper,70,critical,green,2026-02-01,seen in May,T1071\n`,
        'b.txt': 'evil.example',
      },
      dns,
    );
    expect(one.rule).toMatchObject({
      name: 'Dropper: evil.example',
      severity: 'critical',
      confidence: 80,
      tags: ['attack.t1071'],
    });
    expect(one.facts).toEqual({
      'yagura.list': 'CSIRT',
      'yagura.tlp': 'green',
      'yagura.sources': 2,
      'yagura.valid_until': '2026-02-01T00:00:00Z',
      'yagura.description': 'seen in May',
    });
    expect(one.reason).toEqual({
      en: 'The domain name "evil.example" stands on the indicator list "CSIRT" and 1 more.',
      ja: 'ドメイン名「evil.example」が指標リスト「CSIRT」ほか1件に載っています。',
    });
  });
  test('TLP:RED: not a word of the list', () => {
    const [one] = alerts(
      { 'a.csv': `${head}evil.example,SECRET-SOURCE,SECRET-NAME,70,high,red,,SECRET-TEXT,\n` },
      dns,
    );
    expect(JSON.stringify(one)).not.toContain('SECRET');
    expect(one.facts).toEqual({ 'yagura.tlp': 'red' });
    expect(one.rule).toMatchObject({ severity: 'high', confidence: 70 });
  });
  test('what stands in a withheld field is not written out', () => {
    const found = alerts(
      { 'a.txt': 'http://evil.example/private/path\nmailbox@evil.example\nuser:secretive' },
      http('evil.example', '/private/path'),
      event('smtp', { 'smtp.mail_from': '<mailbox@evil.example>' }, at(1)),
      event('ftp', { 'ftp.user': 'secretive' }, at(2)),
    );
    expect(found.length).toBe(3);
    for (const secret of ['private', 'mailbox', 'secretive'])
      expect(JSON.stringify(found)).not.toContain(secret);
  });
  test('a client’s certificate is found and not named', () => {
    const [one] = alerts(
      { 'a.txt': `cert-sha1:${SHA1}\ncert-sha256:${SHA1}${SHA1.slice(0, 24)}` },
      event('tls', { 'tls.client.fingerprint': SHA1 }, at(0)),
    );
    expect(one.matched).toEqual(['tls.client.fingerprint']);
    expect(JSON.stringify(one)).not.toContain(SHA1);
  });
  test('what has expired, or does not hold yet, finds nothing: in packet time', () => {
    const list = {
      'a.csv': 'value,valid_from,valid_until\nevil.example,2026-01-05T00:00:10Z,2026-01-05T00:00:20Z\n',
    };
    const ask = (seconds: number) => event('tls', { 'tls.sni': 'evil.example' }, at(seconds));
    expect(alerts(list, ask(9)).length).toBe(0);
    expect(alerts(list, ask(10)).length).toBe(1);
    expect(alerts(list, ask(19.9)).length).toBe(1);
    expect(alerts(list, ask(20)).length).toBe(0);
  });
});

describe('STIX', () => {
  const bundle = (pattern: string, more: object = {}) => ({
    'feed.json': {
      type: 'bundle',
      id: 'bundle--1',
      objects: [
        { type: 'identity', id: 'identity--1', name: 'JPCERT/CC' },
        {
          type: 'attack-pattern',
          id: 'attack-pattern--1',
          external_references: [{ source_name: 'mitre-attack', external_id: 'T1105' }],
        },
        {
          type: 'relationship',
          id: 'relationship--1',
          relationship_type: 'indicates',
          source_ref: 'indicator--1',
          target_ref: 'attack-pattern--1',
        },
        {
          ...{ type: 'indicator', id: 'indicator--1', name: 'Loader', pattern, pattern_type: 'stix' },
          ...{ created_by_ref: 'identity--1', confidence: 65, indicator_types: ['malicious-activity'] },
          kill_chain_phases: [{ kill_chain_name: 'mitre-attack', phase_name: 'command-and-control' }],
          object_marking_refs: ['marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421'],
          ...more,
        },
      ],
    },
  });
  const sni = (name: string, seconds: number, about = flow()) =>
    event('tls', { 'tls.sni': name }, at(seconds), about);
  const answer = (name: string, ...addresses: string[]) =>
    event(
      'dns',
      { 'dns.type': 'response', 'dns.queries.rrname': [name], 'dns.answers.rdata': addresses },
      at(0),
    );

  test('an indicator has the words of the objects around it', () => {
    const [one] = alerts(bundle("[domain-name:value = 'evil.example']"), sni('evil.example', 0));
    expect(one.rule).toMatchObject({
      ...{ name: 'Loader: evil.example', severity: 'high', confidence: 65 },
      tags: ['attack.command-and-control', 'attack.t1105'],
    });
    expect(one.facts).toMatchObject({ 'yagura.list': 'JPCERT/CC', 'yagura.tlp': 'amber' });
  });
  test('revoked, benign and other languages are left out', () => {
    const evil = sni('evil.example', 0);
    const pattern = "[domain-name:value = 'evil.example']";
    expect(alerts(bundle(pattern, { revoked: true }), evil)).toEqual([]);
    expect(alerts(bundle(pattern, { indicator_types: ['benign'] }), evil)).toEqual([]);
    expect(alerts(bundle(pattern, { pattern_type: 'yara' }), evil)).toEqual([]);
  });

  test.each<[string, ReturnType<typeof event>, boolean]>([
    [
      "[domain-name:value = 'evil.example' AND domain-name:resolves_to_refs[*].value = '192.0.2.1']",
      answer('evil.example', '192.0.2.1'),
      true,
    ],
    [
      "[domain-name:value = 'evil.example' AND domain-name:resolves_to_refs[*].value = '192.0.2.1']",
      answer('evil.example', '192.0.2.2'),
      false,
    ],
    [
      "[network-traffic:dst_ref.type = 'domain-name' AND network-traffic:dst_ref.value = 'evil.example' AND network-traffic:dst_port = 443]",
      sni('evil.example', 0),
      true,
    ],
    [
      "[network-traffic:dst_ref.value = '198.51.100.9' AND network-traffic:dst_port = 443]",
      event('flow', {}, at(0)),
      true,
    ],
    [
      "[network-traffic:dst_ref.value = '198.51.100.9' AND network-traffic:dst_port IN (80, 8080)]",
      event('flow', {}, at(0)),
      false,
    ],
    ["[network-traffic:src_ref.value = '198.51.100.9']", event('flow', {}, at(0)), false],
    [
      "[network-traffic:src_ref.value ISSUBSET '10.0.0.0/8' AND network-traffic:src_byte_count > 1000]",
      event('flow', { 'flow.payload_bytes_toserver': 2000 }, at(0)),
      true,
    ],
    [
      "[network-traffic:dst_ref.value = '198.51.100.9' AND network-traffic:extensions.'http-request-ext'.request_method = 'post']",
      http('x', '/', { 'http.http_method': 'POST' }),
      true,
    ],
    [
      "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = 'Bad' AND network-traffic:extensions.'http-request-ext'.request_value LIKE '/gate%']",
      http('x', '/gate.php', { 'http.http_user_agent': 'Bad' }),
      true,
    ],
    ["[url:value MATCHES '^https?://[a-z]+\\\\.example/[0-9]{4}$']", http('evil.example', '/1234'), true],
    ["[url:value MATCHES '^https?://[a-z]+\\\\.example/[0-9]{4}$']", http('evil.example', '/12345'), false],
    ["[domain-name:value LIKE '%.evil_.example']", sni('a.evil1.example', 0), true],
    ["[domain-name:value LIKE 'evil%']", sni('notevil.example', 0), false],
    [
      "[x509-certificate:issuer = 'CN=Bad' AND x509-certificate:subject NOT LIKE '%Good%']",
      event('tls', { 'tls.issuerdn': 'CN=Bad', 'tls.subject': 'CN=x' }, at(0)),
      true,
    ],
    [
      "[domain-name:value = 'evil.example' AND NOT EXISTS x509-certificate:subject]",
      sni('evil.example', 0),
      true,
    ],
    [
      "[(domain-name:value = 'a.example' OR domain-name:value = 'b.example') AND network-traffic:dst_port != 443]",
      sni('a.example', 0, flow({ dest_port: 8443 })),
      true,
    ],
    [
      "[(domain-name:value = 'a.example' OR domain-name:value = 'b.example') AND network-traffic:dst_port != 443]",
      sni('b.example', 0),
      false,
    ],
    [
      "[email-message:from_ref.value = 'a@evil.example' AND email-message:subject LIKE '%invoice%']",
      event('smtp', { 'smtp.from': '"A" <a@evil.example>', 'smtp.subject': 'Your Invoice' }, at(0)),
      true,
    ],
  ])('%s of %#: %s', (pattern, happened, wanted) => {
    const found = alerts(bundle(pattern), happened);
    expect(found.length).toBe(wanted ? 1 : 0);
    if (wanted) {
      expect(found[0].rule.name).toBe('Loader: STIX pattern');
      expect(found[0].matched.length).toBeGreaterThan(0);
    }
  });

  const other = flow({ src_ip: '10.1.0.99' });
  const mine = flow({ src_ip: '10.1.0.7' });
  const [A, B] = ["[domain-name:value = 'a.example']", "[domain-name:value = 'b.example']"];
  test.each<[string, ReturnType<typeof event>[], number]>([
    [`${A} FOLLOWEDBY ${B}`, [sni('a.example', 0, mine), sni('b.example', 5, mine)], 1],
    [`${A} FOLLOWEDBY ${B}`, [sni('b.example', 0, mine), sni('a.example', 5, mine)], 0],
    [`${A} FOLLOWEDBY ${B}`, [sni('a.example', 0, mine), sni('b.example', 5, other)], 0],
    [`(${A} FOLLOWEDBY ${B}) WITHIN 4 SECONDS`, [sni('a.example', 0, mine), sni('b.example', 5, mine)], 0],
    [
      `(${A} FOLLOWEDBY ${B}) WITHIN 4 SECONDS`,
      [sni('a.example', 0, mine), sni('a.example', 3, mine), sni('b.example', 5, mine)],
      1,
    ],
    [`${A} AND ${B}`, [sni('b.example', 0, mine), sni('a.example', 5, mine)], 1],
    [`${A} AND ${A}`, [sni('a.example', 0, mine)], 0],
    [`${A} AND ${A}`, [sni('a.example', 0, mine), sni('a.example', 1, mine)], 1],
    [`${A} REPEATS 3 TIMES WITHIN 10 SECONDS`, [0, 4, 8].map((t) => sni('a.example', t, mine)), 1],
    [`${A} REPEATS 3 TIMES WITHIN 10 SECONDS`, [0, 6, 12].map((t) => sni('a.example', t, mine)), 0],
    [
      `(${A} FOLLOWEDBY ${B}) REPEATS 2 TIMES`,
      [0, 1, 2, 3].map((t) => sni(t % 2 ? 'b.example' : 'a.example', t, mine)),
      1,
    ],
    [
      `(${A} FOLLOWEDBY ${B}) REPEATS 2 TIMES`,
      [sni('a.example', 0, mine), sni('b.example', 1, mine), sni('b.example', 2, mine)],
      0,
    ],
    [
      `(${A} START t'2026-01-05T00:00:10Z' STOP t'2026-01-05T00:00:20Z') FOLLOWEDBY ${B}`,
      [sni('a.example', 5, mine), sni('b.example', 15, mine)],
      0,
    ],
    [
      `(${A} START t'2026-01-05T00:00:10Z' STOP t'2026-01-05T00:00:20Z') FOLLOWEDBY ${B}`,
      [sni('a.example', 15, mine), sni('b.example', 25, mine)],
      1,
    ],
    [`${A} FOLLOWEDBY ${B}`, [sni('a.example', 0, mine), sni('b.example', 90_000, mine)], 0],
  ])('%s (%#)', (pattern, events, wanted) => expect(alerts(bundle(pattern), ...events).length).toBe(wanted));

  test('a value that patterns wait for hides no other that is listed', () => {
    const waiting = bundle("[domain-name:value = 'a.evil.example' AND network-traffic:dst_port = 1]");
    const found = alerts(
      { ...waiting, 'plain.txt': 'evil.example\n192.0.2.0/24' },
      sni('www.a.evil.example', 0),
    );
    expect(said(found)).toEqual(['tls.sni: plain: evil.example']);
    const both = bundle(
      "[domain-name:value = 'x.example' AND domain-name:resolves_to_refs[*].value = '192.0.2.7']",
    );
    const answered = answer('x.example', '192.0.2.1', '192.0.2.7');
    expect(said(alerts({ ...both, 'plain.txt': '192.0.2.0/24' }, answered)).toSorted()).toEqual([
      'dns.answers.rdata: plain: 192.0.2.0/24',
      'dns.queries.rrname: Loader: STIX pattern',
    ]);
  });
  test('a pattern that an expression spoils is refused by its object', () => {
    expect(() => alerts(bundle("[url:value MATCHES '(?=x)']"))).toThrow('feed.json#/objects/3: ');
    expect(() => alerts(bundle('[url:value = ]'))).toThrow('feed.json#/objects/3: pattern, character 14');
  });
});
