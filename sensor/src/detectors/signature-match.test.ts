// Suricata's rules at work on events: directions, state of flows, passes, thresholds, sets, and what an alert says.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FLOW, type Loaded, loaded, told } from '../../../test/support/signatures.ts';
import type { Event, FlowView } from '../protocols/event.ts';
import type { SuricataText } from '../rules/suricata/load.ts';
import type { Finding } from './detector.ts';
import { RuleMeter } from './rule-meter.ts';
import { SignatureMatch } from './signature-match.ts';

interface Told {
  readonly finding: Finding;
  readonly about: Event | FlowView;
}

class Stand {
  readonly told: Told[] = [];
  readonly loaded: Loaded;
  readonly match: SignatureMatch;

  constructor(texts: string | readonly SuricataText[], before?: SignatureMatch) {
    this.loaded = loaded(texts);
    const raise = (finding: Finding, about: Event | FlowView): void =>
      void this.told.push({ finding, about });
    this.match = new SignatureMatch(this.loaded.set, { raise }, before);
  }

  show(...events: Event[]): this {
    for (const event of events) {
      this.loaded.at(event);
      this.match.event(event);
    }
    return this;
  }

  /** `sid>` to the server, `sid<` to the client. */
  get said(): string {
    return this.told
      .map(
        ({ finding: { facts } }) =>
          `${facts?.['yagura.sid']}${facts?.['yagura.direction'] === 'to_server' ? '>' : '<'}`,
      )
      .join(' ');
  }
}

const query = (name: string, flow: Partial<FlowView> = {}, time?: number): Event =>
  told('dns', { 'dns.type': 'request', 'dns.queries[].rrname': [name] }, flow, time);
const answer = (name: string): Event =>
  told('dns', { 'dns.type': 'response', 'dns.rcode': 'NXDOMAIN', 'dns.queries[].rrname': [name] });

test('what rules cost and match is kept, and a suspended one is no longer asked', () => {
  const { set, at: shown } = loaded('alert dns any any -> any any (dns.query; content:"evil"; sid:1;)');
  let now = 0;
  const meter = new RuleMeter(set.rules, 0.1, () => (now += 50));
  const said: Finding[] = [];
  const match = new SignatureMatch(set, { raise: (finding) => void said.push(finding) }, undefined, meter);
  const ask = (): void => {
    const event = query('evil.example');
    shown(event);
    match.event(event, meter.isTurn());
  };
  for (let i = 0; i < 61 * 20; i++) ask();
  const told = said.length;
  expect(meter.costs()).toMatchObject([{ matches: 61 * 20, spent: 20 * 50 * 61, suspendedAt: undefined }]);
  now += 10_000;
  meter.look();
  expect(meter.suspended.map(({ identity }) => identity.id)).toEqual(['suricata-1-1']);
  ask();
  expect(said).toHaveLength(told);
});

test('a question is asked on the way to the server, a name in both records on both', () => {
  const rules = `
    alert dns any any -> any any (dns.query; content:"evil"; sid:1;)
    alert dns any any -> any any (dns.queries.rrname; content:"evil"; sid:2;)
    alert dns any any -> any any (dns.rcode:3; dns.queries.rrname; content:"evil"; sid:3;)
    alert dns any any -> any any (flow:to_client; dns.queries.rrname; content:"evil"; sid:4;)`;
  expect(
    new Stand(rules).show(query('evil.example'), answer('evil.example'), query('good.example')).said,
  ).toBe('1> 2> 2< 3< 4<');
});

test('one record of both sides gives an alert for each side that matches', () => {
  const stand = new Stand(`
    alert ssh any any -> any any (ssh.software; content:"OpenSSH"; sid:1;)
    alert ssh any any -> any any (flow:to_client; ssh.software; content:"OpenSSH"; sid:2;)`);
  stand.show(
    told('ssh', { 'ssh.client.software_version': 'OpenSSH_9', 'ssh.server.software_version': 'OpenSSH_8' }),
    told('ssh', { 'ssh.client.software_version': 'PuTTY', 'ssh.server.software_version': 'OpenSSH_8' }),
  );
  expect(stand.said).toBe('1> 1< 2< 1< 2<');
  const [first, second] = stand.told.map(({ about }) => ('flow' in about ? about.flow : about));
  expect([first.src_ip, first.src_port]).toEqual(['10.0.0.1', 50_000]);
  expect([second.src_ip, second.src_port, second.dest_ip]).toEqual(['203.0.113.9', 443, '10.0.0.1']);
});

