// A decoder of what exporters send, and what it told.
import { ExportedFlowView } from '../../sensor/src/flow/exported.ts';
import { ExportDecoder } from '../../sensor/src/sources/exports/decoder.ts';
import type { Bounds } from '../../sensor/src/sources/exports/exporter.ts';
import type { FlowExport } from '../../sensor/src/sources/exports/record.ts';
import { SENT } from './packets/exports.ts';

/** µs: two seconds after it was sent. */
export const RECEIVED = (SENT + 2) * 1e6;

interface Told {
  readonly src: string;
  readonly dest: string;
  readonly ports: string;
  readonly packets: number;
  readonly bytes: number;
  readonly back: string;
  readonly sampling: number;
  /** Seconds after the export. */
  readonly start: number;
  readonly end: number;
  readonly exporter: string;
  readonly vlan: readonly number[];
}

/** A decoder with what it told. */
export function listen(bounds?: Bounds) {
  const view = new ExportedFlowView();
  const told: Told[] = [];
  const frames: { wire: number; captured: number; link: number; sampling: number }[] = [];
  const tell = (record: FlowExport): void => {
    view.of(record);
    told.push({
      src: view.src_ip,
      dest: view.dest_ip,
      ports: `${view.src_port}-${view.dest_port}`,
      packets: view.pkts_toserver,
      bytes: view.bytes_toserver,
      back: `${view.pkts_toclient}/${view.bytes_toclient}`,
      sampling: record.sampling,
      start: (view.start - SENT * 1e6) / 1e6,
      end: (view.last - SENT * 1e6) / 1e6,
      exporter: record.exporter,
      vlan: view.vlan,
    });
  };
  const sink = {
    flow: tell,
    frame({
      wire,
      captured,
      link,
      about,
    }: Parameters<ConstructorParameters<typeof ExportDecoder>[0]['frame']>[0]) {
      frames.push({ wire: wire[0], captured: captured[0], link: link[0], sampling: about.sampling });
    },
  };
  const decoder = new ExportDecoder(sink, undefined, bounds);
  const take = (bytes: Uint8Array, from = '198.51.100.1'): void =>
    decoder.take(bytes, 0, bytes.length, from, RECEIVED);
  return { decoder, told, frames, take, counters: decoder.counters };
}
