import type { Outcome } from "./outcome.ts";
import { refusal } from "./outcome.ts";
import { withTimeout } from "./with-timeout.ts";

/** Longer than an operation may take. */
const usualPatienceMs = 20_000;

/**
 * What another Worker answers; one that is not bound yet (docs/deployment.md), or does not answer, is a refusal.
 * @param failed says what has failed
 */
export async function answeredBy<W, T>(
  worker: W | undefined,
  ask: (worker: W) => Promise<Outcome<T>>,
  failed: (error: unknown) => void,
  patienceMs = usualPatienceMs,
): Promise<Outcome<T>> {
  if (!worker) return unavailable;
  try {
    return await withTimeout(ask(worker), patienceMs);
  } catch (error) {
    failed(error);
    return unavailable;
  }
}

const unavailable = refusal("UPSTREAM_UNAVAILABLE", "This cannot be done at present; try again");