test('addresses and ports are those of the packet that goes this way', () => {
  const tls = told('tls', { 'tls.sni': 'a.example', 'tls.subject': 'CN=a.example' });
  const rules = `
    alert tls $HOME_NET any -> $EXTERNAL_NET 443 (tls.sni; content:"a.example"; sid:1;)
    alert tls $EXTERNAL_NET 443 -> $HOME_NET any (tls.cert_subject; content:"a.example"; sid:2;)
    alert tls $HOME_NET any -> $EXTERNAL_NET any (tls.cert_subject; content:"a.example"; sid:3;)
    alert tls $HOME_NET any <> $EXTERNAL_NET any (tls.cert_subject; content:"a.example"; sid:4;)
    alert udp any any -> any any (tls.sni; content:"a.example"; sid:5;)
    alert tls any any -> any !443 (tls.sni; content:"a.example"; sid:6;)`;
  expect(new Stand(rules).show(tls).said).toBe('1> 2< 4<');
});

test('each value of a list is a buffer of its own', () => {
  const rules = 'alert dns any any -> any any (dns.answers.rrname; content:"a"; content:"b"; sid:1;)';
  const event = (names: string[]) => told('dns', { 'dns.type': 'response', 'dns.answers[].rrname': names });
  expect(
    new Stand(rules).show(event(['a.example', 'b.test']), event(['x.test', 'ab.test'])).told,
  ).toHaveLength(1);
});

test('bits and numbers of a flow: writers before readers, whatever the order in the file', () => {
  const rules = `
    alert dns any any -> any any (flowbits:isset,seen; dns.query; content:"two"; sid:1;)
    alert dns any any -> any any (dns.query; content:"one"; flowbits:set,seen; flowbits:noalert; sid:2;)
    alert dns any any -> any any (dns.query; content:"three"; flowint:n,+,1; flowint:n,>,1; sid:3;)
    alert dns any any -> any any (flowbits:isnotset,seen; dns.query; content:"two"; sid:4;)`;
  const stand = new Stand(rules).show(query('two'), query('one'), query('two'), query('two', { id: 2 }));
  expect(stand.said).toBe('4> 1> 4>');
});

test('bits of hosts end, and belong to the recording that set them', () => {
  const rules = `
    alert dns any any -> any any (dns.query; content:"one"; xbits:set,seen,track ip_src,expire 10; noalert; sid:1;)
    alert dns any any -> any any (dns.query; content:"two"; xbits:isset,seen,track ip_src; sid:2;)`;
  const at = (name: string, seconds: number, id: number) => query(name, { id }, seconds * 1e6);
  const stand = new Stand(rules).show(
    at('one', 100, 1),
    at('two', 110, 2),
    at('two', 111, 3),
    at('one', 200, 4),
    at('two', 5, 5),
  );
  expect(stand.told.map(({ about }) => ('flow' in about ? about.flow.id : 0))).toEqual([2]);
});

test('a rule that passes silences its flow, and no other', () => {
  const rules = `
    alert dns any any -> any any (dns.query; content:"x"; sid:1;)
    pass dns any any -> any any (dns.query; content:"known.x"; sid:2;)`;
  const stand = new Stand(rules).show(query('known.x'), query('other.x'), query('other.x', { id: 2 }));
  expect(stand.told.map(({ about }) => ('flow' in about ? about.flow.id : 0))).toEqual([2]);
});

test('sets: asked, added to, and found by the domain above', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yagura-datasets-'));
  mkdirSync(join(folder, 'lists'));
  writeFileSync(join(folder, 'lists/bad.lst'), `${Buffer.from('evil.example').toString('base64')}\n`);
  const text = `
    alert dns any any -> any any (dns.query; dotprefix; dataset:isset,bad,type string,match subdomain,load lists/bad.lst; sid:1;)
    alert dns any any -> any any (dns.query; content:"new"; dataset:set,seen,type string; sid:2;)
    alert dns any any -> any any (dns.query; dataset:isset,gone,type string,load gone.lst; sid:3;)`;
  const stand = new Stand([{ file: 'a.rules', text, path: join(folder, 'a.rules') }]);
  stand.show(
    query('www.evil.example'),
    query('evil.example'),
    query('notevil.example'),
    query('new.a'),
    query('new.a'),
    query('new.b'),
  );
  expect(stand.said).toBe('1> 1> 2> 2>');
  expect(stand.loaded.set.refused.map(({ why }) => why)).toEqual([
    'the file "gone.lst" of the set "gone" does not lie beside the rules',
  ]);
});

