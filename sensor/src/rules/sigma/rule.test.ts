// Sigma rules as a whole: what each construct matches, and what errors say.
import { describe, expect, test } from 'vitest';
import { at, event, flow, rulesOf, show } from '../../../../test/support/stage.ts';

const rule = (detection: string, source = 'product: yagura\n    service: http') =>
  `title: Case\nid: 11111111-1111-4111-8111-111111111111\nlogsource:\n    ${source}\ndetection:\n${detection}\n`;

/** Names of the rules that an event raises. */
function hits(text: string, type: string, values: Record<string, unknown>, about = flow()): string[] {
  const rules = rulesOf({ 'case.yml': text });
  expect(rules.problems.map((problem) => problem.message)).toEqual([]);
  const found: string[] = [];
  show(rules, event(type, values, at(0), about), (hit) => found.push(hit.identity.name));
  return found;
}
const matches = (detection: string, values: Record<string, unknown>) =>
  hits(rule(detection), 'http', values).length === 1;
const item = (line: string) => `    s:\n        ${line}\n    condition: s`;
const problem = (text: string): string => {
  const { problems } = rulesOf({ 'case.yml': text });
  expect(problems.length).toBe(1);
  return problems[0].message;
};

describe('items', () => {
  const url = (value: unknown) => ({ 'http.url': value });
  test.each<[string, unknown, boolean]>([
    ['http.url: /A', '/a', true],
    ['http.url: /a', '/ab', false],
    ['http.url|cased: /A', '/a', false],
    ['http.url: "/a*c"', '/abbc', true],
    ['http.url: "/a?c"', '/abbc', false],
    ['http.url|contains: B?D', 'abcde', true],
    ['http.url|startswith: /a', '/abc', true],
    ['http.url|endswith: bc', '/abc', true],
    ['http.url|endswith: ab', '/abc', false],
    ['http.url|contains|all: [a, b]', 'ba', true],
    ['http.url|contains|all: [a, b]', 'aa', false],
    ['http.url|contains|cased: [A, x]', 'a', false],
    ['http.url|neq: /a', '/b', true],
    ['http.url|neq: /a', '/a', false],
    ['http.url|neq: /a', undefined, true],
    ['http.url|exists: true', 'x', true],
    ['http.url|exists: true', undefined, false],
    ['http.url|exists: false', undefined, true],
    ['http.url: null', undefined, true],
    ['http.url: null', '', false],
    ['http.url: [null, /a]', undefined, true],
    ["http.url: ''", '', true],
    ["http.url: ''", undefined, true],
    ["http.url: ''", 'x', false],
    ['http.url|re: ^/[0-9]+$', '/123', true],
    ['http.url|re: /A', '/a', false],
    ['http.url|re|i: /A', '/a', true],
    ['http.url|re|s: a.b', 'a\nb', true],
    ['http.url|re|m: ^b', 'a\nb', true],
    ['http.url|base64: abc', 'YWJj', true],
    ['http.url|base64offset|contains: foobar', `x${Buffer.from('yyfoobarzz').toString('base64')}`, true],
    ['http.url|base64offset|contains: foobar', `x${Buffer.from('yfoobarzz').toString('base64')}`, true],
    ['http.url|base64offset|contains: foobar', `x${Buffer.from('foobarzz').toString('base64')}`, true],
    ['http.url|utf16le|base64offset|contains: ab', Buffer.from('xabx', 'utf16le').toString('base64'), true],
    ['http.url|windash|contains: " -x"', 'cmd /x', true],
    ['http.url|windash|contains: " -x"', 'cmd –x', true],
    ['http.url|windash|contains: " -x"', 'cmd x', false],
    ['http.url|fieldref: http.hostname', 'h.example', true],
    ['http.url|fieldref: http.hostname', 'other', false],
    ['http.url|fieldref|startswith: http.hostname', 'h.example/a', true],
  ])('%s on %j: %s', (line, value, wanted) => {
    expect(matches(item(line), { ...url(value), 'http.hostname': 'h.example' })).toBe(wanted);
  });

  test.each<[string, unknown, boolean]>([
    ['http.status: 404', 404, true],
    ['http.status: "404"', 404, true],
    ['http.status: 404', '404', true],
    ['http.status|gte: 400', 400, true],
    ['http.status|gt: 400', 400, false],
    ['http.status|lt: 400', 399, true],
    ['http.status|lte: 399', 400, false],
    ['http.status|gte: 400', undefined, false],
    ['http.status: [401, 403]', 403, true],
    ['http.status|startswith: 4', 404, true],
  ])('%s on %j: %s', (line, value, wanted) => {
    expect(matches(item(line), { 'http.status': value })).toBe(wanted);
  });

  test.each<[string, string, boolean]>([
    ['10.0.0.0/8', '10.2.3.4', true],
    ['10.0.0.0/8', '11.2.3.4', false],
    ['2001:db8::/32', '2001:db8::9', true],
    ['2001:db8::/32', '10.2.3.4', false],
  ])('cidr %s on %s: %s', (cidr, src_ip, wanted) => {
    expect(hits(rule(item(`src_ip|cidr: ${cidr}`)), 'http', {}, flow({ src_ip })).length === 1).toBe(wanted);
  });

  test('a list of values matches when one of its elements does', () => {
    const text = rule(item('dns.answers.rdata: 192.0.2.9'), 'product: yagura\n    service: dns');
    expect(hits(text, 'dns', { 'dns.answers.rdata': ['192.0.2.1', undefined, '192.0.2.9'] })).toEqual([
      'Case',
    ]);
    expect(hits(text, 'dns', { 'dns.answers.rdata': ['192.0.2.1'] })).toEqual([]);
  });
});

