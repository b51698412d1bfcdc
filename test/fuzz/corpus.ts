// Real messages to damage: what the sensor's parsers were given while it read the recorded captures.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { protocols } from '../../sensor/src/protocols/index.ts';
import type { Direction, Protocol } from '../../sensor/src/protocols/protocol.ts';
import { openCapture } from '../../sensor/src/sources/index.ts';
import { framesOf, readBooks } from '../laws/conversations/conversation.ts';
import { batchOf, newSensor } from '../support/sense.ts';

export const CAPTURES = join(import.meta.dirname, '../captures');

/** Recordings that hold every protocol, and are small. */
const READ = [
  'browse-http1',
  'browse-tls12',
  'browse-tls13',
  'dns-resolver',
  'dns-odd',
  'http-odd',
  'weak-tls',
  'mail',
  'nmap-version',
  'file-sharing',
];
/** Distinct beginnings kept of each protocol, transport and direction. */
const KEPT = 40;
const MAX_BYTES = 4096;

export interface Sample {
  readonly protocol: string;
  readonly transport: 'tcp' | 'udp';
  readonly direction: Direction;
  readonly bytes: Uint8Array;
}

class Gathering {
  readonly samples: Sample[] = [];
  readonly #seen = new Set<string>();
  readonly #counts = new Map<string, number>();

  take(protocol: string, transport: 'tcp' | 'udp', direction: Direction, bytes: Uint8Array): void {
    const kind = `${protocol} ${transport} ${direction}`;
    const count = this.#counts.get(kind) ?? 0;
    // Messages of one size are much alike; another size is another shape.
    const shape = `${kind} ${bytes.length}`;
    if (count === KEPT || bytes.length === 0 || this.#seen.has(shape)) return;
    this.#seen.add(shape);
    this.#counts.set(kind, count + 1);
    this.samples.push({ protocol, transport, direction, bytes: bytes.slice(0, MAX_BYTES) });
  }
}

/** A protocol that does its work and lets the gathering see what it is given. */
const overheard = (protocol: Protocol, gathering: Gathering): Protocol => ({
  ...protocol,
  ...(protocol.datagram && {
    datagram(bytes, at, end, direction, emit) {
      gathering.take(protocol.name, 'udp', direction, bytes.subarray(at, end));
      protocol.datagram!(bytes, at, end, direction, emit);
    },
  }),
  ...(protocol.openDatagrams && {
    openDatagrams() {
      const parser = protocol.openDatagrams!();
      return {
        datagram(bytes, at, end, direction, emit) {
          gathering.take(protocol.name, 'udp', direction, bytes.subarray(at, end));
          return parser.datagram(bytes, at, end, direction, emit);
        },
        end: (emit) => parser.end?.(emit),
      };
    },
  }),
  ...(protocol.open && {
    open(about) {
      const parser = protocol.open!(about);
      return {
        stream(bytes, at, end, direction, emit) {
          gathering.take(protocol.name, 'tcp', direction, bytes.subarray(at, end));
          return parser.stream(bytes, at, end, direction, emit);
        },
        gap: (direction, count) => parser.gap?.(direction, count) ?? false,
        end: (emit) => parser.end?.(emit),
      };
    },
  }),
});

/** Frames of the captures, some of each. */
export const frames: Uint8Array[] = [];

/** Frames of each conversation of the books. */
export const conversations: Uint8Array[][] = [];

let gathering: Promise<Sample[]> | undefined;
/** The same, gathered once. */
export const gathered = (): Promise<Sample[]> => (gathering ??= gather());

/** Reads the recordings and the books of conversations. @returns what every parser was given, and some frames besides */
async function gather(): Promise<Sample[]> {
  const gathering = new Gathering();
  const recorded = new Set(readdirSync(CAPTURES));
  for (const name of READ) {
    const file = `${name}.pcap.zst`;
    if (!recorded.has(file)) continue;
    const { sensor } = newSensor({ protocols: protocols.map((protocol) => overheard(protocol, gathering)) });
    for await (const batch of openCapture(join(CAPTURES, file)).batches()) {
      sensor.frames(batch);
      for (let i = 0; i < batch.count; i += 1 + (batch.count >> 4))
        frames.push(
          batch.bytes.slice(batch.start[i], batch.start[i] + Math.min(batch.captured[i], MAX_BYTES)),
        );
    }
    sensor.finish();
  }
  for (const { spoken } of (await readBooks()).values())
    for (const one of spoken) {
      const { sensor } = newSensor({
        protocols: protocols.map((protocol) => overheard(protocol, gathering)),
      });
      const built = framesOf(one);
      sensor.frames(batchOf(built));
      sensor.finish();
      frames.push(built[built.length >> 1].bytes);
      conversations.push(built.map(({ bytes }) => bytes));
    }
  return gathering.samples;
}
