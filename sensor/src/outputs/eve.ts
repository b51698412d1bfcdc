// EVE output: every event and alert as one line of JSON (Suricata 8), to a file or standard output.
import { closeSync, openSync, writeSync } from 'node:fs';
import { JsonBytes, Prepared } from '../bytes/json.ts';
import { formatTime } from '../bytes/time.ts';
import { SensorError } from '../errors.ts';
import { isOfServer } from '../foreign/line.ts';
import { envelopeBlock } from '../protocols/envelope-block.ts';
import type { Event } from '../protocols/event.ts';
import { blocksOf, eventFields, protocols } from '../protocols/index.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { type Told, toldFields } from '../protocols/told.ts';
import type { Alert, Severity } from '../wire/alert.ts';
import type { WireRecord } from '../wire/batch.ts';
import type { Blind } from '../wire/health.ts';
import { compileWriter, type Writer } from './eve-writer.ts';
import type { Gate } from './gate.ts';
import type { EventFormat, EventOutput } from './output.ts';
import type { Turnstile } from './turnstile.ts';

/** Gathered before it is written out. */
const FLUSH_BYTES = 256 * 1024;
/** One line seldom needs more; a longer one makes the buffer grow. */
const LINE_BYTES = 64 * 1024;
const COMMA = 0x2c;
const TIMESTAMP = new Prepared('{"timestamp":');
const END_OF_LINE = new Prepared('}\n');
const STANDARD_OUTPUT = 1;
/** How long to wait for a full pipe before the next try; the reader is slow, not gone. */
const PIPE_WAIT_MS = 5;

/** Suricata's three priorities. */
const PRIORITY: Readonly<Record<Severity, number>> = {
  critical: 1,
  high: 1,
  medium: 2,
  low: 3,
  informational: 3,
};

/** The ends of a conversation, seen from the other side. */
const REVERSED: Readonly<Record<string, string>> = {
  src_ip: 'dest_ip',
  src_port: 'dest_port',
  dest_ip: 'src_ip',
  dest_port: 'src_port',
};

/** How records of one type are written. */
interface Line {
  readonly ofClient: Writer;
  /** Names the server as source. */
  readonly ofServer: Writer;
  isOfServer?(message: unknown): boolean;
}

const fromServer = new Map(
  (protocols as readonly Protocol[]).flatMap((p) =>
    p.fromServer === undefined ? [] : [[p.name, { isOfServer: p.fromServer }] as const],
  ),
);

class EveOutput implements EventOutput {
  readonly name = 'eve';
  readonly #fd: number;
  readonly #path: string;
  readonly #lines: Readonly<Record<string, Line>>;
  /** Of events that somebody else's sensor told; made when the first of a type comes. */
  readonly #told: Record<string, Line> = {};
  readonly #gate: Gate;
  readonly #out = new JsonBytes(FLUSH_BYTES + LINE_BYTES);
  readonly #turnstile: Turnstile | undefined;
  #broken = false;

