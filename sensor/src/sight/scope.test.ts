// The scope on its way: whoever may not be looked at is in no event, however the packet that names them is wrapped.
import { describe, expect, test } from 'vitest';
import { RECEIVED } from '../../../test/support/exporting.ts';
import type { Frame } from '../../../test/support/packets/capture.ts';
import { NOON } from '../../../test/support/packets/capture.ts';
import { ethernet, fragments, icmp, icmp6, ip, tcp, udp } from '../../../test/support/packets/frame.ts';
import { addressOctets, octets } from '../../../test/support/packets/octets.ts';
import { TUNNELS } from '../../../test/support/packets/stacks.ts';
import { toPort, vxlan } from '../../../test/support/packets/wrap.ts';
import { newSensor, type Sensed, sense } from '../../../test/support/sense.ts';
import { FlowExport } from '../sources/exports/record.ts';
import { parseEntry, type ScopeText, wrongScope } from './scope.ts';

const OURS = '10.1.0.7';
const SERVER = '198.51.100.9';
const HIDDEN = '203.0.113.77';
const NEVER: ScopeText = { look: [], never: ['203.0.113.0/24', '2001:db8:dead::/48'] };

const at = (bytes: Uint8Array, i = 0): Frame => ({ time: NOON + i * 1000, bytes });
const hello = (src: string, dest: string): Uint8Array =>
  ip({ src, dest }, tcp({ from: 40_000, to: 80, flags: 'S' }));
const see = (packets: readonly Uint8Array[], scope: ScopeText): Sensed =>
  sense(
    packets.map((packet, i) => at(ethernet(packet), i)),
    { scope },
  );
const ends = ({ of }: Sensed): string[] => of('flow').map((flow) => `${flow['src_ip']} ${flow['dest_ip']}`);
const outside = ({ sensor }: Sensed): number[] => [sensor.counters.outside, sensor.counters.outsideInner];
/** Nothing of the address in any event. */
const isSilent = (sensed: Sensed, address: string): boolean =>
  !JSON.stringify(sensed.events).includes(address);

describe('whom a packet is of', () => {
  test('without a scope everything is looked at', () => {
    const sensed = see([hello(OURS, HIDDEN)], { look: [], never: [] });
    expect([ends(sensed), outside(sensed)]).toEqual([[`${OURS} ${HIDDEN}`], [0, 0]]);
  });

  test.each<[string, ScopeText, readonly (readonly [string, string])[]]>([
    [
      'one side in look',
      { look: ['10.0.0.0/8'], never: [] },
      [
        [OURS, SERVER],
        [SERVER, OURS],
      ],
    ],
    ['from', { look: ['from 10.0.0.0/8'], never: [] }, [[OURS, SERVER]]],
    ['to', { look: ['to 10.0.0.0/8'], never: [] }, [[SERVER, OURS]]],
    ['never', { look: [], never: ['198.51.100.0/24'] }, []],
    ['never from', { look: [], never: ['from 198.51.100.0/24'] }, [[OURS, SERVER]]],
    ['never to', { look: [], never: ['to 198.51.100.0/24'] }, [[SERVER, OURS]]],
    ['never wins', { look: ['10.0.0.0/8'], never: ['10.1.0.7'] }, []],
    ['a family that look does not name', { look: ['2001:db8::/32'], never: [] }, []],
  ])('%s', (_, scope, seen) => {
    for (const [src, dest] of [
      [OURS, SERVER],
      [SERVER, OURS],
    ])
      expect(ends(see([hello(src, dest)], scope))).toEqual(
        seen.some(([a, b]) => a === src && b === dest) ? [`${src} ${dest}`] : [],
      );
  });

  test('IPv6 likewise; and IPv4 in its clothes', () => {
    const six = (last: string): Uint8Array => hello('2001:db8:1::7', last);
    const sensed = see(
      [
        '2001:db8:dead::1',
        '::ffff:cb00:714d',
        '64:ff9b::cb00:714d',
        '2002:cb00:714d::1',
        '2001:db8:beef::1',
      ].map(six),
      NEVER,
    );
    expect([ends(sensed), outside(sensed)]).toEqual([['2001:db8:1::7 2001:db8:beef::1'], [4, 0]]);
  });

  test('odd packets, broken ones and those without a transport tell nothing either', () => {
    const odd = ip(
      { src: OURS, dest: HIDDEN, options: [0x94, 4, 0, 0, 7, 4, 0, 0] },
      tcp({ from: 1, to: 2, flags: 'S' }),
    );
    const short = ethernet(
      ip({ src: HIDDEN, dest: OURS }, { protocol: 6, checksumAt: -1, bytes: octets([1, 2]) }),
    );
    const cut = ethernet(hello(OURS, HIDDEN)).slice(0, 34);
    const frames = [
      at(ethernet(odd)),
      at(short),
      at(cut),
      at(ethernet(ip({ src: OURS, dest: HIDDEN }, { protocol: 99, checksumAt: -1, bytes: octets([1]) }))),
    ];
    const blind = sense(frames, { scope: NEVER });
    expect(isSilent(sense(frames), HIDDEN)).toBe(false);
    expect([blind.events, outside(blind)]).toEqual([[], [4, 0]]);
  });
});

