// One HTTPS request and its bounded answer.
import { type Agent, request } from 'node:https';

export interface Answer {
  readonly status: number;
  /** Value of `Retry-After` in ms from now; undefined when absent or unreadable. */
  readonly retryAfter: number | undefined;
  readonly body: string;
}

const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * POSTs bytes.
 * @param timeout ms for the whole exchange
 * @throws the system's or TLS's error; Error when the answer is too long or cut short
 */
export function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  agent: Agent,
  timeout: number,
  signal?: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const limit = AbortSignal.timeout(timeout);
    const call = request(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': String(body.length) },
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
    call.on('error', reject);
    call.on('response', (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      response.on('data', (part: Buffer) => {
        parts.push(part);
        length += part.length;
        if (length > MAX_ANSWER_BYTES) call.destroy(new Error('the answer is longer than 1 MiB'));
      });
      response.on('error', reject);
      response.on('end', () => {
        if (!response.complete) reject(new Error('the answer was cut short'));
        const retryAfter = parseRetryAfter(response.headers['retry-after']);
        resolve({ status: response.statusCode!, retryAfter, body: Buffer.concat(parts).toString('utf8') });
      });
    });
    call.end(body);
  });
}

/** RFC 9110 §10.2.3: seconds, or a date. @returns ms from now */
export function parseRetryAfter(value: string | undefined, now = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** `code` of an RFC 9457 problem, when the answer is one and it is a plain word. */
export function problemCode(answer: Answer): string | undefined {
  try {
    const { code } = JSON.parse(answer.body) as { code?: unknown };
    return typeof code === 'string' && /^[a-z0-9_]{1,64}$/.test(code) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** The system's word for what happened (`ECONNREFUSED`), or the message. */
export function describe(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ABORT_ERR' ? 'no answer in time' : (code ?? message);
}
