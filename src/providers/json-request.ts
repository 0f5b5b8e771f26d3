import type { z } from "zod";
import { AnswerTooLargeError, boundedFetch } from "#src/http/bounded-fetch.ts";
import { retryAfterOf } from "#src/http/retry-after.ts";
import { wellFormed } from "#src/text/well-formed.ts";
import { JsonEnd } from "./json-end.ts";
import { isRetryableStatus, ProviderError, requestIdOf, wordsOf } from "./provider-error.ts";
import type { ServiceCall } from "./service-call.ts";
import { traceHeader, type Upstream } from "./upstream.ts";

interface JsonRequest<T> extends ServiceCall {
  /** Whose answer it is, for messages. */
  service: string;
  upstream: Pick<Upstream, "fetch" | "key" | "takesTraces">;
  url: string;
  init: RequestInit & { headers: Record<string, string> };
  schema: z.ZodType<T>;
  timeoutMs: number;
  maxBytes: number;
}

const failure = (message: string, options: ConstructorParameters<typeof ProviderError>[2]) =>
  new ProviderError("EXTERNAL_SERVICE_ERROR", message, options);

/**
 * One HTTP call of a provider: bounded in time and bytes, its answer parsed by schema.
 * What becomes of the connection once all of the answer is here changes nothing about it.
 * @throws ProviderError `EXTERNAL_SERVICE_ERROR`
 */
export async function requestJson<T>(request: JsonRequest<T>): Promise<T> {
  const { service, upstream, url, init, schema, maxBytes, traceparent } = request;
  const { fetch, key } = upstream;
  const headers = { ...init.headers, ...traceHeader(upstream, traceparent) };
  const limited = AbortSignal.any([request.signal, AbortSignal.timeout(request.timeoutMs)]);
  let text: string;
  try {
    const response = await boundedFetch(fetch, maxBytes)(url, { ...init, headers, signal: limited });
    if (!response.ok) throw refusal(response, service, key);
    text = await wholeJson(response);
  } catch (cause) {
    throw connectionFailure(cause, service, key, limited.aborted);
  }
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw failure(`${service} answered something unreadable`, { retryable: true });
}

/** What a text says as JSON, in well-formed Unicode; undefined for what is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return wellFormed(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The answer's text as far as the JSON in it goes. */
async function wholeJson({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  const end = new JsonEnd();
  let text = "";
  for await (const piece of body ?? []) {
    const bytes = end.endIn(piece);
    if (bytes !== undefined) return text + decoder.decode(piece.subarray(0, bytes));
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

/** Its words are left where they are: they may be anything, and of any length. */
function refusal(response: Response, service: string, key: string): ProviderError {
  const { status, headers } = response;
  response.body?.cancel().catch(() => undefined);
  return failure(`${service} answered ${status}`, {
    retryable: isRetryableStatus(status),
    retryAfterMs: retryAfterOf(headers, Date.now()),
    answer: { status, requestId: requestIdOf(headers, key) },
  });
}

function connectionFailure(cause: unknown, service: string, key: string, timedOut: boolean): ProviderError {
  if (cause instanceof ProviderError) return cause;
  if (cause instanceof AnswerTooLargeError) {
    return failure(`${service} answered too much: ${cause.message}`, { retryable: false, unhealthy: true });
  }
  const message = timedOut ? `${service} took too long` : `${service} could not be reached`;
  return failure(message, { retryable: true, timedOut, answer: { words: wordsOf(cause, key) } });
}