describe('selections', () => {
  test('a map is AND, a list of maps is OR', () => {
    const both = '    s:\n        http.url: /a\n        http.status: 200\n    condition: s';
    expect(matches(both, { 'http.url': '/a', 'http.status': 200 })).toBe(true);
    expect(matches(both, { 'http.url': '/a', 'http.status': 404 })).toBe(false);
    const either = '    s:\n        - http.url: /a\n        - http.status: 200\n    condition: s';
    expect(matches(either, { 'http.url': '/b', 'http.status': 200 })).toBe(true);
    expect(matches(either, { 'http.url': '/b', 'http.status': 404 })).toBe(false);
  });
  test('keywords stand in any field; with all, each in one of its own', () => {
    const any = '    s:\n        - needle\n        - pin\n    condition: s';
    expect(matches(any, { 'http.url': '/x/PIN/y' })).toBe(true);
    expect(matches(any, { 'http.url': '/x' })).toBe(false);
    const all = "    s:\n        '|all':\n            - needle\n            - pin\n    condition: s";
    expect(matches(all, { 'http.url': '/needle', 'http.hostname': 'pin.example' })).toBe(true);
    expect(matches(all, { 'http.url': '/needle' })).toBe(false);
  });
  test('1 of, all of, not, and a list of conditions', () => {
    const text = (condition: string) =>
      `    a_1:\n        http.url: /a\n    a_2:\n        http.status: 200\n    b:\n        http.hostname: h\n    condition: ${condition}`;
    const values = { 'http.url': '/a', 'http.status': 404, 'http.hostname': 'h' };
    expect(matches(text('1 of a_*'), values)).toBe(true);
    expect(matches(text('all of a_*'), values)).toBe(false);
    expect(matches(text('2 of them'), values)).toBe(true);
    expect(matches(text('b and not a_2'), values)).toBe(true);
    expect(matches(text('b and not a_1'), values)).toBe(false);
    expect(matches(text('[a_2, b]'), values)).toBe(true);
  });
});

test('matched names the fields of the selections that made the match, and no others', () => {
  const text = rule(
    '    a:\n        http.url: /a\n        http.status: 200\n    b:\n        http.hostname: h\n    c:\n        http.http_method: GET\n    condition: (a or b) and not c',
  );
  const rules = rulesOf({ 'case.yml': text });
  let matched: string[] = [];
  const happened = event('http', {
    'http.url': '/a',
    'http.status': 200,
    'http.hostname': 'x',
    'http.http_method': 'PUT',
  });
  show(rules, happened, (hit) => (matched = hit.matched()));
  expect(matched.toSorted()).toEqual(['http.status', 'http.url']);
});

describe('log sources', () => {
  test.each<[string, string, string, Record<string, unknown>]>([
    ['category: proxy', 'c-uri|contains: evil', 'http', { 'http.url': '/evil' }],
    ['category: webserver', 'cs-uri-query: id=1', 'http', { 'http.url': '/a?id=1' }],
    ['category: webserver', 'cs-uri-stem: /a', 'http', { 'http.url': '/a?id=1' }],
    ['category: proxy', 'c-uri-extension: exe', 'http', { 'http.url': '/a/b.EXE?x' }],
    ['category: proxy', 'cs-host: h.example', 'http', { 'http.hostname': 'h.example' }],
    ['product: zeek\n    service: http', 'user_agent: x', 'http', { 'http.http_user_agent': 'x' }],
    ['product: zeek\n    service: ssl', 'server_name: n', 'tls', { 'tls.sni': 'n' }],
    ['product: zeek\n    service: x509', 'certificate.serial: 8BB00EE', 'tls', { 'tls.serial': '8bb00ee' }],
    ['category: firewall', 'dst_port: 443', 'flow', {}],
    ['product: zeek\n    service: conn', 'id.resp_p: 443', 'flow', {}],
    [
      'product: windows\n    category: network_connection',
      'DestinationPort: 443\n        Initiated: "true"',
      'flow',
      {},
    ],
    [
      'category: dns',
      'query: n.example',
      'dns',
      { 'dns.type': 'request', 'dns.queries.rrname': ['n.example'] },
    ],
  ])('%s: %s', (source, line, type, values) => {
    expect(hits(rule(item(line), source), type, values)).toEqual(['Case']);
  });

  test('a DNS log has one row for question and answer: each rule meets one of our two events', () => {
    const question = { 'dns.type': 'request', 'dns.queries.rrname': ['n.example'] };
    const answer = { ...question, 'dns.type': 'response', 'dns.answers.rdata': ['192.0.2.1'] };
    const asks = rule(item('query: n.example'), 'product: zeek\n    service: dns');
    expect([hits(asks, 'dns', question).length, hits(asks, 'dns', answer).length]).toEqual([1, 0]);
    const answers = rule(
      item('query: n.example\n        answers: 192.0.2.1'),
      'product: zeek\n    service: dns',
    );
    expect([hits(answers, 'dns', question).length, hits(answers, 'dns', answer).length]).toEqual([0, 1]);
  });

  test('an event meets only rules of its type', () => {
    expect(hits(rule(item('src_ip|exists: true')), 'tls', {})).toEqual([]);
  });
});

