// Suppressions as people write them: what each covers, and what is said of those that are wrong.
import { expect, test } from 'vitest';
import { type Covered, readSuppressions } from './suppressions.ts';

const WHO = 'owner: soc\n  reason: the house scans itself\n  until: 2027-03-31';
const one = (text: string) => readSuppressions('quiet.yml', `- ${text}\n  ${WHO}\n`)[0];
const alert = (given: Partial<Covered> = {}): Covered => ({
  id: '3912001c-0849-431f-bce7-7c493cc1f9e2',
  name: 'DNS zone transfer asked for',
  severity: 'medium',
  src_ip: '10.20.0.9',
  dest_ip: '2001:db8::53',
  ...given,
});

test('names a rule by id, by title, or with wildcards', () => {
  for (const rule of [
    '3912001C-0849-431f-bce7-7c493cc1f9e2',
    'dns zone transfer asked for',
    'DNS zone*',
    '"*"',
  ])
    expect(one(`rule: ${rule}`).covers(alert())).toBe(true);
  for (const rule of ['3912001c', 'zone*', 'dns zone transfer'])
    expect(one(`rule: ${rule}`).covers(alert())).toBe(false);
});

test('looks at sides by prefix, each with its family', () => {
  const covers = (text: string, given?: Partial<Covered>) => one(`rule: "*"\n  ${text}`).covers(alert(given));
  expect(covers('src: 10.20.0.0/24')).toBe(true);
  expect(covers('src: [10.9.0.0/16, 10.20.0.9]')).toBe(true);
  expect(covers('src: 10.20.1.0/24')).toBe(false);
  expect(covers('dest: 2001:db8::/32')).toBe(true);
  expect(covers('dest: 10.20.0.0/24')).toBe(false);
  expect(covers('either: 10.20.0.0/24', { src_ip: '198.51.100.1', dest_ip: '10.20.0.77' })).toBe(true);
  expect(covers('either: 10.20.0.0/24', { src_ip: '198.51.100.1' })).toBe(false);
});

test('lets what is grave through, unless it says otherwise; a limit covers all', () => {
  expect(one('rule: "*"').covers(alert({ severity: 'high' }))).toBe(false);
  expect(one('rule: "*"\n  up_to: high').covers(alert({ severity: 'high' }))).toBe(true);
  expect(one('rule: "*"\n  up_to: high').covers(alert({ severity: 'critical' }))).toBe(false);
  expect(one('rule: "*"\n  limit: {timespan: 1h}').covers(alert({ severity: 'critical' }))).toBe(true);
});

test('reads the end and the limit', () => {
  const suppression = one('rule: "*"\n  limit: {count: 3, timespan: 2h, track: by_src}');
  expect(suppression.until).toBe(Date.UTC(2027, 2, 31) * 1000);
  expect(suppression.limit).toEqual({ count: 3, span: 7200e6, track: 'by_src' });
  expect(suppression.place).toBe('quiet.yml:1');
  expect(readSuppressions('empty.yml', '# nothing yet\n')).toEqual([]);
});

test.each([
  ['rule: x', 'quiet.yml:1:3: "owner" is missing'],
  [`rule: x\n  soucre: 10.0.0.1\n  ${WHO}`, 'quiet.yml:2:3: unknown word "soucre" in a suppression'],
  [`src: 10.0.0.1\n  ${WHO}`, '"rule" is missing'],
  [`rule: x\n  src: 10.0.0\n  ${WHO}`, '"10.0.0" is neither an address nor a prefix'],
  [`rule: x\n  up_to: hihg\n  ${WHO}`, 'unknown severity "hihg" (did you mean "high"?)'],
  [`rule: x\n  limit: {count: 0, timespan: 1h}\n  ${WHO}`, '"count" is a whole number'],
  [`rule: x\n  limit: {count: 1}\n  ${WHO}`, '"timespan" is a number'],
  [
    `rule: x\n  limit: {timespan: 1h, track: by_sorc}\n  ${WHO}`,
    'unknown track "by_sorc" (did you mean "by_src"?)',
  ],
  ['rule: x\n  owner: a\n  reason: b\n  until: soon', '"until" is a date'],
  ['rule: x\n  rule: y', 'YAML: Map keys must be unique'],
])('refuses %j', (text, said) => {
  const read = () => readSuppressions('quiet.yml', `- ${text}\n`);
  expect(read).toThrow(said);
  expect(read).toThrow(expect.objectContaining({ code: 'suppression_invalid' }));
});

test('refuses what is no list', () => {
  expect(() => readSuppressions('quiet.yml', 'rule: x\n')).toThrow('the file is a list of suppressions');
});
