// `print`: the headers of each packet, a line each, to see what a capture holds.

import { formatTime } from '../bytes/time.ts';
import { SensorError } from '../errors.ts';
import { Packet } from '../layers/packet.ts';
import { print } from '../layers/print.ts';
import { describeOptions, parseOptions } from '../options.ts';
import { openCapture } from '../sources/index.ts';
import type { Command } from './command.ts';

const OPTIONS = {
  count: { kind: 'number', default: 1_000_000_000, unit: 'packets', about: 'end after so many packets' },
} as const;

export const printCommand: Command = {
  help: `yagura-sensor print FILE [options]

${describeOptions(OPTIONS)}`,
  async run(args, terminal) {
    const { options, rest } = parseOptions(args, OPTIONS);
    if (rest.length !== 1) throw new SensorError('usage', 'print needs one capture file');
    const packet = new Packet();
    let left = options.count;
    for await (const batch of openCapture(rest[0]).batches()) {
      packet.bytes = batch.bytes;
      let text = '';
      for (let i = 0; i < batch.count && left > 0; i++, left--) {
        packet.at = batch.start[i];
        packet.end = packet.at + batch.captured[i];
        packet.wire = batch.wire[i];
        packet.link = batch.link[i];
        text += `${formatTime(batch.time[i])} | ${print(packet)}\n`;
      }
      terminal.out(text);
      if (left === 0 || terminal.stop.aborted) break;
    }
    return 0;
  },
};
