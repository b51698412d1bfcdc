// What Sigma 2 says beyond single items: placeholders, parts of times, filters, documents made of others, several logs.
import { describe, expect, test } from 'vitest';
import { at, event, flow, rulesOf, show } from '../../../../test/support/stage.ts';
import type { SigmaRule } from './rule.ts';

const rule = (detection: string, source = 'product: yagura\n    service: http', head = 'title: Case') =>
  `${head}\nlogsource:\n    ${source}\ndetection:\n${detection}\n`;
const item = (line: string) => `    s:\n        ${line}\n    condition: s`;

/** Names of the rules that an event raises. */
function found(
  texts: Record<string, string>,
  type: string,
  values: Record<string, unknown>,
  about = flow(),
): string[] {
  const rules = rulesOf(texts);
  expect(rules.problems.map(({ message }) => message)).toEqual([]);
  const names: string[] = [];
  const hit = ({ identity }: SigmaRule) => names.push(identity.name);
  show(rules, event(type, values, at(0), about), hit);
  return names;
}
const holds = (line: string, values: Record<string, unknown>, type = 'http', source?: string) =>
  found({ 'case.yml': rule(item(line), source ?? `product: yagura\n    service: ${type}`) }, type, values)
    .length === 1;
const problems = (texts: Record<string, string>): string =>
  rulesOf(texts)
    .problems.map(({ message }) => message)
    .join('\n');

describe('placeholders', () => {
  const given = 'servers: [alpha, beta.*]\nlegit_ips: [192.0.2.1, 192.0.2.2]\nnets: 10.0.0.0/8\n';
  const expanding = (line: string, values: Record<string, unknown>, about = flow()) =>
    found({ 'placeholders.yml': given, 'case.yml': rule(item(line)) }, 'http', values, about).length === 1;
  test.each<[string, unknown, boolean]>([
    ["http.hostname|expand: '%servers%'", 'alpha', true],
    ["http.hostname|expand: '%servers%'", 'beta.example', true],
    ["http.hostname|expand: '%servers%'", 'gamma', false],
    ["http.hostname|expand: 'www.%servers%'", 'www.alpha', true],
    ["http.hostname|contains|expand: '%servers%'", 'x-alpha-y', true],
    ["http.hostname|expand|endswith: '%servers%'", 'x.alpha', true],
    ["http.hostname|expand: '%servers%/%legit_ips%'", 'alpha/192.0.2.2', true],
    ["http.hostname|expand: '%servers%/%legit_ips%'", '192.0.2.2/alpha', false],
    ["http.hostname: '%servers%'", '%servers%', true],
  ])('%s on %j: %s', (line, host, wanted) => expect(expanding(line, { 'http.hostname': host })).toBe(wanted));

  test('they may be prefixes, and stand in whichever file comes first', () => {
    const src_ip = '10.9.9.9';
    expect(expanding("src_ip|cidr|expand: '%nets%'", {}, flow({ src_ip }))).toBe(true);
    expect(expanding("src_ip|cidr|expand: '%nets%'", {}, flow({ src_ip: '11.0.0.1' }))).toBe(false);
    const last = { 'a.yml': rule(item("http.url|expand: '%x%'")), 'sub/placeholders.yml': 'x: /a' };
    expect(found(last, 'http', { 'http.url': '/a' })).toEqual(['Case']);
  });
  test.each([
    ["http.url|expand: '%severs%'", 'case.yml:7:26: nothing says what %severs% stands for (did you mean'],
    ["http.url|expand: 'plain'", '"expand" needs a placeholder such as %name% in "plain"'],
    ['http.url|expand: 5', '"expand" takes a text with a placeholder'],
  ])('%s is refused', (line, wanted) =>
    expect(problems({ 'placeholders.yml': given, 'case.yml': rule(item(line)) })).toContain(wanted),
  );
  test('a bad file of placeholders says where', () => {
    expect(problems({ 'placeholders.yml': 'a b: c' })).toContain(
      'placeholders.yml:1:1: a placeholder is named',
    );
    expect(problems({ 'a/placeholders.yml': 'a: 1', 'b/placeholders.yml': 'a: 2' })).toContain(
      'b/placeholders.yml:1:1: the placeholder "a" has its values already',
    );
  });
});

