// Part of read: files of export datagrams instead of captures, each the payload of a datagram, its frame, or a capture.
import { readFileSync, statSync } from 'node:fs';
import { ipv4Text, ipv6Text } from '../bytes/address.ts';
import { SensorError } from '../errors.ts';
import { decode } from '../layers/decode.ts';
import { FATE, Packet, UDP } from '../layers/packet.ts';
import type { Sensor } from '../sensor.ts';
import { FAULTS, type Fault } from '../sources/exports/counters.ts';
import { type EXPORT_KINDS, ExportDecoder, isExport } from '../sources/exports/decoder.ts';
import { captureFormats, openCapture } from '../sources/index.ts';
import { LINK, type Source } from '../sources/source.ts';

/** What `--source` may say. IPFIX is NetFlow's tenth version, and one exporter may speak both. */
export const FILE_SOURCES = {
  capture: [],
  netflow: ['netflow', 'ipfix'],
  ipfix: ['netflow', 'ipfix'],
  sflow: ['sflow'],
  eve: [],
} as const satisfies Readonly<Record<string, readonly (typeof EXPORT_KINDS)[number][]>>;
export type FileSource = keyof typeof FILE_SOURCES;

/** @throws SensorError config_invalid */
export function fileSource(name: string): FileSource {
  if (Object.hasOwn(FILE_SOURCES, name)) return name as FileSource;
  const names = Object.keys(FILE_SOURCES).join(', ');
  throw new SensorError('config_invalid', `there is no source "${name}"; there are ${names}`);
}

/** Largest payload of a UDP datagram. */
const MAX_DATAGRAM = 65_535;

/** Reads files in their order as what one collector was sent. */
export class ExportFiles {
  readonly #decoder: ExportDecoder;
  readonly #packet = new Packet();

  constructor(source: FileSource, sensor: Sensor) {
    this.#decoder = new ExportDecoder(
      { flow: (record) => sensor.report(record), frame: (frame) => sensor.sampled(frame) },
      FILE_SOURCES[source],
    );
  }

  /** Nothing came. */
  get isEmpty(): boolean {
    return this.#decoder.counters.datagrams === 0;
  }

  /** @param opened is told of what is read, so that it can be stopped @throws SensorError file_unreadable, not_an_export, capture_* */
  async read(path: string, opened: (source: Source) => void): Promise<void> {
    const bytes = contentOf(path);
    if (bytes === undefined) return this.#capture(path, opened);
    const written = Math.floor(statSync(path).mtimeMs) * 1000;
    if (isExport(bytes, 0, bytes.length))
      return this.#decoder.take(bytes, 0, bytes.length, '', Number.NaN, written);
    const p = this.#packet;
    p.bytes = bytes;
    p.at = 0;
    p.end = p.wire = bytes.length;
    p.link = LINK.ethernet;
    if (!this.#packed(p, Number.NaN, written))
      throw new SensorError('not_an_export', `${path}: the first bytes are of no known export`);
  }

  async #capture(path: string, opened: (source: Source) => void): Promise<void> {
    const source = openCapture(path);
    opened(source);
    const p = this.#packet;
    for await (const batch of source.batches()) {
      p.bytes = batch.bytes;
      for (let i = 0; i < batch.count; i++) {
        p.at = batch.start[i];
        p.end = p.at + batch.captured[i];
        p.wire = batch.wire[i];
        p.link = batch.link[i];
        this.#packed(p, batch.time[i], batch.time[i]);
      }
    }
  }

  /** Reads the datagram in a frame. @returns false when it has none that was exported */
  #packed(p: Packet, received: number, otherwise: number): boolean {
    const fate = decode(p);
    p.oddities = 0;
    if (fate !== FATE.decoded || p.protocol !== UDP || p.fragmented) return false;
    if (!isExport(p.bytes, p.payload, p.payloadEnd)) return false;
    const [a, b, c, d] = p.source;
    const address = p.version === 4 ? ipv4Text(d) : ipv6Text(a, b, c, d);
    this.#decoder.take(p.bytes, p.payload, p.payloadEnd, address, received, otherwise);
    return true;
  }

  /** A line for people: what came, and what of it could not be read. */
  summary(): string {
    const { counters: c, exporters } = this.#decoder;
    const parts = [
      `exports: ${c.datagrams} datagrams of ${exporters.size} exporters, ${c.records} flows, ${c.options} records of options`,
    ];
    const missing = [...exporters.values()]
      .flatMap(({ domains }) => [...domains.values()])
      .reduce((sum, { waiting }) => sum + [...waiting.values()].reduce((n, sets) => n + sets.length, 0), 0);
    if (missing + c.templatesMissing > 0)
      parts.push(`sets without a template ${missing + c.templatesMissing}`);
    if (c.gaps > 0) parts.push(`gaps ${c.gaps} (${c.lost} lost)`);
    if (c.counterSamples > 0) parts.push(`counter samples ${c.counterSamples}`);
    for (const fault of Object.keys(FAULTS) as Fault[])
      if (c.faults[fault] > 0) parts.push(`${fault} ${c.faults[fault]}`);
    return parts.join('; ');
  }
}

/** The bytes of a file that holds one datagram, or the frame of one; undefined when it is a capture, or may be one. @throws SensorError */
function contentOf(path: string): Uint8Array | undefined {
  if (path === '-') return undefined;
  try {
    if (statSync(path).size > MAX_DATAGRAM) return undefined;
    const bytes = readFileSync(path);
    const isPacked = (bytes[0] === 0x1f && bytes[1] === 0x8b) || (bytes[0] === 0x28 && bytes[1] === 0xb5);
    return isPacked || captureFormats.some((format) => bytes.length >= 12 && format.recognises(bytes))
      ? undefined
      : bytes;
  } catch (error) {
    throw new SensorError('file_unreadable', `${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
}
