// Samples of sFlow: headers that go on as frames, and what agents say of packets themselves.
import { describe, expect, test } from 'vitest';
import { listen, RECEIVED } from '../../../../test/support/exporting.ts';
import {
  be,
  counterSample,
  flowSample,
  ip4,
  sampledHeader,
  sflow,
  sflowRecord,
} from '../../../../test/support/packets/exports.ts';
import { ethernet, ip, tcp } from '../../../../test/support/packets/frame.ts';

describe('sFlow', () => {
  const frame = ethernet(
    ip({ src: '10.0.0.1', dest: '192.0.2.1' }, tcp({ from: 40_001, to: 443, flags: 'S', sequence: 1 })),
  );

  test.each([false, true])('a sampled header goes on as a frame (expanded: %s)', (isExpanded) => {
    const { take, frames, counters } = listen();
    take(sflow([flowSample([sampledHeader(frame, 1400)], 512, isExpanded), counterSample()]));
    expect(frames).toEqual([{ wire: 1400, captured: frame.length, link: 1, sampling: 512 }]);
    expect(counters).toMatchObject({ samples: 1, counterSamples: 1, refused: 0 });
  });

  test('addresses without a header, the next hop and the systems on the way', () => {
    const { take, told } = listen();
    const ipv4 = sflowRecord(
      3,
      ...[
        be(900, 4),
        be(17, 4),
        ip4('10.0.0.1'),
        ip4('192.0.2.1'),
        be(5353, 4),
        be(53, 4),
        be(0, 4),
        be(0, 4),
      ],
    );
    const vlan = sflowRecord(1001, be(30, 4), be(0, 4), be(31, 4), be(0, 4));
    take(sflow([flowSample([vlan, ipv4], 100)]));
    expect(told).toMatchObject([
      {
        src: '10.0.0.1',
        dest: '192.0.2.1',
        ports: '5353-53',
        packets: 100,
        bytes: 90_000,
        sampling: 100,
        vlan: [30],
      },
    ]);
  });

  test('cut anywhere it is refused, never read beyond', () => {
    const whole = sflow([flowSample([sampledHeader(frame, 1400)], 512)]);
    for (let end = 0; end < whole.length; end++) {
      const { decoder, frames, counters } = listen();
      decoder.take(whole, 0, end, 'x', RECEIVED);
      expect([frames.length, counters.refused]).toEqual([0, 1]);
    }
  });
});
