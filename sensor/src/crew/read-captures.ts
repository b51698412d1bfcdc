// A worker at captures: every one reads them whole, and takes up the pairs of hosts that are its own. Reading twice costs
// less than handing frames from one thread's cache to another's.
import { SensorError } from '../errors.ts';
import { Packet } from '../layers/packet.ts';
import { hostPair } from '../layers/pair.ts';
import { BATCH_FRAMES } from '../sources/capture.ts';
import { openCapture } from '../sources/index.ts';
import type { FrameBatch } from '../sources/source.ts';
import type { Capture, Work, Workplace } from './work.ts';

export async function readCaptures(place: Workplace, captures: readonly Capture[]): Promise<Work> {
  const share = new Share(place);
  for (const capture of captures) await share.read(capture);
  return { ...(await place.finish()), said: share.said, failed: share.failed };
}

class Share {
  readonly said: string[] = [];
  failed = false;
  readonly #place: Workplace;
  readonly #packet = new Packet();
  /** By frame of a batch. */
  readonly #mine = new Uint8Array(BATCH_FRAMES);

  constructor(place: Workplace) {
    this.#place = place;
  }

  async read({ path, shift }: Capture): Promise<void> {
    const { sensor, sender, signals, member } = this.#place;
    sensor.shift = shift;
    let packets = 0;
    try {
      const source = openCapture(path);
      for await (const batch of source.batches()) {
        if (signals.isStopped) break;
        packets += batch.count;
        this.#choose(batch);
        sensor.frames(batch, 0, batch.count, this.#mine);
        sender.passed();
        // One of them speaks for all, which are about as far.
        if (member.number === 0) signals.report(batch.count, source.progress() ?? 0);
      }
    } catch (error) {
      if (!(error instanceof SensorError) || error.code === 'output_unwritable') throw error;
      this.failed ||= packets === 0;
      this.said.push(error.toString());
    }
  }

  #choose(batch: FrameBatch): void {
    const { number, workers } = this.#place.member;
    const p = this.#packet;
    p.bytes = batch.bytes;
    for (let i = 0; i < batch.count; i++) {
      p.at = batch.start[i];
      p.end = p.at + batch.captured[i];
      p.wire = batch.wire[i];
      p.link = batch.link[i];
      this.#mine[i] = hostPair(p) % workers === number ? 1 : 0;
    }
  }
}