describe('errors name file, line, column and the nearest word', () => {
  test.each([
    [rule(item('http.urll: a')), 'case.yml:8:9: unknown field "http.urll" (did you mean "http.url"?)'],
    [
      rule(item('http.url|contain: a')),
      'case.yml:8:9: unknown modifier "contain" (did you mean "contains"?)',
    ],
    [rule(item('http.url|re: "a(?=b)"')), 'case.yml:8:22: regular expression: look-around'],
    [rule(item('src_ip|cidr: 10.0.0.0/33')), 'case.yml:8:22: "10.0.0.0/33" is no address or CIDR prefix'],
    [rule(item('http.status|gt: many')), 'case.yml:8:25: "gt" takes a number'],
    [rule(item('http.url|all: a')), 'case.yml:8:9: "all" with one value'],
    [rule(item('http.url: []')), 'case.yml:8:19: an empty list'],
    [
      rule('    s:\n        http.url: a\n    condition: s and t'),
      'case.yml:9:22: condition: there is no selection "t"',
    ],
    [rule('    s:\n        http.url: a'), '"condition" is missing'],
    [
      rule(item('a: b'), 'product: windows\n    service: security'),
      'case.yml:4:5: no wire shows the log source "windows/security"',
    ],
    [rule(item('dns.type: a'), 'product: yagura\n    service: dnss'), '(did you mean "yagura/dns"?)'],
    [rule(item('http.url: a')).replace('title: Case\n', ''), 'no "title"'],
    [rule(item('http.url: a')).replace('11111111-', 'x-'), 'case.yml:2:5: "id" must be a UUID'],
    [rule(item('http.url: a')) + 'level: hihg\n', 'unknown level "hihg" (did you mean "high"?)'],
    [
      rule(item('http.url: a')) + 'yagura:\n    resaon: x\n',
      'unknown word "resaon" in "yagura" (did you mean "reason"?)',
    ],
    [
      rule(item('http.url: a')) + 'yagura:\n    reason:\n        en: x\n',
      'a sentence in "en" and one in "ja"',
    ],
    ['a: [', 'case.yml:1:5: YAML: '],
    ['- a', 'a rule is a map'],
    ['', 'the file is empty'],
    [
      rule(item('http.url: a')) + '---\n' + rule(item('http.url: b')),
      'is already the name or id of a rule in case.yml',
    ],
  ])('%#', (text, wanted) => expect(problem(text)).toContain(wanted));

  test('one bad rule does not keep the others out; strict mode throws it', () => {
    const texts = { 'bad.yml': 'title: x', 'good.yml': rule(item('http.url: a')) };
    const set = rulesOf(texts);
    expect([set.rules.length, set.problems.length]).toEqual([1, 1]);
    expect(set.problems[0].code).toBe('rule_invalid');
    expect(() => rulesOf(texts, { strict: true })).toThrow('bad.yml:1:1: "logsource" is missing');
  });
});

describe('hostile rules', () => {
  const quick = (text: string) => {
    const start = performance.now();
    const { rules, problems } = rulesOf({ 'case.yml': text });
    expect(rules.length + problems.length).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(3_000);
  };
  test('aliases that multiply', () => {
    const laughs = ['a: &a [x, x, x, x, x, x, x, x]'];
    for (const [to, from] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg'])
      laughs.push(`${to}: &${to} [${`*${from}, `.repeat(8)}]`);
    quick(`${laughs.join('\n')}\n${rule('    s: *h\n    condition: s')}`);
  });
  test('a map that holds itself', () => quick(rule('    s: &s\n        - *s\n    condition: s')));
  test('selections nested without end', () =>
    quick(rule(`    s: ${'['.repeat(500)}${']'.repeat(500)}\n    condition: s`)));
  test('a thousand selections', () =>
    quick(
      rule(
        `${Array.from({ length: 1_000 }, (_, i) => `    s${i}:\n        http.url: a`).join('\n')}\n    condition: 1 of them`,
      ),
    ));
  test('a file above the limit', () => expect(problem('#'.repeat(1_100_000))).toContain('larger than 1 MiB'));
  test('words of JavaScript', () => {
    quick(rule(item('__proto__: a')));
    quick(
      rule(
        '    __proto__:\n        http.url: a\n    constructor:\n        http.url: a\n    condition: constructor or __proto__',
      ),
    );
  });
});
