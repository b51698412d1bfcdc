// Asking the aggregator: one function for reading, one for writing, and its refusals as errors people can act on.

/** RFC 9457 problem details as the aggregator writes them. */
interface ProblemDetails {
  readonly title?: string;
  readonly detail?: string;
  readonly code?: string;
  readonly mend?: string;
}

/** A refusal of the API. `status` 0 means that the aggregator could not be reached at all. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly mend: string | undefined;

  constructor(status: number, problem: ProblemDetails) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = problem.code ?? (status === 0 ? 'unreachable' : `http_${status}`);
    this.mend = problem.mend;
  }
}

export type Query = Readonly<Record<string, string | number | null | undefined>>;

/** Path under `/api/v1`, with the members of `query` that have a value. */
export function apiPath(resource: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value));
  const text = params.toString();
  return `/api/v1/${resource}${text ? `?${text}` : ''}`;
}

async function ask<Answer>(path: string, init: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, credentials: 'same-origin', redirect: 'error' });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiProblem(0, {});
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as Answer;
  const problem = (await response.json().catch(() => ({}))) as ProblemDetails;
  throw new ApiProblem(response.status, problem);
}

export const read = <Answer>(resource: string, query?: Query, signal?: AbortSignal): Promise<Answer> =>
  ask<Answer>(apiPath(resource, query), {
    ...(signal && { signal }),
    headers: { accept: 'application/json' },
  });

/** `etag`, where given, makes the aggregator answer 412 when another person was faster. */
export const write = <Answer>(
  method: 'PATCH' | 'POST',
  resource: string,
  body: unknown,
  etag?: string,
): Promise<Answer> =>
  ask<Answer>(apiPath(resource), {
    method,
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      'x-yagura-csrf': '1',
      ...(etag && { 'if-match': etag }),
    },
  });