describe('parts of times, in UTC', () => {
  const night = { 'flow.start': '2026-01-01T23:59:07.000000+0000' };
  const year53 = { 'flow.start': '2027-01-01T00:00:00.000000+0000' };
  test.each<[string, Record<string, unknown>, boolean]>([
    ['flow.start|hour: 23', night, true],
    ['flow.start|hour: 22', night, false],
    ['flow.start|minute: 59', night, true],
    ['flow.start|day: 1', night, true],
    ['flow.start|month: 1', night, true],
    ['flow.start|year: 2026', night, true],
    ['flow.start|week: 1', night, true],
    // The first of January 2027 is a Friday: its week began in 2026.
    ['flow.start|week: 53', year53, true],
    ['flow.start|hour|gte: 22', night, true],
    ['flow.start|gt|hour: 23', night, false],
    ['flow.start|hour: [1, 23]', night, true],
    ['flow.start|hour|neq: 23', night, false],
    ['flow.start|hour: 23', {}, false],
    ['timestamp|hour: 0', {}, true],
  ])('%s on %j: %s', (line, values, wanted) =>
    expect(holds(line, { 'flow.start': undefined, ...values }, 'flow')).toBe(wanted),
  );
  test('of dates that are texts', () =>
    expect(holds('tls.notafter|year|lt: 2020', { 'tls.notafter': '2019-12-31T23:59:59' }, 'tls')).toBe(true));
  test.each([
    ['flow.pkts_toserver|hour: 3', '"hour" needs a field that holds a time'],
    ['flow.start|hour|contains: 3', '"hour" is a number: it goes with lt, lte, gt, gte and "neq"'],
    ['flow.start|hour|day: 3', '"minute"'],
  ])('%s is refused', (line, wanted) =>
    expect(problems({ 'case.yml': rule(item(line), 'product: yagura\n    service: flow') })).toContain(
      wanted.replace('"minute"', 'two parts of a time'),
    ),
  );
});

describe('modifiers', () => {
  const on = (line: string, url: string) => holds(line, { 'http.url': url, 'http.hostname': 'h.example' });
  test.each<[string, string, boolean]>([
    // Every dash that opens an option may be any of the five, each for itself.
    ['http.url|windash|contains: "cmd -a -b"', 'cmd /a –b', true],
    ['http.url|windash|contains: "cmd -a -b"', 'cmd ―a —b', true],
    ['http.url|windash|contains: "cmd /a"', 'cmd -a', true],
    ['http.url|windash|contains: "cmd -a"', 'cmd +a', false],
    ['http.url|windash|contains: "one-two"', 'one/two', false],
    ['http.url|windash: "-x"', '/x', true],
    ['http.url|fieldref|neq: http.hostname', 'other', true],
    ['http.url|fieldref|neq: http.hostname', 'h.example', false],
    ['http.url|fieldref|endswith: http.hostname', 'www.h.example', true],
    ['http.url|fieldref|contains: http.hostname', 'x.h.example.y', true],
    ['http.url|fieldref|contains: http.hostname', 'h.exampl', false],
    ["http.url: 'a\\*b'", 'a*b', true],
    ["http.url: 'a\\*b'", 'axb', false],
    ["http.url: 'a\\\\*'", 'a\\rest', true],
    ["http.url: 'a\\b'", 'a\\b', true],
    ['http.url|contains|all|cased: [AB, Cd]', 'CdAB', true],
    ['http.url|contains|all|cased: [AB, Cd]', 'cdAB', false],
    ['http.url|utf16|base64: ab', Buffer.from('\ufeffab', 'utf16le').toString('base64'), true],
    ['http.url|utf16be|base64: ab', Buffer.from('ab', 'utf16le').swap16().toString('base64'), true],
    ['http.url|wide|base64: ab', Buffer.from('ab', 'utf16le').toString('base64'), true],
    ['http.url|re|i|m: ^B$', 'a\nb\nc', true],
  ])('%s on %j: %s', (line, url, wanted) => expect(on(line, url)).toBe(wanted));

  test('lists in lists and maps among texts are all "or"', () => {
    const mixed =
      '    s:\n        - needle\n        - http.status: 200\n        - - deep\n          - http.status: 500\n    condition: s';
    const says = (values: Record<string, unknown>) => found({ 'c.yml': rule(mixed) }, 'http', values).length;
    expect(says({ 'http.url': '/needle' })).toBe(1);
    expect(says({ 'http.status': 200 })).toBe(1);
    expect(says({ 'http.url': '/deep' })).toBe(1);
    expect(says({ 'http.status': 500 })).toBe(1);
    expect(says({ 'http.status': 404, 'http.url': '/' })).toBe(0);
  });
  test('keywords name the fields that they stood in', () => {
    const set = rulesOf({ 'c.yml': rule('    s:\n        - needle\n    condition: s') });
    let matched: string[] = [];
    show(
      set,
      event('http', { 'http.url': '/Needle', 'http.hostname': 'h' }),
      (hit) => (matched = hit.matched()),
    );
    expect(matched).toEqual(['http.url']);
  });
});

