// Every refusal as RFC 9457 problem details, on all listeners alike.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, Problem } from '../errors.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** What the framework refuses before a handler sees it. */
const FRAMEWORK: Record<string, ErrorCode> = {
  FST_ERR_VALIDATION: 'invalid_request',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'wrong_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_request',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_request',
  FST_ERR_CTP_EMPTY_TYPE: 'wrong_media_type',
  FST_ERR_BAD_URL: 'not_found',
};

function asProblem(error: FastifyError | Problem): Problem | undefined {
  if (error instanceof Problem) return error;
  const code = FRAMEWORK[error.code];
  // Ajv's words name the member and the rule, never the value.
  if (code !== undefined) return new Problem(code, code === 'invalid_request' ? error.message : undefined);
  if (error instanceof SyntaxError) return new Problem('invalid_request', 'The body is not JSON.');
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return new Problem('invalid_request', error.message);
  return undefined;
}

export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (problem.retryAfter !== undefined) reply.header('retry-after', String(problem.retryAfter));
  const path = request.url.split('?', 1)[0];
  return reply
    .code(problem.status)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problem.details(path)));
}

/** Where it failed. The message only of errors with a code (system, SQLite): others may quote what they stumbled over. */
function traceOf({ name, code, message, stack }: FastifyError): object {
  const at = stack?.split('\n').filter((line) => line.startsWith('    at '));
  return code === undefined ? { name, at } : { name, code, message, at };
}

export function problems(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = asProblem(error);
    if (problem === undefined) request.log.error(traceOf(error), 'request failed');
    return sendProblem(problem ?? new Problem('internal'), request, reply);
  });
}

/** For listeners without pages. */
export const notFound = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendProblem(new Problem('not_found'), request, reply);