test('threshold.config wins over the rule, and suppresses', () => {
  const rules = `
    alert dns any any -> any any (dns.query; content:"x"; threshold:type limit,track by_src,count 1,seconds 60; sid:1;)
    alert dns any any -> any any (dns.query; content:"x"; sid:2;)
    alert dns any any -> any any (dns.query; content:"x"; sid:3;)`;
  const config = `threshold gen_id 1, sig_id 1, type threshold, track by_src, count 2, seconds 60
suppress gen_id 1, sig_id 2, track by_src, ip [10.0.0.0/24,!10.0.0.7]
suppress gen_id 1, sig_id 3`;
  const stand = new Stand([
    { file: 'a.rules', text: rules },
    { file: 'threshold.config', text: config },
  ]);
  stand.show(query('x'), query('x'), query('x', { src_ip: '10.0.0.7' }));
  expect(stand.said).toBe('1> 2>');
});

test('an alert has the numbers, class, priority and ATT&CK of its rule', () => {
  const rules =
    'alert tls any any -> any any (msg:"ET C2 Example"; ja3.hash; content:"00ff"; classtype:command-and-control; sid:9; rev:3; metadata:signature_severity Critical, confidence High, mitre_technique_id T1071.001, mitre_tactic_id TA0011;)';
  const [{ finding }] = new Stand(rules).show(told('tls', { 'tls.ja3.hash': '00ff' })).told;
  expect(finding).toMatchObject({
    rule: {
      id: 'suricata-1-9',
      name: 'ET C2 Example',
      kind: 'suricata',
      severity: 'critical',
      confidence: 85,
      tags: ['attack.command-and-control', 'attack.t1071.001'],
    },
    facts: {
      'yagura.sid': 9,
      'yagura.rev': 3,
      'yagura.gid': 1,
      'yagura.priority': 1,
      'yagura.category': 'Malware Command and Control Activity Detected',
    },
    matched: expect.arrayContaining(['tls.ja3.hash']),
  });
});

test('a rule about addresses alone is told once each way of a flow; one about a protocol once it is known', () => {
  const stand = new Stand(`
    alert ip 10.0.0.0/8 any -> any any (sid:1;)
    alert ip any any -> 10.0.0.0/8 any (sid:2;)
    alert tls any any -> any any (sid:3;)`);
  const { watch } = stand.match;
  watch.opened?.(FLOW);
  watch.answered?.(FLOW);
  watch.answered?.(FLOW);
  stand.show(told('tls', {}), told('tls', {}));
  expect(stand.said).toBe('1> 2< 3> 3<');
});

test('thousands of lists of addresses cost a flow a few looks', () => {
  const lists = Array.from({ length: 3000 }, (_, i) => {
    const hosts = [0, 1, 2].map((k) => `198.${(i >> 8) & 255}.${i & 255}.${k * 7}`).join(',');
    return `alert ip [${hosts},2001:db8:${i.toString(16)}::/48] any -> $HOME_NET any (sid:${i + 1};)`;
  });
  const stand = new Stand(lists.join('\n'));
  const from = (src_ip: string, dest_ip: string, id: number) =>
    stand.match.watch.opened?.({ ...FLOW, id, src_ip, dest_ip } as FlowView);
  from('198.3.17.7', '10.0.0.1', 2);
  from('198.3.17.8', '10.0.0.1', 3);
  from('10.0.0.1', '198.3.17.7', 4);
  from('2001:db8:a::1', 'fd00::1', 5);
  expect(stand.said).toBe('786> 11>');
  const before = performance.now();
  for (let i = 0; i < 10_000; i++) from('192.0.2.1', '10.0.0.1', 10 + i);
  // Measured 1 µs a flow; three thousand rules one by one take 500.
  expect((performance.now() - before) / 10).toBeLessThan(50);
});

test('rules read anew go on with what flows and thresholds were', () => {
  const rules = `
    alert dns any any -> any any (dns.query; content:"one"; flowbits:set,seen; noalert; sid:1;)
    alert dns any any -> any any (dns.query; content:"two"; flowbits:isset,seen; sid:2;)
    alert dns any any -> any any (dns.query; content:"x"; threshold:type limit,track by_src,count 1,seconds 60; sid:3;)`;
  const stand = new Stand(rules).show(query('one'), query('x'));
  const anew = new Stand(rules, stand.match).show(query('two'), query('x'));
  expect([stand.said, anew.said]).toEqual(['3>', '2>']);
});

test('what a worker found is what the one thread tells', () => {
  const rules = `
    alert dns any any -> any any (dns.query; content:"evil"; sid:1;)
    alert dns any any -> any any (dns.query; content:"evil"; dataset:set,once,type string; sid:2;)`;
  const worker = new Stand(rules);
  const main = new Stand(rules);
  for (const event of [query('evil.a'), query('evil.a')]) {
    worker.loaded.at(event);
    expect(worker.match.mayHold(event)).toBe(true);
    const { values } = event.message as { values: unknown };
    main.show({ ...event, message: { values, signatures: worker.match.found } });
  }
  expect(main.said).toBe('1> 2> 1>');
  expect(worker.told).toEqual([]);
});
