import type { components } from "./api-types.ts";

type ErrorBody = components["schemas"]["Error"];

/** Stable upper-case codes of the platform's refusals. */
export type ErrorCode = ErrorBody["error"];

/** What the platform answered instead of what was asked for. */
export class PersonaError extends Error {
  override readonly name = "PersonaError";
  /** HTTP status of the answer. */
  readonly status: number;
  /** Undefined where something in between answered that is not the platform. */
  readonly code: ErrorCode | undefined;
  /** Facts: fields that are not valid, limits, ids. */
  readonly details: unknown;
  /** For questions about this very call. */
  readonly requestId: string | undefined;
  /** Seconds after which the call may be made again, where the platform says so. */
  readonly retryAfter: number | undefined;

  constructor(response: Pick<Response, "status" | "headers">, body: unknown) {
    const told = isErrorBody(body) ? body : undefined;
    super(told?.message ?? `The platform answered ${response.status}`);
    this.status = response.status;
    this.code = told?.error;
    this.details = told?.details;
    this.requestId = told?.request_id ?? response.headers.get("x-request-id") ?? undefined;
    const after = response.headers.get("retry-after");
    this.retryAfter = after === null || !/^\d+$/.test(after) ? undefined : Number(after);
  }
}

const isErrorBody = (body: unknown): body is ErrorBody =>
  typeof body === "object" && body !== null && "error" in body && "message" in body;

/**
 * The data of an answer.
 * @throws PersonaError where it is a refusal
 */
export function dataOf<T>({ data, error, response }: { data?: T; error?: unknown; response: Response }): T {
  if (data === undefined) throw new PersonaError(response, error);
  return data;
}

/** As `dataOf`, of an answer that was not read yet. */
export async function refusalOf(response: Response): Promise<PersonaError> {
  const text = await response.text();
  try {
    return new PersonaError(response, JSON.parse(text));
  } catch {
    // Something in between has answered in its own words.
    return new PersonaError(response, undefined);
  }
}

/** Whether the same may go well later: nothing has answered, or what has was busy or broken. */
export const isPassing = (error: unknown): boolean =>
  !(error instanceof PersonaError) || error.status === 408 || error.status === 429 || error.status >= 500;