describe('what is wrapped', () => {
  const inner = { src: '10.1.0.7', dest: '10.1.0.8' };
  test.each(TUNNELS)('%s: the packet inside is judged by its own addresses', (_, tunnel) => {
    const packet = ip({ src: '192.0.2.1', dest: '192.0.2.2' }, tunnel);
    const hidden = see([packet], { look: [], never: [inner.dest, '2001:db8::8'] });
    expect([
      isSilent(hidden, inner.dest),
      isSilent(hidden, '2001:db8::8'),
      hidden.sensor.counters.outside,
    ]).toEqual([true, true, 0]);
    expect(hidden.sensor.counters.outsideInner).toBeGreaterThan(0);
  });

  test('a tunnel between those who may not be looked at takes along what is inside', () => {
    const packet = ip(
      { src: '192.0.2.1', dest: HIDDEN },
      toPort(4789, vxlan(7, ethernet(hello(OURS, SERVER)))),
    );
    expect(ends(see([packet], { look: [], never: [] }))).toHaveLength(2);
    expect([ends(see([packet], NEVER)), outside(see([packet], NEVER))]).toEqual([[], [1, 0]]);
    expect(ends(see([packet], { look: ['10.0.0.0/8'], never: [] }))).toEqual([]);
  });

  test('no fragment is kept, the last no more than the first', () => {
    const pieces = fragments({ src: HIDDEN, dest: OURS }, udp({ from: 53, to: 9 }, new Uint8Array(100)), 40);
    const sensed = see(pieces, NEVER);
    expect([sensed.events, outside(sensed), sensed.sensor.fragments.counters.fragments]).toEqual([
      [],
      [pieces.length, 0],
      0,
    ]);
    expect(sensed.sensor.fragments.waiting).toBe(0);
  });

  test('an error falls with the packet that it quotes, also one in fragments', () => {
    const quote = (dest: string): Uint8Array => octets(new Uint8Array(4), hello(OURS, dest));
    const error = (dest: string): Uint8Array => ip({ src: '10.1.0.1', dest: OURS }, icmp(3, 1, quote(dest)));
    expect(ends(see([error(SERVER)], NEVER))).toEqual([`10.1.0.1 ${OURS}`]);
    const hidden = see([error(HIDDEN)], NEVER);
    expect([hidden.events, outside(hidden)]).toEqual([[], [0, 1]]);
    const pieces = fragments({ src: '10.1.0.1', dest: OURS }, icmp(11, 0, quote(HIDDEN)), 24);
    expect(see(pieces, NEVER).events).toEqual([]);
    const six = octets(new Uint8Array(4), hello('2001:db8::7', '2001:db8:dead::1'));
    expect(see([ip({ src: '2001:db8::1', dest: '2001:db8::7' }, icmp6(3, 0, six))], NEVER).events).toEqual(
      [],
    );
    // An echo quotes nothing, whatever its data look like.
    expect(ends(see([ip({ src: '10.1.0.1', dest: OURS }, icmp(8, 0, quote(HIDDEN)))], NEVER))).toHaveLength(
      1,
    );
  });

  test('who asks for an address by ARP, and whose it is', () => {
    const arp = (sender: string, target: string): Frame =>
      at(
        octets(
          [255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1],
          addressOctets(sender),
          new Uint8Array(6),
          addressOctets(target),
          new Uint8Array(18),
        ),
      );
    const frames = [arp(OURS, SERVER), arp(OURS, HIDDEN), arp(HIDDEN, OURS)];
    expect(sense(frames).of('arp')).toHaveLength(3);
    const sensed = sense(frames, { scope: NEVER });
    expect([sensed.of('arp').length, isSilent(sensed, HIDDEN), outside(sensed)]).toEqual([1, true, [2, 0]]);
    const ours = sense(frames, { scope: { look: ['to 10.0.0.0/8'], never: [] } });
    expect(ours.of('arp')).toHaveLength(1);
  });
});