  constructor(path: string, gate: Gate, turnstile: Turnstile | undefined) {
    this.#path = path;
    this.#gate = gate;
    this.#turnstile = turnstile;
    this.#lines = Object.fromEntries(
      Object.entries(eventFields).map(([type, fields]) => {
        const released = gate.fields(type, fields);
        const writer = (ofClient: boolean): Writer =>
          compileWriter(
            released,
            gate.blocks(type, [envelopeBlock(type, ofClient), ...blocksOf(type)]),
            ofClient ? {} : REVERSED,
          );
        const line = { ofClient: writer(true), ofServer: writer(false), ...fromServer.get(type) };
        return [type, line];
      }),
    );
    try {
      this.#fd = path === '-' ? STANDARD_OUTPUT : openSync(path, turnstile === undefined ? 'w' : 'a');
    } catch (error) {
      throw this.#unwritable(error);
    }
  }

  event(event: Event): void {
    const line = event.isTold ? this.#toldLine(event.type) : this.#lines[event.type];
    const out = this.#out;
    out.prepared(TIMESTAMP);
    out.time(event.time);
    out.byte(COMMA);
    if (line.isOfServer?.(event.message)) line.ofServer(event, out);
    else line.ofClient(event, out);
    if (out.bytes[out.at - 1] === COMMA) out.at--;
    out.prepared(END_OF_LINE);
    if (out.at > FLUSH_BYTES) this.flush();
  }

  #toldLine(type: string): Line {
    const known = this.#told[type];
    if (known !== undefined) return known;
    const released = this.#gate.fields(type, toldFields[type]);
    return (this.#told[type] = {
      ofClient: compileWriter(released),
      ofServer: compileWriter(released, [], REVERSED),
      isOfServer: (message) => isOfServer(type, message as Told),
    });
  }

  record(record: WireRecord): void {
    if (record.kind === 'alert') this.#line(alertLine(record));
    else if (record.kind === 'blind') this.#line(blindLine(record));
  }

  stats(time: number, stats: object): void {
    this.#line(`{"timestamp":"${formatTime(time)}","event_type":"stats","stats":${JSON.stringify(stats)}}\n`);
  }

  #line(text: string): void {
    for (const byte of Buffer.from(text)) this.#out.byte(byte);
    if (this.#out.at > FLUSH_BYTES) this.flush();
  }

  flush(): void {
    if (this.#turnstile === undefined) this.#writeOut();
    else this.#turnstile.pass(() => this.#writeOut());
  }

  #writeOut(): void {
    const { bytes, at: end } = this.#out;
    this.#out.at = 0;
    let at = 0;
    // Ends: each turn writes something, waits for the reader of a pipe, or gives up for good.
    while (at < end && !this.#broken) {
      try {
        at += writeSync(this.#fd, bytes, at, end - at);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PIPE_WAIT_MS);
        else if (code === 'EPIPE') this.#broken = true;
        else throw this.#unwritable(error);
      }
    }
  }

  #unwritable(error: unknown): SensorError {
    return new SensorError(
      'output_unwritable',
      `${this.#path}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be written'}`,
    );
  }

  async close(): Promise<void> {
    this.flush();
    if (this.#fd !== STANDARD_OUTPUT) closeSync(this.#fd);
  }
}

export const eve = {
  name: 'eve',
  about: 'Suricata 8 EVE, one object of JSON a line.',
  open: (path: string, gate: Gate, turnstile?: Turnstile) => new EveOutput(path, gate, turnstile),
} as const satisfies EventFormat;

/** A 31-bit number that stays the same for a rule, for tools that know rules by number. */
function signatureId(ruleId: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < ruleId.length; i++) h = Math.imul(h ^ ruleId.charCodeAt(i), 0x01000193);
  return h >>> 1;
}

/** Evidence paths back into nested objects. Lists keep their columns: EVE tools read `dns.queries.rrname` as they read one value. */
function nest(evidence: Alert['evidence']): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(evidence)) {
    const parts = path.split('.');
    let at = root;
    for (const part of parts.slice(0, -1)) {
      const next = (at[part] ??= {});
      if (typeof next !== 'object') break;
      at = next as Record<string, unknown>;
    }
    at[parts[parts.length - 1]] = value;
  }
  return root;
}

/** A type of our own: when nothing was seen, and why. */
const blindLine = ({ kind, from, until, reason, count, counts }: Blind): string =>
  `${JSON.stringify({ timestamp: until, event_type: kind, blind: { from, until, reason, count, counts } })}\n`;

/** What EVE knows a rule by: those of a Suricata have it from there. */
function numbersOf({ rule, evidence }: Alert): object {
  const ours = { action: 'allowed', gid: 1, signature_id: signatureId(rule.id), rev: 1, category: rule.kind };
  if (rule.kind !== 'suricata') return ours;
  return {
    action: evidence['yagura.action'] ?? ours.action,
    gid: evidence['yagura.gid'],
    signature_id: evidence['yagura.sid'],
    rev: evidence['yagura.rev'],
    category: evidence['yagura.category'] ?? '',
  };
}

function alertLine(a: Alert): string {
  const { evidence, rule, coverage } = a;
  const { yagura, ...nested } = nest(evidence);
  return `${JSON.stringify({
    timestamp: a.time,
    event_type: 'alert',
    src_ip: a.src_ip,
    src_port: a.src_port,
    dest_ip: a.dest_ip,
    dest_port: a.dest_port,
    proto: a.proto,
    app_proto: a.app_proto,
    community_id: a.community_id,
    direction: evidence['yagura.direction'],
    alert: {
      ...numbersOf(a),
      signature: rule.name,
      severity: evidence['yagura.priority'] ?? PRIORITY[rule.severity],
      metadata: {
        rule_id: [rule.id],
        level: [rule.severity],
        confidence: [String(rule.confidence)],
        tags: rule.tags,
        reason: [a.reason.en],
      },
    },
    ...nested,
    // What EVE has no word for: facts that the detector counted, and on how much of the traffic the alert rests.
    yagura: coverage === undefined ? yagura : { ...(yagura as object | undefined), coverage },
  })}\n`;
}
