// From a source's settings to the source at work: each kind is loaded when it is used.
import { addressOf, prefixOf } from '../config/address.ts';
import type { SourceConfig } from '../config/settings.ts';
import { inner, unwrap } from '../layers/mirrored.ts';
import { openCapture } from '../sources/index.ts';
import type { Source } from '../sources/source.ts';
import { type EveConfig, EveFeed } from './eve-feed.ts';
import { ExportFeed } from './export-feed.ts';
import { type Feed, type FeedParts, FrameFeed } from './feed.ts';

const MIB = 1024 * 1024;

/** IPFIX is NetFlow's tenth version, and one exporter may speak both. */
const KINDS = { netflow: ['netflow', 'ipfix'], ipfix: ['netflow', 'ipfix'], sflow: ['sflow'] } as const;
type ExportConfig = Extract<SourceConfig, { readonly kind: keyof typeof KINDS }>;
type FrameConfig = Exclude<SourceConfig, ExportConfig | EveConfig>;

const isExport = (config: SourceConfig): config is ExportConfig => Object.hasOwn(KINDS, config.kind);

export function feedOf(config: SourceConfig, parts: FeedParts): Feed {
  if (config.kind === 'eve') return new EveFeed(config, parts);
  if (!isExport(config)) return new FrameFeed(config, () => open(config, parts), parts);
  const { host: address, port } = listen(config.place);
  const options = { address, port, kinds: KINDS[config.kind], exporters: prefixes(config.from) };
  return new ExportFeed(config, { ...options, receiveBytes: config.buffer * MIB }, parts);
}

/** @throws SensorError */
async function open(config: FrameConfig, { say }: FeedParts): Promise<Source> {
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
  }
}

/** The settings were checked when they were read. */
const listen = (place: string) => addressOf(place) as NonNullable<ReturnType<typeof addressOf>>;
const prefixes = (texts: readonly string[]) =>
  texts.map((text) => prefixOf(text)).filter((p) => p !== undefined);