describe('filters', () => {
  const ID = '11111111-1111-4111-8111-111111111111';
  const base = rule(item('http.url|startswith: /admin'), undefined, `title: Case\nid: ${ID}\nname: case`);
  const filter = (
    rules: string,
    condition = 'not selection',
    source = 'product: yagura\n    service: http',
  ) =>
    `title: Ours\nlogsource:\n    ${source}\nfilter:\n    rules: ${rules}\n    selection:\n        src_ip|cidr: 10.0.0.0/8\n    condition: ${condition}\n`;
  const said = (text: string, src_ip: string) =>
    found({ 'a.yml': base, 'f.yml': text }, 'http', { 'http.url': '/admin' }, flow({ src_ip })).length;
  test.each([`[${ID}]`, '[case]', 'any', 'all', '[]'])('rules: %s takes ours out', (rules) => {
    expect([said(filter(rules), '10.1.1.1'), said(filter(rules), '192.0.2.1')]).toEqual([0, 1]);
  });
  test('of another log source, it does not speak of the rule', () =>
    expect(said(filter('any', 'not selection', 'product: yagura\n    service: dns'), '10.1.1.1')).toBe(1));
  test('a product alone is enough', () =>
    expect(said(filter('any', 'not selection', 'product: yagura'), '10.1.1.1')).toBe(0));
  test.each([
    [filter('[other]'), 'there is no rule "other"'],
    [filter('[cse]'), '(did you mean "case"?)'],
    [filter('any', 'selection'), 'write "not selection"'],
    [filter('any').replace('src_ip', 'src_pi'), 'f.yml:8:9: unknown field "src_pi" (did you mean "src_ip"?)'],
    [filter('any').replace('title: Ours\n', ''), 'the filter has no "title"'],
    [filter('any').replace('    rules: any\n', ''), '"rules" is missing'],
    [filter('any', 'not selectoin'), 'there is no selection "selectoin" (did you mean "selection"?)'],
  ])('%# is refused, and the rule stays', (text, wanted) => {
    const set = rulesOf({ 'a.yml': base, 'f.yml': text });
    expect(set.problems.map(({ message }) => message).join()).toContain(wanted);
    expect(set.rules.length).toBe(1);
  });
});

describe('documents that an action makes of others', () => {
  const names = (text: string) => {
    const set = rulesOf({ 'a.yml': text });
    expect(set.problems.map(({ message }) => message)).toEqual([]);
    return set.rules.map(({ identity }) => [identity.name, identity.severity]);
  };
  const logsource = 'logsource:\n    product: yagura\n    service: http\n';
  const detection = (url: string) => `detection:\n    s:\n        http.url: ${url}\n    condition: s\n`;
  test('global is shared until reset; maps are put together', () => {
    const text = `action: global\ntitle: Shared\nlevel: high\n${logsource}---\n${detection('/a')}---\ntitle: Own\n${detection('/b')}---\naction: reset\n---\ntitle: Alone\n${logsource}${detection('/c')}`;
    expect(names(text)).toEqual([
      ['Shared', 'high'],
      ['Own', 'high'],
      ['Alone', 'medium'],
    ]);
  });
  test('repeat is the one before with changes', () => {
    const text = `title: One\nlevel: low\n${logsource}${detection('/a')}---\naction: repeat\ntitle: Two\ndetection:\n    s:\n        http.url: /b\n`;
    expect(names(text)).toEqual([
      ['One', 'low'],
      ['Two', 'low'],
    ]);
    expect(found({ 'a.yml': text }, 'http', { 'http.url': '/b' })).toEqual(['Two']);
  });
  test('errors stand where the words do', () => {
    const text = `action: global\ntitle: Shared\n${logsource}---\ndetection:\n    s:\n        http.urll: x\n    condition: s\n`;
    expect(problems({ 'a.yml': text })).toBe(
      'a.yml:9:9: unknown field "http.urll" (did you mean "http.url"?)',
    );
    expect(problems({ 'a.yml': 'action: globl\ntitle: x' })).toContain(
      'a.yml:1:9: unknown action "globl" (did you mean "global"?)',
    );
    expect(problems({ 'a.yml': 'action: repeat\ntitle: x' })).toContain('"repeat" has no document before it');
  });
});
