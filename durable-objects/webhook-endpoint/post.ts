import { beginningOf, type Egress, EgressError, egressErrorOf } from "#src/egress/index.ts";
import { retryAfterOf } from "#src/http/retry-after.ts";
import type { Clock } from "#src/kernel/clock.ts";
import { type AttemptResult, signedHeaders } from "#src/webhook-delivery/index.ts";
import type { Secrets } from "./secrets.ts";

/** For all of a call, until the beginning of its answer is read. */
const timeoutMs = 15_000;
/** Event data has 48 KiB at most; JSON within JSON may double a part of it. */
const maxRequestBytes = 256 * 1024;
/** The beginning of an answer that is kept; no more of it is read. */
const keptAnswerBytes = 1024;

export interface Outgoing {
  id: string;
  body: string;
  url: string;
}

interface Parts {
  egress: Egress;
  secrets: Pick<Secrets, "all">;
  clock: Clock;
}

/** Sends a message once, and says what came of it; it never throws. */
export async function post({ id, body, url }: Outgoing, parts: Parts): Promise<AttemptResult> {
  const { egress, secrets, clock } = parts;
  const at = clock.now();
  const result = (of: Partial<AttemptResult>): AttemptResult => ({
    at,
    durationMs: clock.now() - at,
    url,
    status: null,
    answer: null,
    failure: null,
    ...of,
  });
  let signatures: Record<string, string>;
  try {
    signatures = signedHeaders({ id, body, at }, await secrets.all(at));
  } catch {
    // What does not open is told by the log of deliveries; there is nothing in it that may be shown.
    return result({ failure: "SECRET_UNREADABLE" });
  }
  try {
    const answer = await egress.call(url, {
      method: "POST",
      headers: { ...signatures, "content-type": "application/json", "user-agent": "persona-webhooks/1" },
      body,
      timeoutMs,
      maxRequestBytes,
      maxAnswerBytes: 64 * 1024,
    });
    const { status, headers } = answer;
    // The status is the answer: a body that does not come to its end takes nothing from it.
    const beginning = await beginningOf(answer.body, keptAnswerBytes).catch(() => ({ text: "" }));
    return result({ status, answer: beginning.text, retryAfterMs: retryAfterOf(headers, clock.now()) });
  } catch (cause) {
    const { failure, status } = cause instanceof EgressError ? cause : egressErrorOf(cause);
    return result({ failure, status: status ?? null });
  }
}