describe('flows that others tell', () => {
  /** 10.0.0.5 to 192.0.2.1, next hop 10.0.0.254 */
  const told = (scope: ScopeText, change: (record: FlowExport) => void = () => {}): string[] => {
    const sensed = newSensor({ scope, maxFlows: 16 });
    const heard = new FlowExport();
    heard.clear();
    heard.addresses.set([0, 0, 0, 0x0a000005, 0, 0, 0, 0xc0000201, 0, 0, 0, 0x0a0000fe]);
    heard.families.set([4, 4, 4]);
    heard.received = RECEIVED;
    heard.settle({ exported: RECEIVED, boot: Number.NaN }, 1);
    change(heard);
    sensed.sensor.report(heard);
    sensed.sensor.finish();
    // It was told, whatever becomes of it: what is outside is taken off what was seen.
    expect(sensed.sensor.counters.reported).toBe(1);
    return [...ends(sensed), ...(sensed.sensor.counters.outside > 0 ? ['outside'] : [])];
  };
  test.each<[string, ScopeText, boolean]>([
    ['within', { look: ['from 10.0.0.0/8'], never: [] }, true],
    ['without', { look: ['172.16.0.0/12'], never: [] }, false],
    ['never its end', { look: [], never: ['to 192.0.2.0/24'] }, false],
    ['never its other end, the other way', { look: [], never: ['from 192.0.2.0/24'] }, true],
    ['never its next hop', { look: [], never: ['10.0.0.254'] }, false],
  ])('%s', (_, scope, isSeen) => {
    expect(told(scope)).toEqual(isSeen ? ['10.0.0.5 192.0.2.1'] : ['outside']);
  });

  test('a record of both directions must pass in both', () => {
    const both = (record: FlowExport): void => {
      record.responderPackets = 3;
    };
    expect(told({ look: [], never: ['from 192.0.2.0/24'] }, both)).toEqual(['outside']);
    expect(told({ look: ['from 10.0.0.0/8'], never: [] }, both)).toEqual(['outside']);
  });
});

describe('entries', () => {
  test.each(['10.0.0.0/8', 'from 10.0.0.0/8', 'to  2001:db8::/32', '192.0.2.1'])('%s', (text) => {
    expect(parseEntry(text)).toBeDefined();
  });
  test.each(['', 'from', '10.0.0.0/33', 'both 10.0.0.0/8', '10.0.0/8', 'from to 10.0.0.0/8'])(
    '"%s" is none',
    (text) => {
      expect(parseEntry(text)).toBeUndefined();
    },
  );

  test.each<[ScopeText, RegExp | undefined]>([
    [{ look: [], never: [] }, undefined],
    [{ look: ['10.0.0.0/8'], never: ['10.1.0.0/16'] }, undefined],
    [{ look: ['10.0.0.0/8'], never: ['10.0.0.0/9', '10.128.0.0/9'] }, /covers all of "scope_look"/],
    [{ look: ['10.0.0.0/8'], never: ['from 10.0.0.0/8'] }, undefined],
    [{ look: ['from 10.0.0.0/8'], never: ['from 10.0.0.0/8'] }, /covers all of "scope_look"/],
    [{ look: [], never: ['0.0.0.0/0'] }, undefined],
    [{ look: [], never: ['to 0.0.0.0/0', 'to ::/0'] }, /covers every address/],
  ])('%j', (scope, wrong) => {
    if (wrong === undefined) expect(wrongScope(scope)).toBeUndefined();
    else expect(wrongScope(scope)).toMatch(wrong);
  });
});
