// A batch's bytes to its header and records, within the wire contract's bounds.
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import {
  type BatchHeader,
  decodeHeader,
  decodeRecord,
  MAX_BATCH_BYTES,
  MAX_BATCH_RECORDS,
  MAX_RECORD_BYTES,
  recordId,
  type WireRecord,
} from 'yagura-sensor/wire';
import type { Arrival, Refusal } from '../../alerts/alert.ts';
import { Problem } from '../../errors.ts';

const unzstd = promisify(zstdDecompress);

/** Plain bytes of a body. @throws Problem wrong_encoding, batch_too_large, malformed_batch */
export async function unpack(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding !== 'zstd') throw new Problem('wrong_encoding');
  try {
    return await unzstd(body, { maxOutputLength: MAX_BATCH_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new Problem(
        'batch_too_large',
        `More than ${MAX_BATCH_BYTES} bytes come out of the compressed body.`,
      );
    throw new Problem('malformed_batch', 'The body is not zstd.');
  }
}

export interface DecodedBatch {
  readonly header: BatchHeader;
  readonly arrivals: Arrival<WireRecord>[];
  readonly refused: Refusal[];
}

/** One bad record never spoils the others; a bad header or count spoils the batch. @throws Problem malformed_batch */
export function decodeBatch(plain: Buffer): DecodedBatch {
  const lines = plain.toString('utf8').split('\n', MAX_BATCH_RECORDS + 3);
  if (lines.at(-1) === '') lines.pop();
  const decoded = decodeHeader(lines[0] ?? '');
  if (!decoded.ok) throw new Problem('malformed_batch', `Header: ${decoded.reason}.`);
  const header = decoded.value;
  if (lines.length - 1 !== header.count)
    throw new Problem(
      'malformed_batch',
      `The header announces ${header.count} records; the body holds another number.`,
    );
  const arrivals: Arrival<WireRecord>[] = [];
  const refused: Refusal[] = [];
  for (let index = 0; index < header.count; index++) {
    const line = lines[index + 1];
    if (line.length > MAX_RECORD_BYTES) {
      refused.push({ index, code: 'too_large', reason: `more than ${MAX_RECORD_BYTES} bytes` });
      continue;
    }
    const record = decodeRecord(line);
    if (record.ok) {
      arrivals.push({
        index,
        id: recordId(header.sensor, header.epoch, header.first_seq + index),
        record: record.value,
      });
    } else {
      refused.push({ index, code: record.code, reason: record.reason.slice(0, 200) });
    }
  }
  return { header, arrivals, refused };
}
