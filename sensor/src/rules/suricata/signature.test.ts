// The grammar of Suricata's rules: heads, options, and where a fault is.
import { expect, test } from 'vitest';
import { RuleFault } from './fault.ts';
import { rulesOf } from './lines.ts';
import { parseSignature } from './signature.ts';
import { Spaces } from './spaces.ts';
import { readVariables } from './variables.ts';

const variables = readVariables(
  'suricata.yaml',
  'vars: { address-groups: { HOME_NET: "[10.0.0.0/8,!10.9.0.0/16,2001:db8::/32]" }, port-groups: { WEB: "[80,8000:8080,!8005]" } }',
);
const spaces = new Spaces(variables);
const address = (text: string, ip: readonly number[]): boolean | undefined => {
  const words = ip.length === 1 ? [0, 0, 0, ip[0]] : ip;
  return spaces.addresses({ text, at: 0 })?.has(ip.length === 1 ? 4 : 6, Uint32Array.from(words));
};
const ip4 = (text: string): readonly number[] => [
  text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0),
];
const fault = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof RuleFault) return `${error.kind} ${error.at} ${error.message}`;
    throw error;
  }
  return 'none';
};

test('a head, and options in their order', () => {
  const rule = parseSignature(
    'alert tcp [$HOME_NET, !10.1.1.1] any -> any ![80,443] (msg:"a\\; b"; content:"|3b|"; nocase; sid:1;)',
  );
  expect(rule).toMatchObject({ action: 'alert', protocol: 'tcp', direction: '->' });
  expect(rule.source.text).toBe('[$HOME_NET, !10.1.1.1]');
  expect(rule.options.map(({ name, value }) => [name, value])).toEqual([
    ['msg', '"a\\; b"'],
    ['content', '"|3b|"'],
    ['nocase', undefined],
    ['sid', '1'],
  ]);
});

test('a rule goes on behind a backslash, and keeps its lines', () => {
  const [rule, next] = rulesOf('# alert none\nalert ip any any -> any any \\\n  (sid:x;)\n\nnext');
  const { line, column } = rule.position(rule.text.indexOf('sid'));
  expect([line, column]).toEqual([3, 4]);
  expect(next.position(0)).toEqual({ line: 5, column: 1 });
});

test('addresses: lists in lists, negated ones, ranges, masks and variables', () => {
  expect(address('$HOME_NET', ip4('10.1.2.3'))).toBe(true);
  expect(address('$HOME_NET', ip4('10.9.2.3'))).toBe(false);
  expect(address('!$HOME_NET', ip4('10.9.2.3'))).toBe(true);
  expect(address('!$HOME_NET', ip4('10.1.2.3'))).toBe(false);
  expect(address('$HOME_NET', [0x20010db8, 0, 0, 1])).toBe(true);
  expect(address('[192.0.2.10-192.0.2.20,![192.0.2.12]]', ip4('192.0.2.20'))).toBe(true);
  expect(address('[192.0.2.10-192.0.2.20,![192.0.2.12]]', ip4('192.0.2.12'))).toBe(false);
  expect(address('[192.0.2.10-192.0.2.20]', ip4('192.0.2.21'))).toBe(false);
  expect(address('192.0.2.0/255.255.255.0', ip4('192.0.2.255'))).toBe(true);
  expect(spaces.addresses({ text: 'any', at: 0 })).toBeUndefined();
});

test('ports: ranges, open ends, negated ones', () => {
  const has = (text: string, port: number) => spaces.ports({ text, at: 0 })?.has(port);
  expect([has('$WEB', 8004), has('$WEB', 8005), has('!$WEB', 8005), has('$WEB', 443)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect([has('1024:', 1023), has('1024:', 1024), has(':80', 80), has(':80', 81)]).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test.each([
  ['alert tcp any any > any any (sid:1;)', 'invalid 18 ">" is no direction'],
  ['alert tcp [1.1.1.1 any -> any any (sid:1;)', 'invalid 10 a "["'],
  ['alert tcp any any -> any any (sid:1', 'invalid 35 the ")"'],
  ['alert tcp any any -> any any (sid:1)', 'invalid 35 the ";"'],
  ['alert tcp any any -> any any (sid:1;; rev:1;)', 'invalid 36 an option without a name'],
])('%s', (text, wanted) => {
  expect(fault(() => parseSignature(text))).toContain(wanted);
});

test('a variable that nobody defined is named, with the nearest', () => {
  expect(fault(() => spaces.addresses({ text: '$HOME_NETS', at: 7 }))).toBe(
    'invalid 7 the variable "$HOME_NETS" is not defined (did you mean "HOME_NET"?)',
  );
  expect(fault(() => spaces.ports({ text: '90000', at: 0 }))).toContain('"90000" is neither');
  expect(fault(() => spaces.addresses({ text: '!any', at: 0 }))).toContain('nobody');
});
