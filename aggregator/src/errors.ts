// Every error that crosses the aggregator's boundary: code, HTTP status, title and how to mend it (RFC 9457 problem details).

const CATALOGUE = {
  // Asked wrongly
  usage: [400, 'Wrong use of a command', 'Run "yagura-aggregator --help" for the commands and options.'],
  config_invalid: [
    400,
    'Wrong setting',
    '"yagura-aggregator --print-config" shows every setting and its default.',
  ],
  invalid_request: [400, 'The request does not fit its schema', 'See /api/v1/openapi.json for the shape.'],
  cursor_invalid: [400, 'The cursor is not one of ours', 'Begin again without a cursor.'],
  too_many_points: [400, 'More points than one answer may hold', 'Ask for a longer step or a shorter span.'],
  not_found: [404, 'Nothing stands here', 'Check the address; a list shows what exists.'],
  edited_meanwhile: [412, 'Another person changed it first', 'Read it again, then decide again.'],
  body_too_large: [413, 'The body is too large', 'Send less in one request.'],
  wrong_media_type: [415, 'This kind of body is not read here', 'See /api/v1/openapi.json for what is.'],
  host_unknown: [421, 'The host name asked for is not ours', 'Use the address that the start printed.'],
  // People
  session_required: [401, 'Nobody is logged in', 'Open a log-in link: yagura-aggregator login-link.'],
  login_link_invalid: [
    403,
    'The log-in link is unknown, used or too old',
    'Ask for a new one: yagura-aggregator login-link.',
  ],
  csrf_refused: [
    403,
    'A change must come from the console itself',
    'Send the header "x-yagura-csrf: 1" from the same origin.',
  ],
  // Sensors
  certificate_required: [401, 'No valid client certificate', 'Enrol the sensor: yagura-sensor enrol.'],
  sensor_unknown: [403, 'This sensor is not enrolled here', 'Enrol it again with a new token.'],
  sensor_revoked: [403, 'This sensor was revoked', 'If it shall send again, issue a new token.'],
  certificate_superseded: [
    403,
    'A newer certificate was issued to this sensor',
    'Use the newest, or enrol again.',
  ],
  sensor_mismatch: [
    403,
    'The batch names another sensor than the certificate',
    'Send with the identity that was enrolled.',
  ],
  authority_missing: [
    403,
    'The body has no authority on record',
    'Record one: yagura-aggregator authority add.',
  ],
  authority_lapsed: [
    403,
    "The body's authority has lapsed",
    'Record the renewed authority: yagura-aggregator authority add.',
  ],
  authority_not_yet: [
    403,
    "The body's authority is not yet in force",
    'Wait for its first day, or record the one in force.',
  ],
  token_invalid: [403, 'The enrolment token is not known', 'Ask for a new one: yagura-aggregator token.'],
  token_used: [403, 'The enrolment token was used already', 'Ask for a new one: yagura-aggregator token.'],
  token_expired: [403, 'The enrolment token is too old', 'Ask for a new one: yagura-aggregator token.'],
  csr_invalid: [
    400,
    'The certificate request is not acceptable',
    'Send a PKCS #10 request in PEM, signed by its own P-256 or P-384 key.',
  ],
  malformed_batch: [
    400,
    'The batch does not follow the wire contract',
    'Compare the versions of sensor and aggregator.',
  ],
  batch_too_large: [
    413,
    'The batch is larger than the wire contract allows',
    'Send fewer records in one batch.',
  ],
  wrong_encoding: [415, 'This content encoding is not read here', 'Send zstd or none.'],
  sensor_too_eager: [
    429,
    'This sensor has too many batches on the way',
    'Wait as long as Retry-After says, then send again.',
  ],
  queue_full: [503, 'The aggregator is behind', 'Wait as long as Retry-After says, then send again.'],
  stopping: [503, 'The aggregator is stopping', 'Send again when it is back.'],
  // Operators
  already_exists: [
    409,
    'It exists already',
    'Choose another id; "yagura-aggregator list" shows what exists.',
  ],
  state_unusable: [
    500,
    'The state directory cannot be used',
    'Check the path, its permissions and the free space.',
  ],
  bind_refused: [
    500,
    'The listener cannot be opened',
    'Check the address and that no other program holds the port.',
  ],
  tls_required: [
    400,
    'The console is not served in clear beyond this machine',
    'Give --web-cert and --web-key, or bind it to 127.0.0.1.',
  ],
  ledger_broken: [
    500,
    'The ledger does not verify',
    'Keep a copy of the state directory and find out who changed it.',
  ],
  internal: [500, 'Something went wrong inside', "The aggregator's log has the cause under the same time."],
} as const satisfies Record<string, readonly [status: number, title: string, mend: string]>;

export type ErrorCode = keyof typeof CATALOGUE;
export const ERROR_CODES = Object.keys(CATALOGUE) as ErrorCode[];

/** RFC 9457, with our `code` and `mend`. */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: string;
  mend: string;
}

/** An error for people and programs outside. */
export class Problem extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
  readonly mend: string;
  /** Seconds after which to try again; becomes Retry-After. */
  readonly retryAfter: number | undefined;

  /** @param what is wrong, and where; never a value of monitored traffic */
  constructor(code: ErrorCode, what?: string, retryAfter?: number) {
    const [status, title, mend] = CATALOGUE[code];
    super(what ?? title);
    this.name = 'Problem';
    this.code = code;
    this.status = status;
    this.title = title;
    this.mend = mend;
    this.retryAfter = retryAfter;
  }

  details(instance: string): ProblemDetails {
    const { code, status, title, mend, message } = this;
    return { type: `/problems/${code}`, title, status, detail: message, instance, code, mend };
  }

  override toString(): string {
    return `yagura-aggregator: ${this.code}: ${this.message}\n  ${this.mend}`;
  }
}
