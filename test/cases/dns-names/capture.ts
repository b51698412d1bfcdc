// DNS over UDP: one honest exchange with records of each kind, then messages that nobody honest sends.
import { datagrams } from '../../support/packets/conversation.ts';
import { dns, name, pointer, query, TYPE } from '../../support/packets/dns.ts';
import { addressOctets, be16, be32, octets } from '../../support/packets/octets.ts';

const owner = pointer(12);
const honest = dns({
  id: 1,
  flags: 0x8580,
  questions: [{ name: 'example.jp', type: 255 }],
  answers: [
    { name: owner, type: TYPE.A, data: [192, 0, 2, 1] },
    { name: owner, type: TYPE.AAAA, data: addressOctets('2001:db8::1') },
    { name: owner, type: TYPE.MX, data: octets(be16(10), [4], 'mail', owner) },
    { name: owner, type: TYPE.TXT, data: octets([13], 'nobody reads!') },
    { name: owner, type: TYPE.SRV, data: octets(be16(1), be16(2), be16(5060), [3], 'sip', owner) },
  ],
  authorities: [
    {
      name: owner,
      type: TYPE.SOA,
      data: octets([2], 'ns', owner, [4], 'host', owner, be32(2026010501), new Uint8Array(16)),
    },
  ],
});
const countLies = query('count.example', TYPE.A, 4);
countLies.set(be16(40_000), 6);

export const frames = datagrams({ server: '10.1.0.53' }, [
  ['client', query('example.jp', 255, 1)],
  ['server', honest],
  [
    'client',
    dns({ id: 2, questions: [{ name: octets([6], 'a.b\\c"', [3, 0, 0x7f, 0xff], [0]), type: TYPE.A }] }),
  ],
  [
    'server',
    dns({
      id: 3,
      flags: 0x8183,
      questions: [{ name: 'loop.example', type: TYPE.A }],
      answers: [{ name: pointer(31), type: TYPE.CNAME, data: pointer(44) }],
    }),
  ],
  ['client', countLies],
  [
    'server',
    dns({
      id: 5,
      flags: 0x8182,
      questions: [
        {
          name: octets(
            [63],
            'x'.repeat(63),
            [63],
            'y'.repeat(63),
            [63],
            'z'.repeat(63),
            [63],
            'w'.repeat(63),
            [0],
          ),
          type: TYPE.A,
        },
      ],
    }),
  ],
  ['client', query('', TYPE.NS, 6)],
  ['client', octets(name('not a message'))],
]);
