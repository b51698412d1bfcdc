// From a source's settings to the source at work: each kind is loaded when it is used.
import { addressOf, prefixOf } from '../config/address.ts';
import type { SourceConfig } from '../config/settings.ts';
import { SensorError } from '../errors.ts';
import { inner, unwrap } from '../layers/mirrored.ts';
import { openCapture } from '../sources/index.ts';
import type { Source } from '../sources/source.ts';
import { type Feed, type FeedParts, FrameFeed } from './feed.ts';

const MIB = 1024 * 1024;

export const feedOf = (config: SourceConfig, parts: FeedParts): Feed =>
  new FrameFeed(config, () => open(config, parts), parts);

/** @throws SensorError */
async function open(config: SourceConfig, { say }: FeedParts): Promise<Source> {
  const { place } = config;
  switch (config.kind) {
    case 'capture':
      return openCapture(place);
    case 'afpacket': {
      const { openAfPacket } = await import('../sources/afpacket/afpacket.ts');
      const { snap_length: snapLength, filter } = config;
      return openAfPacket({
        interface: place,
        snapLength,
        ...(filter !== undefined && { filter }),
        tell: (line) => say(`${config.name}: ${line}`),
      });
    }
    case 'mirror': {
      const { openMirror } = await import('../sources/mirror.ts');
      const { host: address, port } = listen(place);
      const from = prefixes(config.from);
      const mirror = await openMirror({
        address,
        port,
        from,
        receiveBytes: config.buffer * MIB,
        unwrap,
        inner,
      });
      say(`${config.name}: listening at ${address}:${mirror.port}`);
      return mirror;
    }
    default:
      throw new SensorError('source_unavailable', `${config.kind} is not there yet`);
  }
}

/** The settings were checked when they were read. */
const listen = (place: string) => addressOf(place) as NonNullable<ReturnType<typeof addressOf>>;
const prefixes = (texts: readonly string[]) =>
  texts.map((text) => prefixOf(text)).filter((p) => p !== undefined);
