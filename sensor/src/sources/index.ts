// The list of capture formats, and how a file becomes a source.
import { type CaptureFormat, CaptureSource } from './capture.ts';
import { pcap } from './pcap.ts';
import { pcapng } from './pcapng.ts';
import type { Source } from './source.ts';

export const captureFormats = [pcap, pcapng] as const satisfies readonly CaptureFormat[];

/** Opens a capture file, or standard input for `-`. @throws SensorError file_unreadable */
export const openCapture = (path: string): Source => new CaptureSource(path, captureFormats);
