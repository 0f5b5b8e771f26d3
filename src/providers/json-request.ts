import type { z } from "zod";
import { isRetryableStatus, ProviderError, retryAfterOf } from "./provider-error.ts";

interface JsonRequest<T> {
  /** Whose answer it is, for messages. */
  service: string;
  fetch: typeof fetch;
  url: string;
  init: RequestInit;
  schema: z.ZodType<T>;
  timeoutMs: number;
  maxBytes: number;
  signal: AbortSignal;
}

const failure = (message: string, retryable: boolean, cause?: unknown, retryAfterMs?: number) =>
  new ProviderError("EXTERNAL_SERVICE_ERROR", message, { retryable, cause, retryAfterMs });

/**
 * One HTTP call of a provider: bounded in time and bytes, its answer parsed by schema.
 * @throws ProviderError `EXTERNAL_SERVICE_ERROR`
 */
export async function requestJson<T>({
  service,
  fetch,
  url,
  init,
  schema,
  timeoutMs,
  maxBytes,
  signal,
}: JsonRequest<T>) {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  let text: string;
  try {
    const response = await fetch(url, { ...init, redirect: "manual", signal: limited });
    if (!response.ok) {
      await response.body?.cancel();
      const { status, headers } = response;
      throw failure(
        `${service} answered ${status}`,
        isRetryableStatus(status),
        undefined,
        retryAfterOf(headers, Date.now()),
      );
    }
    text = await boundedText(response, maxBytes, service);
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    throw failure(
      limited.aborted ? `${service} took too long` : `${service} could not be reached`,
      true,
      error,
    );
  }
  return parsed(text, schema, service);
}

async function boundedText(response: Response, maxBytes: number, service: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw failure(`${service} answered more than ${maxBytes} bytes`, false);
    chunks.push(chunk);
  }
  return new Blob(chunks).text();
}

function parsed<T>(text: string, schema: z.ZodType<T>, service: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw failure(`${service} answered something unreadable`, true, error);
  }
}
